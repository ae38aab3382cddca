import PipelineCore

/// A journal in a folder: the log of all conversations of an engine, one canonical JSON object a line.
///
/// `journal.jsonl` is written to. When it is full it becomes `journal-<number>.jsonl`, with an index beside it that can be
/// made again. `lock` is held by one process at a time, and `owner` counts who has held the folder: whoever was taken over
/// from finds that it has grown, and is refused. The lines are those of ``JournalLine``.
public final class FileJournal: Journal {
    public let folder: String
    /// Bytes of last records that were cut off and so never acknowledged; they were removed when the journal was opened.
    public let repairedBytes: Int
    public var isDurable: Bool { true }

    let disk: any Disk
    /// Ends with the journal, however the process ends.
    private let lock: FileDescriptor?
    let state: Locked<State>

    struct State {
        var file: any DiskFile
        var header: JournalHeader
        /// How many bytes of the file are whole lines.
        var size: Int
        /// How many of them are flushed.
        var flushed: Int
        /// How many of them a line says to be flushed.
        var vouched: Int
        /// Of the file that is written to.
        var index: JournalIndex
        /// Of all files.
        var whole: JournalIndex
        /// Files that were read from.
        var open: [Int: any DiskFile] = [:]
        /// Has one byte for each who has held the folder.
        var owners: any DiskFile
        /// Which of them this one is.
        let owner: Int
        /// How often files were removed since it was opened.
        var compactions = 0
        /// Why nothing can be appended or read any more.
        var failure: JournalError?
    }

    /// When a file is full, in bytes.
    let segmentSize: Int
    package static let standardSegmentSize = 4 << 20

    init(
        _ folder: String, on disk: any Disk, lock: FileDescriptor?, repairedBytes: Int, segmentSize: Int,
        _ state: consuming sending State
    ) {
        self.folder = folder
        self.disk = disk
        self.lock = lock
        self.repairedBytes = repairedBytes
        self.segmentSize = segmentSize
        self.state = Locked(state)
    }

    /// The file that records are appended to.
    public static func journalPath(_ folder: String) -> String { "\(folder)/\(JournalHeader.active)" }

    func path(of name: String) -> String { "\(folder)/\(name)" }

    @concurrent
    public func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError) {
        try state.withLock { state throws(JournalError) in try append(entries, flushing: flushing, &state) }
    }

    @concurrent
    public func flush() async throws(JournalError) {
        try state.withLock { state throws(JournalError) in
            if let failure = state.failure { throw failure }
            if state.flushed < state.size { try flush(&state) }
            try checkOwner(&state)
        }
    }

    public func conversations() async throws(JournalError) -> [JournalListing] {
        try state.withLock { state throws(JournalError) in
            if let failure = state.failure { throw failure }
            return state.whole.listings
        }
    }

    public func close() async {
        state.withLock { state in
            if state.failure == nil, state.flushed < state.size { try? flush(&state) }
            if state.failure == nil || !isClosed(state) { state.failure = JournalError(folder, .closed) }
            state.open = [:]
        }
        lock?.unlock()
    }

    private func isClosed(_ state: borrowing State) -> Bool { state.failure?.reason == .closed }
}

extension JournalIndex {
    var listings: [JournalListing] {
        holdings.sorted { a, b in a.key.key < b.key.key }.map { id, holding in
            let first = holding.parts.first?.sequences.lowerBound ?? holding.last + 1
            return JournalListing(
                conversation: id, records: first..<holding.last + 1, snapshot: holding.snapshot?.sequence)
        }
    }
}
