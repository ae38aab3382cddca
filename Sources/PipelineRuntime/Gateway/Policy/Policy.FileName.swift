import PipelineCore

extension Policy {
    /// One name of a path, and how a careless file system would compare it.
    struct FileName: Hashable, Sendable {
        let text: String
        /// Without case, and without characters that nobody sees and some file systems skip.
        let folded: String
        private let isPattern: Bool

        init(_ text: String) {
            self.text = text
            isPattern = text.utf8.contains(UInt8(ascii: "*"))
            folded = FileName.folded(text)
        }

        static func == (left: FileName, right: FileName) -> Bool { Key(left.text) == Key(right.text) }

        func hash(into hasher: inout Hasher) { hasher.combine(Key(text)) }

        static func folded(_ text: String) -> String {
            if text.utf8.allSatisfy({ byte in byte < 0x80 }) { return text.lowercased() }
            var seen = String.UnicodeScalarView()
            seen.append(
                contentsOf: text.unicodeScalars.lazy.filter { scalar in
                    !scalar.properties.isDefaultIgnorableCodePoint
                })
            // Upper case in between, since some letters share it and not the lower one: "ſ" is an "S".
            return String(seen).lowercased().uppercased().lowercased()
        }
    }
}

extension Policy.FileName {
    /// Whether the name fits a pattern in which `*` stands for any characters.
    ///
    /// - Parameter exactly: byte by byte; otherwise case aside, and both spellings of accents are one.
    func fits(_ pattern: Policy.FileName, exactly: Bool) -> Bool {
        guard pattern.isPattern else { return exactly ? self == pattern : folded == pattern.folded }
        if exactly { return text.matches(wildcard: pattern.text) }
        return Policy.FileName.fits(folded, pattern.folded)
    }

    /// The same for texts that are folded. Bytes miss accents that are spelled otherwise, and characters miss
    /// what is only a part of one.
    static func fits(_ folded: String, _ pattern: String) -> Bool {
        if folded.matches(wildcard: pattern) { return true }
        guard !folded.utf8.allSatisfy({ byte in byte < 0x80 }) else { return false }
        return Array(folded).matches(
            Array(pattern), isAny: { character in character == "*" },
            fits: { character, other in character == other })
    }
}
