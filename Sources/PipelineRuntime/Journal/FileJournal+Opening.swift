import PipelineCore

extension FileJournal {
    /// Makes a journal in a folder that has none, and holds it. Missing folders are made.
    ///
    /// - Parameter origin: what it is a fork of.
    public static func create(at folder: String, origin: JournalOrigin? = nil) throws(JournalError)
        -> FileJournal
    {
        try create(at: folder, origin: origin, segmentSize: standardSegmentSize)
    }

    package static func create(
        at folder: String, origin: JournalOrigin? = nil, segmentSize: Int
    ) throws(JournalError) -> FileJournal {
        do throws(FileError) { try makeFolders(folder) } catch { throw JournalError(error) }
        let lock = try holdLock(of: folder)
        guard let lock else { throw JournalError(folder, .held) }
        return try FileJournal(
            creatingAt: folder, on: SystemDisk(folder), lock: lock, segmentSize: segmentSize, origin: origin)
    }

    /// Opens a journal to go on with it, and holds it. What was cut off at its end is removed.
    ///
    /// - Parameter takingOver: also when another engine holds it, which may write no more from then on: for one that hangs,
    ///   or is on a machine that nobody can reach.
    public static func open(at folder: String, takingOver: Bool = false) throws(JournalError) -> FileJournal {
        try open(at: folder, takingOver: takingOver, segmentSize: standardSegmentSize)
    }

    package static func open(
        at folder: String, takingOver: Bool = false, segmentSize: Int
    ) throws(JournalError) -> FileJournal {
        do throws(FileError) {
            _ = try FileDescriptor(opening: journalPath(folder), .reading)
        } catch {
            guard error.isMissing else { throw JournalError(error) }
        }
        // Before the lock, so that a folder that is no journal stays as it is. Old files are not read: what is damaged there is
        // an error for whoever reads it, and opening takes no longer the more of them there are.
        _ = try retrying(missing: folder) { () throws(JournalError) in
            try listOnce(folder, on: SystemDisk(folder))
        }
        let lock = try holdLock(of: folder)
        guard lock != nil || takingOver else { throw JournalError(folder, .held) }
        return try FileJournal(
            openingAt: folder, on: SystemDisk(folder), lock: lock, takingOver: lock == nil,
            segmentSize: segmentSize)
    }

    /// Whether a process holds the journal at this moment.
    public static func isHeld(at folder: String) -> Bool {
        guard let lock = try? FileDescriptor(opening: "\(folder)/lock", .reading) else { return false }
        return (try? lock.tryLock(shared: true)) == false
    }

    private static func holdLock(of folder: String) throws(JournalError) -> FileDescriptor? {
        do throws(FileError) { return try FileDescriptor.lock("\(folder)/lock") } catch {
            throw JournalError(error)
        }
    }
}

extension FileJournal {
    static let owners = "owner"

    /// - Parameter disk: the folder; `folder` is its name in errors.
    package convenience init(
        creatingAt folder: String, on disk: any Disk, lock: FileDescriptor?,
        segmentSize: Int = standardSegmentSize, origin: JournalOrigin? = nil
    ) throws(JournalError) {
        do throws(FileError) {
            let isTaken = try disk.names().contains { name in
                name == JournalHeader.active || JournalHeader.segment(named: name) != nil
            }
            guard !isTaken else { throw FileError(existing: "\(folder)/\(JournalHeader.active)") }
            let (owners, owner) = try FileJournal.own(disk)
            let header = JournalHeader(segment: 1, owner: owner, origin: origin)
            try disk.make(JournalHeader.temporary, header.line)
            let file = try disk.activate()
            let size = header.line.count
            self.init(
                folder, on: disk, lock: lock, repairedBytes: 0, segmentSize: segmentSize,
                State(
                    file: file, header: header, size: size, flushed: size, vouched: size,
                    index: JournalIndex(),
                    whole: JournalIndex(), owners: owners, owner: owner))
        } catch {
            throw JournalError(error)
        }
    }

    /// - Parameter takingOver: somebody else may still be writing to the last file, which then stays as it is.
    package convenience init(
        openingAt folder: String, on disk: any Disk, lock: FileDescriptor?, takingOver: Bool,
        segmentSize: Int = standardSegmentSize
    ) throws(JournalError) {
        _ = try FileJournal.retrying(missing: folder) { () throws(JournalError) in
            try FileJournal.listOnce(folder, on: disk)
        }
        let owning: (any DiskFile, Int)
        let found: Found
        // Whoever held it before is refused from here on, so that what is read below is all that counts.
        do throws(FileError) { owning = try FileJournal.own(disk) } catch { throw JournalError(error) }
        found = try FileJournal.find(folder, on: disk)
        do throws(FileError) {
            for name in found.obsolete { try disk.remove(name) }
            let file = try disk.open(found.name, .appending)
            let excess = try file.size() - found.valid
            if !takingOver {
                if excess > 0 { try file.truncate(to: found.valid) }
                try file.flush()
            }
            try disk.flush()
            self.init(
                folder, on: disk, lock: lock, repairedBytes: found.torn, segmentSize: segmentSize,
                State(
                    file: file, header: found.header, size: found.valid, flushed: found.valid,
                    vouched: 0, index: found.index, whole: found.whole, owners: owning.0, owner: owning.1))
        } catch {
            throw JournalError(error)
        }
        guard takingOver || found.name != JournalHeader.active || found.valid >= segmentSize else { return }
        try state.withLock { state throws(JournalError) in try beginAfter(found, &state) }
    }

    private func beginAfter(_ found: Found, _ state: inout State) throws(JournalError) {
        let header = found.header.next(owner: state.owner, sealed: found.valid)
        guard found.name != JournalHeader.active else { return try begin(header, &state) }
        do throws(FileError) {
            // Until it is in its place, the one that was to be there says that something is under way.
            try disk.make(JournalHeader.substitute, header.line)
            try disk.rename(JournalHeader.substitute, to: JournalHeader.active)
            try disk.flush()
            try disk.remove(JournalHeader.temporary)
            try disk.flush()
            state.start(try disk.open(JournalHeader.active, .appending), header)
        } catch {
            throw JournalError(error)
        }
    }

    /// Says that the folder has another owner, and which one in their order that is.
    private static func own(_ disk: any Disk) throws(FileError) -> (any DiskFile, Int) {
        let isNew = try !disk.names().contains(owners)
        let file = try disk.open(owners, isNew ? .createNew : .appending)
        try file.write([UInt8(ascii: ".")])
        try file.flush()
        return (file, try file.size())
    }
}
