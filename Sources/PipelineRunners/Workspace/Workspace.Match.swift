extension Workspace {
    /// A line in which a text was found.
    public struct Match: Hashable, Sendable {
        /// The path of the file from the root.
        public let path: String
        /// The number of the line, from 1; of a text over several lines, the first.
        public let line: Int
        /// The line without its end, U+FFFD in place of bytes that are not UTF-8; of a line longer than
        /// ``Workspace/Limit/line``, a part with the match in it.
        public let text: String
        /// Whether the line is longer than the text.
        public let isCut: Bool
    }
}
