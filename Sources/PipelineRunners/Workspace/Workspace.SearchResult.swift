extension Workspace {
    /// What a search found, and what it did not look into.
    public struct SearchResult: Hashable, Sendable {
        /// The lines found, in the order of their paths and in each file from the top.
        public internal(set) var matches: [Match] = []
        /// The first entries that were not looked into, in the order of their paths.
        public internal(set) var skipped: [Skip] = []
        /// How many were not looked into.
        public internal(set) var skippedCount = 0
        /// How many files were looked into.
        public internal(set) var searchedCount = 0
        /// Why the search ended early; nil when it looked everywhere.
        public internal(set) var cut: Cut?

        /// Why a search ended early.
        public enum Cut: String, Hashable, Sendable {
            /// There are more matches than asked for.
            case matches
            /// There are more entries than ``Workspace/Limit/entries``.
            case entries
            /// There are more bytes than ``Workspace/Limit/searched``.
            case bytes
            /// The task was cancelled.
            case canceled
        }
    }
}
