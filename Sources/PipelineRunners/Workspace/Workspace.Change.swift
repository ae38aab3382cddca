public import PipelineCore

extension Workspace {
    /// What a write or an edit did to a file, without its contents.
    public struct Change: Hashable, Sendable {
        /// The path from the root.
        public let path: String
        /// SHA-256 of the contents before, which describes itself in lowercase hex; nil when the file is new.
        public let before: ContentDigest?
        /// SHA-256 of the contents after.
        public let after: ContentDigest
        /// Bytes of the contents after.
        public let size: Int

        /// Notes down a change that someone else made, or one read back from a record.
        public init(path: String, before: ContentDigest?, after: ContentDigest, size: Int) {
            self.path = path
            self.before = before
            self.after = after
            self.size = size
        }
    }
}
