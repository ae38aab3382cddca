import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file or folder, closed when nobody holds it any more. Errors name the path and the call.
package final class FileDescriptor: Sendable {
    package enum Mode {
        case reading, appending, folder
        /// A new file, for appending; an existing one is an error.
        case createNew
        /// A file to lock, made when it is missing.
        case lock
    }

    let number: CInt
    private let isLock: Bool
    private let path: String

    package init(opening path: String, _ mode: Mode) throws(FileError) {
        let flags: CInt =
            switch mode {
            case .reading: O_RDONLY
            case .appending: O_WRONLY | O_APPEND
            case .folder: O_RDONLY | O_DIRECTORY
            case .createNew: O_WRONLY | O_APPEND | O_CREAT | O_EXCL
            case .lock: O_RDWR | O_CREAT
            }
        self.path = path
        isLock = mode == .lock
        number = FileDescriptor.retrying { pipeline_openat(-1, path, flags | O_CLOEXEC, 0o600) }
        guard number >= 0 else {
            throw FileError("open", path, errno)
        }
    }

    deinit {
        // A child between its fork and its exec has a copy: the lock must not last as long as that.
        if isLock { flock(number, LOCK_UN) }
        _ = close(number)
    }

    package func readAll() throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { buffer in
                FileDescriptor.retrying { Self.readOnce(number, buffer) }
            }
            guard count >= 0 else { throw FileError("read", path, errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Bytes from a place on; fewer where the file ends.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let place = off_t(offset + filled)
                let got = FileDescriptor.retrying { pread(number, rest.baseAddress, rest.count, place) }
                if got < 0 { failure = FileError("read", path, errno) }
                guard got > 0 else { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// How many bytes the file has.
    package func size() throws(FileError) -> Int {
        let end = lseek(number, 0, SEEK_END)
        guard end >= 0 else { throw FileError("seek", path, errno) }
        return Int(end)
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                FileDescriptor.retrying { Self.writeOnce(number, buffer) }
            }
            guard count >= 0 else { throw FileError("write", path, errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Returns once everything written would survive a loss of power.
    package func flush() throws(FileError) {
        let code = pipeline_sync(number)
        guard code == 0 else { throw FileError("flush", path, code) }
    }

    package func truncate(to length: Int) throws(FileError) {
        guard FileDescriptor.retrying({ ftruncate(number, off_t(length)) }) == 0 else {
            throw FileError("truncate", path, errno)
        }
    }

    /// Takes the lock that ends with this descriptor; false when another process has it.
    ///
    /// - Parameter shared: only asks whether anybody has it for good: several may at once.
    package func tryLock(shared: Bool = false) throws(FileError) -> Bool {
        let kind = shared ? LOCK_SH : LOCK_EX
        if FileDescriptor.retrying({ flock(number, kind | LOCK_NB) }) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw FileError("lock", path, errno) }
        return false
    }

    /// Gives the lock up before the descriptor ends.
    package func unlock() { flock(number, LOCK_UN) }

    /// Lets others go on for a millisecond.
    package static func pause() { poll(nil, 0, 1) }

    private static func writeOnce(_ number: CInt, _ buffer: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(number, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.write(number, buffer.baseAddress, buffer.count)
        #else
            Darwin.write(number, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func readOnce(_ number: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(number, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.read(number, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(number, buffer.baseAddress, buffer.count)
        #endif
    }

    /// Makes the call again for as long as a signal interrupts it.
    private static func retrying<Value: SignedInteger>(_ call: () -> Value) -> Value {
        while true {
            let value = call()
            if value != -1 || errno != EINTR { return value }
        }
    }
}

/// Makes a folder and those above it that are missing.
package func makeFolders(_ path: String) throws(FileError) {
    var made = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
    for part in path.split(separator: "/") {
        made += made.isEmpty || made == "/" ? "\(part)" : "/\(part)"
        guard mkdir(made, 0o755) == 0 || errno == EEXIST else { throw FileError("mkdir", made, errno) }
    }
}
