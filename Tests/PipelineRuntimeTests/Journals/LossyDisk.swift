import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A disk in memory that knows what was flushed, and can be had as it is after a loss of power.
final class LossyDisk: Disk {
    /// What goes with the power.
    enum Loss: CaseIterable {
        case nothing
        /// Everything that was not flushed, names too.
        case everything
        /// Names are there, and the first half of what was written behind the last flush.
        case halves
        /// Names are there, and zeros in place of what was written behind the last flush.
        case contents
    }

    private let names_: Locked<(now: [String: File], flushed: [String: File])>

    init(_ files: [String: File] = [:]) { names_ = Locked((files, files)) }

    /// A copy of what is left.
    func after(_ loss: Loss) -> LossyDisk {
        let kept = names_.withLock { names in loss == .everything ? names.flushed : names.now }
        return LossyDisk(kept.mapValues { file in file.after(loss) })
    }

    func names() throws(FileError) -> [String] { names_.withLock { names in Array(names.now.keys) } }

    func open(_ name: String, _ mode: FileDescriptor.Mode) throws(FileError) -> any DiskFile {
        try names_.withLock { names throws(FileError) in
            if mode == .createNew {
                guard names.now[name] == nil else { throw FileError("open", name, EEXIST) }
                names.now[name] = File()
            }
            guard let file = names.now[name] else { throw FileError("open", name, ENOENT) }
            return file
        }
    }

    func rename(_ name: String, to other: String) throws(FileError) {
        try names_.withLock { names throws(FileError) in
            guard let file = names.now.removeValue(forKey: name) else {
                throw FileError("rename", name, ENOENT)
            }
            names.now[other] = file
        }
    }

    func remove(_ name: String) throws(FileError) { names_.withLock { names in names.now[name] = nil } }

    func flush() throws(FileError) { names_.withLock { names in names.flushed = names.now } }

    /// A file in memory.
    final class File: DiskFile {
        private let bytes: Locked<(now: [UInt8], flushed: [UInt8])>

        init(_ content: [UInt8] = []) { bytes = Locked((content, content)) }

        func after(_ loss: Loss) -> File {
            let (now, flushed) = bytes.withLock { bytes in (bytes.now, bytes.flushed) }
            let behind = now.dropFirst(flushed.count)
            return switch loss {
            case .nothing: File(now)
            case .everything: File(flushed)
            case .halves: File(flushed + behind.prefix(behind.count / 2))
            case .contents: File(flushed + [UInt8](repeating: 0, count: behind.count))
            }
        }

        func size() throws(FileError) -> Int { bytes.withLock { bytes in bytes.now.count } }

        func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
            bytes.withLock { bytes in Array(bytes.now.dropFirst(offset).prefix(count)) }
        }

        func write(_ new: [UInt8]) throws(FileError) { bytes.withLock { bytes in bytes.now += new } }

        func truncate(to length: Int) throws(FileError) {
            bytes.withLock { bytes in bytes.now = Array(bytes.now.prefix(length)) }
        }

        func flush() throws(FileError) { bytes.withLock { bytes in bytes.flushed = bytes.now } }
    }
}

/// Disks by their names, made when they are first asked for.
final class LossyDisks: Sendable {
    private let disks = Locked<[String: LossyDisk]>([:])

    subscript(_ name: String) -> LossyDisk {
        disks.withLock { disks in
            let disk = disks[name] ?? LossyDisk()
            disks[name] = disk
            return disk
        }
    }

    /// Copies what is left after a loss, and gives the name of the copy.
    func copy(_ name: String, _ loss: LossyDisk.Loss) -> String {
        let copy = self[name].after(loss)
        return disks.withLock { disks in
            let other = "\(name)-\(disks.count)"
            disks[other] = copy
            return other
        }
    }
}

/// A disk that changes while somebody reads it.
final class ChangingDisk: Disk {
    private let disks: Locked<(now: LossyDisk, then: LossyDisk, opens: Int)>
    private let name: String

    /// - Parameter number: the opening of the file of this name that finds the other disk.
    init(_ now: LossyDisk, until number: Int, opening name: String, then: LossyDisk) {
        disks = Locked((now, then, number))
        self.name = name
    }

    private var now: LossyDisk { disks.withLock { disks in disks.now } }

    func open(_ name: String, _ mode: FileDescriptor.Mode) throws(FileError) -> any DiskFile {
        disks.withLock { disks in
            guard name == self.name else { return }
            disks.opens -= 1
            if disks.opens == 0 { disks.now = disks.then }
        }
        return try now.open(name, mode)
    }

    func names() throws(FileError) -> [String] { try now.names() }
    func rename(_ name: String, to other: String) throws(FileError) { try now.rename(name, to: other) }
    func remove(_ name: String) throws(FileError) { try now.remove(name) }
    func flush() throws(FileError) { try now.flush() }
}
