public import PipelineCore

extension Workspace {
    /// What a patch did.
    public struct Patched: Hashable, Sendable {
        /// In the order of the patch; a renamed file comes twice, as gone and as new.
        public internal(set) var files: [File] = []
        /// The files for which the patch asks for another mode, which is ignored.
        public internal(set) var modesIgnored: [String] = []

        /// What it did to one file.
        public struct File: Hashable, Sendable {
            /// The path from the root.
            public let path: String
            /// The digest of the contents before; nil when the file is new.
            public let before: ContentDigest?
            /// The digest of the contents after; nil when the file is gone.
            public let after: ContentDigest?
            /// By how many lines each hunk was moved from where it says it is.
            public let offsets: [Int]
        }
    }
}
