import PipelineCore

extension Redaction {
    /// A JSON Pointer in which a part `*` stands for any member or element.
    struct Place: Sendable {
        /// Nil stands for any.
        private let parts: [Key?]

        /// - Parameter pattern: one without a problem.
        init(_ pattern: String) {
            parts = pattern.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
                part == "*" ? nil : Key(Place.unescaped(part))
            }
        }

        private init(parts: [Key?]) { self.parts = parts }

        /// Whether it means the value at hand as a whole.
        var isHere: Bool { parts.isEmpty }

        /// What is left of it one level down; nil when it does not lead there.
        func under(_ key: Key) -> Place? {
            guard let part = parts.first, part == nil || part == key else { return nil }
            return Place(parts: Array(parts.dropFirst()))
        }

        /// Why this is no pattern; nil when it is one.
        static func problem(of pattern: String) -> String? {
            guard pattern.isEmpty || pattern.utf8.first == UInt8(ascii: "/") else {
                return "the place \"\(pattern)\" does not begin with /"
            }
            let parts = pattern.utf8.split(separator: UInt8(ascii: "~"), omittingEmptySubsequences: false)
            let isFit = parts.dropFirst().allSatisfy { part in
                part.first == UInt8(ascii: "0") || part.first == UInt8(ascii: "1")
            }
            return isFit ? nil : "in the place \"\(pattern)\" a ~ must be written ~0, and a / in a name ~1"
        }

        private static func unescaped(_ part: Substring) -> String {
            var bytes: [UInt8] = []
            var isEscape = false
            for byte in part.utf8 {
                if isEscape {
                    bytes.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                    isEscape = false
                } else if byte == UInt8(ascii: "~") {
                    isEscape = true
                } else {
                    bytes.append(byte)
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
