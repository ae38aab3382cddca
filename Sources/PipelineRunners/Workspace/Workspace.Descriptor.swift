#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Workspace {
    /// An open file or folder, closed when it goes out of scope.
    ///
    /// The functions take the path only to name it in an error.
    struct Descriptor: ~Copyable {
        let number: Int32

        deinit { _ = close(number) }

        /// Gives the descriptor up to somebody else, who closes it.
        consuming func released() -> Int32 {
            let number = number
            discard self
            return number
        }
    }
}

extension Workspace.Descriptor {
    /// Opens one name below a folder.
    init(_ name: [CChar], below folder: Int32, flags: Int32, mode: mode_t = 0, at path: String)
        throws(WorkspaceError)
    {
        number = try Self.call("openat", at: path) {
            openat(folder, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode)
        }
    }

    /// What the system says about this file or folder.
    func status(at path: String) throws(WorkspaceError) -> Workspace.FileStatus {
        let number = number
        var status = stat()
        try Self.call("fstat", at: path) { fstat(number, &status) }
        return Workspace.FileStatus(status)
    }

    /// Sets the read, write and execute permissions.
    func setPermissions(_ permissions: UInt32, at path: String) throws(WorkspaceError) {
        let number = number
        try Self.call("fchmod", at: path) { fchmod(number, mode_t(truncatingIfNeeded: permissions & 0o777)) }
    }

    /// Waits until the disk has it.
    func sync(at path: String) throws(WorkspaceError) {
        let number = number
        try Self.call("fsync", at: path) { fsync(number) }
    }

    /// Makes a system call, again while signals interrupt it.
    @discardableResult
    static func call<Value: SignedInteger>(_ name: String, at path: String, _ body: () -> Value)
        throws(WorkspaceError) -> Value
    {
        while true {
            let value = body()
            if value >= 0 { return value }
            let code = errno
            if code != EINTR { throw WorkspaceError(path: path, call: name, code: code) }
        }
    }
}
