#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Workspace {
    /// What the system says about an entry, links not followed.
    struct FileStatus: Hashable {
        let kind: Entry.Kind
        /// Bytes, 0 for anything but a file.
        let size: Int
        /// Read, write and execute permissions.
        let permissions: UInt32
        /// The number by which the file system knows it, whatever its name.
        let identity: UInt64

        init(_ status: stat) {
            switch status.st_mode & S_IFMT {
            case S_IFREG: kind = .file
            case S_IFDIR: kind = .folder
            case S_IFLNK: kind = .link
            default: kind = .other
            }
            size = kind == .file ? Int(status.st_size) : 0
            permissions = UInt32(status.st_mode) & 0o777
            identity = UInt64(status.st_ino)
        }
    }
}
