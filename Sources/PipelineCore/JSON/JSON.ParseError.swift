extension JSON {
    /// The first thing that keeps a document from being JSON, and where.
    public struct ParseError: Error, Sendable, Hashable {
        public let reason: Reason
        /// How many bytes come before the place.
        public let offset: Int
        /// Lines count from 1 and end with a line feed.
        public let line: Int
        /// Columns count from 1, one for each Unicode scalar.
        public let column: Int

        init(_ reason: Reason, at offset: Int, in bytes: [UInt8]) {
            let before = bytes.prefix(offset)
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            self.reason = reason
            self.offset = offset
            line = before.count { $0 == UInt8(ascii: "\n") } + 1
            column = before.dropFirst(lineStart).count { $0 & 0xC0 != 0x80 } + 1
        }
    }
}

extension JSON.ParseError: CustomStringConvertible {
    public var description: String {
        "JSON line \(line), column \(column) (byte \(offset)): \(reason)."
    }
}
