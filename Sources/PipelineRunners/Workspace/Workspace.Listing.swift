extension Workspace {
    /// The entries of one folder.
    public struct Listing: Hashable, Sendable {
        /// The path of the folder from the root, `.` for the root itself.
        public let path: String
        /// The entries in the order of the bytes of their names.
        public let entries: [Entry]
        /// Entries the folder has beyond these.
        public let omitted: Int

        /// Whether the folder has more entries than these.
        public var isCut: Bool { omitted > 0 }
    }
}
