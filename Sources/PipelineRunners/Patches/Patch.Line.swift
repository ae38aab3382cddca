extension Patch {
    /// A line of a hunk.
    public struct Line: Hashable, Sendable {
        public let kind: Kind
        /// The bytes, the line feed at the end included; without one where the file ends without one.
        public internal(set) var text: [UInt8]
        /// The line of the patch, from 1.
        public let number: Int

        public enum Kind: Hashable, Sendable {
            case kept
            case removed
            case added
        }

        var endsLine: Bool { text.last == UInt8(ascii: "\n") }
    }
}
