import PipelineRuntime

#if SQLite
    import PipelineSQLite
#endif

/// The journals that outlive a process.
enum Backend: String, CaseIterable {
    case file
    #if SQLite
        case sqlite
    #endif

    /// Opens the journal of a case, or makes it where no earlier life has come that far.
    func open(in folder: String, _ fuse: Fuse) throws -> any Journal {
        switch self {
        case .file: FusedJournal(journal: try openFile("\(folder)/journal", fuse), fuse: fuse)
        #if SQLite
            case .sqlite:
                FusedJournal(journal: try openDatabase("\(folder)/journal.sqlite", fuse), fuse: fuse)
        #endif
        }
    }

    /// Files are so small that many of them are begun.
    private func openFile(_ folder: String, _ fuse: Fuse) throws -> FileJournal {
        let segmentSize = 16_384
        try makeFolders(folder)
        guard let lock = try FileDescriptor.lock("\(folder)/lock") else {
            throw JournalError(folder, .held)
        }
        let disk = FusedDisk(disk: SystemDisk(folder), fuse: fuse)
        do throws(JournalError) {
            return try FileJournal(
                openingAt: folder, on: disk, lock: lock, takingOver: false, segmentSize: segmentSize)
        } catch {
            guard error.reason == .missing else { throw error }
            return try FileJournal(creatingAt: folder, on: disk, lock: lock, segmentSize: segmentSize)
        }
    }

    #if SQLite
        private func openDatabase(_ path: String, _ fuse: Fuse) throws -> SQLiteJournal {
            fuse.pass()
            defer { fuse.pass() }
            do throws(JournalError) { return try SQLiteJournal.open(at: path) } catch {
                guard error.reason == .missing else { throw error }
                return try SQLiteJournal.create(at: path)
            }
        }
    #endif
}
