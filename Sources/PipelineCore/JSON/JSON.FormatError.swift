extension JSON {
    /// JSON that is well formed but does not have the expected form.
    public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
        /// Where, as a JSON Pointer (RFC 6901); empty for the whole value.
        public private(set) var pointer: String
        public let reason: String

        public init(_ reason: String, at pointer: String = "") {
            self.pointer = pointer
            self.reason = reason
        }

        init(expected: String, found json: JSON) {
            self.init("expected \(expected), found \(json.excerpt)")
        }

        /// The same error seen from one level further out.
        func under(_ member: String) -> FormatError {
            return FormatError(reason, at: "/\(member.asReferenceToken)\(pointer)")
        }

        public var description: String { pointer.isEmpty ? reason : "\(pointer): \(reason)" }
    }

    /// What kind of value this is, and its text where that is short.
    fileprivate var excerpt: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): value.text
        case .string(let text): text.utf8.count <= 40 ? "\"\(text)\"" : "a string of \(text.utf8.count) bytes"
        case .array(let items): "an array of \(items.count)"
        case .object: "an object"
        }
    }
}
