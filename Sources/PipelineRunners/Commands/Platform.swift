import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The calls into the C library that running a child takes; no other file here knows which library it is.
enum Platform {
    enum ReadResult: Hashable {
        case bytes(Int)
        case nothingYet
        case end
    }

    /// Reads once, at most `limit` bytes, into the front of the buffer.
    static func readOnce(_ descriptor: Int32, into buffer: inout [UInt8], limit: Int) -> ReadResult {
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, min(limit, $0.count)) }
        if count > 0 { return .bytes(count) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .end
    }

    static func writeByte(_ descriptor: Int32) {
        var byte: UInt8 = 0
        _ = write(descriptor, &byte, 1)
    }

    static func closeDescriptor(_ descriptor: Int32) {
        _ = close(descriptor)
    }

    /// Waits until one of the descriptors is ready or the time is over, and says which are ready; a negative
    /// number is never ready, no timeout waits for ever. Nil when the system cannot wait.
    static func waitUntilReady(_ descriptors: [Int32], milliseconds timeout: Int32?) -> [Bool]? {
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&entries, nfds_t(entries.count), timeout ?? -1) >= 0 else {
            return errno == EINTR ? descriptors.map { _ in false } : nil
        }
        return entries.map { $0.revents != 0 }
    }

    /// Opens a directory that can be entered.
    static func openDirectory(_ path: String) throws(SpawnError) -> Descriptor {
        let number = pipeline_openat(-1, path, O_RDONLY | O_DIRECTORY, 0)
        guard number >= 0 else { throw .directory(path: path, errno: errno) }
        let descriptor = Descriptor(number: number)
        guard canEnter(number) else { throw .directory(path: path, errno: errno) }
        return descriptor
    }

    static func canEnter(_ directory: Int32) -> Bool { faccessat(directory, ".", X_OK, 0) == 0 }

    /// Whether a file can be executed, its path relative to the open directory: 0, or the error.
    static func executability(of path: String, in directory: borrowing Descriptor) -> Int32 {
        let base = directory.isNone ? AT_FDCWD : directory.number
        var status = stat()
        guard fstatat(base, path, &status, 0) == 0, faccessat(base, path, X_OK, 0) == 0 else { return errno }
        return status.st_mode & S_IFMT == S_IFREG ? 0 : EISDIR
    }

    static var lastError: Int32 { errno }

    static func isMissing(_ error: Int32) -> Bool { error == ENOENT || error == ENOTDIR }
    static func isNotExecutable(_ error: Int32) -> Bool { error == EACCES }
    static func isNotAFile(_ error: Int32) -> Bool { error == EISDIR }
    static func isTooLong(_ error: Int32) -> Bool { error == E2BIG }
    static func isUnknownFormat(_ error: Int32) -> Bool {
        #if canImport(Darwin)
            error == ENOEXEC || error == EBADARCH
        #else
            error == ENOEXEC
        #endif
    }

    /// Repeats a spawn while the program's file is open for writing somewhere, for at most about a second.
    ///
    /// A host that writes a program and then runs it meets this although it has closed the file: a child
    /// that was started meanwhile holds a copy of the descriptor for the moment until it becomes its program.
    static func retryingWhileBusy(_ spawn: () -> Int32) -> Int32 {
        var error = spawn()
        for attempt in 0..<10 where error == ETXTBSY {
            _ = waitUntilReady([], milliseconds: 1 << attempt)
            error = spawn()
        }
        return error
    }

    static let terminate = SIGTERM
    static let kill = SIGKILL

    static func send(_ signal: Int32, toGroup group: Int32) {
        // A group that is gone already, or whose user has changed, is not an error we can act on.
        _ = killpg(group, signal)
    }

    static func text(forError code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress else { return "error \(code)" }
            pipeline_error_text(code, start, buffer.count)
            return String(cString: start)
        }
    }
}
