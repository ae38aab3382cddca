extension Workspace {
    /// The bounds that keep every call finite, whatever the folder holds.
    public enum Limit {
        /// Bytes ``Workspace/read(_:limit:)`` returns when not told otherwise: 1 MiB.
        public static let read = 1 << 20
        /// Bytes of the largest file that is written or edited: 64 MiB.
        public static let file = 64 << 20
        /// Entries ``Workspace/list(_:limit:)`` returns when not told otherwise.
        public static let listed = 1_000
        /// Entries looked at in one folder, and in one whole walk of a tree.
        public static let entries = 100_000
        /// Names in one path, and folders below each other in one walk.
        public static let depth = 64
        /// Bytes of one path.
        public static let path = 4_096
        /// Bytes of one name in a path.
        public static let name = 255
        /// Bytes of the largest file a search looks into: 4 MiB.
        public static let searchedFile = 4 << 20
        /// Bytes one search reads in all: 1 GiB.
        public static let searched = 1 << 30
        /// Bytes of a line that a match shows.
        public static let line = 400
        /// Skipped paths that a search lists by name; it counts the rest.
        public static let skips = 100
    }
}
