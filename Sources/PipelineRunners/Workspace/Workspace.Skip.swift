extension Workspace {
    /// An entry that a search did not look into.
    public struct Skip: Hashable, Sendable {
        /// The path from the root.
        public let path: String
        /// Why not.
        public let reason: Reason

        /// Why a search did not look into an entry.
        public enum Reason: String, Hashable, Sendable {
            /// It has a zero byte among its first 8 KiB.
            case binary
            /// It is a symbolic link.
            case link
            /// It is a fifo, a socket or a device.
            case notAFile
            /// It is a file larger than ``Workspace/Limit/searchedFile``.
            case tooLarge
            /// It is a folder below ``Workspace/Limit/depth`` others.
            case tooDeep
            /// It is where secrets usually are (``Policy/sensitivePaths``); it is searched when it is named.
            case sensitive
            /// The system does not permit reading it.
            case denied
            /// Its name is not UTF-8, so no path leads to it.
            case unreachable
        }
    }
}
