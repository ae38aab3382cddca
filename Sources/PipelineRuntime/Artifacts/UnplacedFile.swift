import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written under a name of its own and gets its place when it is whole.
///
///     new-<process>-<number> ──written, flushed──▶ renamed
///                            ──crash──▶ abandoned ──next open──▶ removed
///
/// Whoever writes it holds its lock, which ends with the process, however it ends: so that one can tell an abandoned
/// file from one that another process is writing.
enum UnplacedFile {
    private static let prefix = "new-"
    private static let numbers = Atomic(0)

    /// Writes a file and puts it in its place when its content is on the medium. Nothing is left of it after a failure.
    ///
    /// - Parameter folder: on the file system of the place.
    static func place(_ bytes: [UInt8], at place: String, writtenIn folder: String) throws(FileError) {
        let (file, path) = try create(in: folder)
        do throws(FileError) {
            try file.write(bytes)
            try file.flush()
            try FileDescriptor.rename(path, to: place)
        } catch {
            try? FileDescriptor.remove(path)
            throw error
        }
    }

    /// Removes the files that nobody is writing any more.
    static func removeAbandoned(in folder: String) throws(FileError) {
        for name in try FileDescriptor.names(in: folder) where name.hasPrefix(prefix) {
            let path = "\(folder)/\(name)"
            do throws(FileError) {
                let file = try FileDescriptor(opening: path, .appending)
                if try file.tryLock() { try FileDescriptor.remove(path) }
            } catch {
                // It has got its place meanwhile.
                guard error.isMissing else { throw error }
            }
        }
    }

    /// A new file that this process has the lock of.
    private static func create(in folder: String) throws(FileError) -> (FileDescriptor, path: String) {
        while true {
            let number = numbers.add(1, ordering: .relaxed).newValue
            let path = "\(folder)/\(prefix)\(getpid())-\(number)"
            do throws(FileError) {
                let file = try FileDescriptor(opening: path, .createNew)
                // Whoever takes it for abandoned, before it is locked, removes it: then there is no file of this name.
                if try file.tryLock(), access(path, F_OK) == 0 { return (file, path) }
            } catch {
                // Left by another process of this number.
                guard error.isTaken else { throw error }
            }
        }
    }
}
