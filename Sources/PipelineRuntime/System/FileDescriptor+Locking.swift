extension FileDescriptor {
    /// Takes the lock of a file, which ends with the descriptor, however the process ends; nil when another one has it.
    package static func lock(_ path: String) throws(FileError) -> FileDescriptor? {
        let lock = try FileDescriptor(opening: path, .lock)
        // Whoever only asks whether it is held has it for a moment.
        for _ in 1...20 {
            if try lock.tryLock() { return lock }
            pause()
        }
        return nil
    }
}
