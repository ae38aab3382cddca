import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The socket's place in a folder, which stays the same when the working directory changes.
struct ControlPlace: Sendable {
    private let folder: FileDescriptor
    /// As it is shown.
    let path: String

    static let name = "control"

    init(in folder: String) throws(FileError) {
        path = "\(folder)/\(ControlPlace.name)"
        self.folder = try FileDescriptor(opening: folder, .folder)
    }

    /// Makes the socket there; one that nobody listens at any more is replaced.
    ///
    /// Nobody listens yet, so nobody can connect before `listen`. Whoever holds the folder's lock may do this.
    func bind() throws(ControlError) -> ControlSocket {
        switch status {
        case nil: break
        case .some(let file) where file.st_mode & S_IFMT != S_IFSOCK: throw ControlError(path, .occupied)
        case .some:
            guard case .failure(let error) = connected() else { throw ControlError(path, .inUse) }
            guard error == ECONNREFUSED else { throw refusal("connect", error) }
            unlinkat(folder.number, ControlPlace.name, 0)
        }
        let number = address(pipeline_bind_local)
        guard number >= 0 else { throw refusal("bind", errno) }
        return ControlSocket(number)
    }

    func connect() throws(ControlError) -> ControlSocket {
        switch connected() {
        case .success(let socket): return socket
        case .failure(ENOENT), .failure(ECONNREFUSED): throw ControlError(path, .notListening)
        case .failure(EAGAIN): throw ControlError(path, .silent)
        case .failure(let error): throw refusal("connect", error)
        }
    }

    /// What stands for the file that is there now; nil for none.
    var identity: Identity? {
        status.map { file in
            Identity(device: UInt64(truncatingIfNeeded: file.st_dev), number: UInt64(file.st_ino))
        }
    }

    struct Identity: Hashable, Sendable {
        let device: UInt64
        let number: UInt64
    }

    /// Removes the socket, if it still is this one.
    func remove(_ socket: Identity?) {
        guard socket != nil, identity == socket else { return }
        unlinkat(folder.number, ControlPlace.name, 0)
    }

    func refusal(_ call: String, _ error: CInt) -> ControlError {
        error == ENAMETOOLONG
            ? ControlError(path, .pathTooLong)
            : ControlError(path, .system(call, FileError(call, path, error).reason))
    }

    private var status: stat? {
        var file = stat()
        return fstatat(folder.number, ControlPlace.name, &file, AT_SYMLINK_NOFOLLOW) == 0 ? file : nil
    }

    private enum Connected {
        case success(ControlSocket)
        case failure(CInt)
    }

    private func connected() -> Connected {
        let number = address(pipeline_connect_local)
        return number >= 0 ? .success(ControlSocket(number)) : .failure(errno)
    }

    /// Makes the call with an address for the path: through the open folder where the path is too long and the system
    /// has a name for that.
    private func address(_ call: (UnsafePointer<CChar>) -> CInt) -> CInt {
        let number = call(path)
        #if os(Linux)
            guard number < 0, errno == ENAMETOOLONG else { return number }
            return call("/proc/self/fd/\(folder.number)/\(ControlPlace.name)")
        #else
            return number
        #endif
    }
}
