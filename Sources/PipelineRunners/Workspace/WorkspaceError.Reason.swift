#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension WorkspaceError {
    /// What stood in the way.
    public enum Reason: Hashable, Sendable {
        /// The path has no characters.
        case emptyPath
        /// The path is absolute or has a `..` in it.
        case outside
        /// The path has a zero byte in it.
        case zeroByte
        /// The path, or a name in it, has more bytes than the limit.
        case nameTooLong(limit: Int)
        /// The path, or the tree, has more folders below each other than the limit.
        case tooDeep(limit: Int)
        /// A symbolic link stands in the path.
        case link
        /// There is nothing of that name.
        case missing
        /// It is a folder, a fifo, a socket or a device where a regular file is needed.
        case notAFile
        /// It is something else where a folder is needed.
        case notAFolder
        /// There is already something of that name, or something in that folder.
        case alreadyExists
        /// The destination of a copy lies within its source.
        case insideSource
        /// The file has more bytes than the limit.
        case tooLarge(size: Int, limit: Int)
        /// The folder, or the tree, has more entries than the limit.
        case tooManyEntries(limit: Int)
        /// The text to look for has no characters.
        case emptyText
        /// The text to replace does not occur.
        case notFoundText
        /// The text to replace occurs this many times, overlapping ones included.
        case notUnique(count: Int)
        /// The path has a control character in it.
        case controlCharacter
        /// Another process has changed the file since it was read.
        case changedMeanwhile
        /// The system does not permit it, or the file has no write permission at all.
        case denied
        /// A system call failed in a way that says nothing about the path.
        case system(call: String, errno: Int32)
    }

    /// Reads the error number that a system call left behind.
    init(path: String, call: String, code: Int32) {
        let reason: Reason =
            switch code {
            case ENOENT: .missing
            case ELOOP: .link
            case ENOTDIR: .notAFolder
            case EISDIR, ENXIO, ENODEV: .notAFile
            case EEXIST, ENOTEMPTY: .alreadyExists
            case EACCES, EPERM, EROFS: .denied
            case ENAMETOOLONG: .nameTooLong(limit: Workspace.Limit.name)
            default: .system(call: call, errno: code)
            }
        self.init(path: path, reason: reason)
    }
}
