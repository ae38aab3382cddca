extension Patch {
    /// What a patch does to one file.
    public struct File: Hashable, Sendable {
        /// The path from the root of the workspace; of a rename the one it had.
        public let path: String
        public let action: Action
        /// In the order of the file, without overlap.
        public let hunks: [Hunk]
        /// Whether the patch asks for another mode too, which it does not get.
        public let asksForMode: Bool

        public enum Action: Hashable, Sendable {
            case edit
            case create
            case delete
            case rename(to: String)
        }

        /// The path, and where it is renamed the new one.
        public var paths: [String] {
            if case .rename(let path) = action { [self.path, path] } else { [path] }
        }
    }
}
