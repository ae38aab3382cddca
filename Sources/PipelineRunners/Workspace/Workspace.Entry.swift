extension Workspace {
    /// One entry of a folder.
    public struct Entry: Hashable, Sendable {
        /// The name, with U+FFFD in place of bytes that are not UTF-8.
        public let name: String
        /// What it is; a link is a link, whatever it leads to.
        public let kind: Kind
        /// Bytes of a file, 0 for anything else.
        public let size: Int
        /// Whether the name is exact. One that is not UTF-8 is shown so that nothing is hidden, but no path
        /// leads to it.
        public let isReachable: Bool

        /// What an entry is.
        public enum Kind: String, Hashable, Sendable {
            case file
            case folder
            case link
            /// A fifo, a socket or a device.
            case other
        }
    }
}
