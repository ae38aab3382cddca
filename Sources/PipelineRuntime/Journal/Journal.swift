public import PipelineCore

/// Where records are kept: the only thing that survives the process.
///
/// One engine at a time appends; a journal that lets several open it must see to that, and refuse whoever held it before
/// with ``JournalError/Reason/fenced``. `PipelineTesting.JournalConformance` tries all that is asked of one here.
public protocol Journal: Sendable {
    /// Whether what it holds outlives the process. Only then do records carry digests, and are there snapshots.
    var isDurable: Bool { get }

    /// Appends entries in order. After a crash a later read finds all of them or the first of them: nobody was told of
    /// any before this returned.
    ///
    /// - Parameter flushing: return only when they, and all that was appended before, would survive a loss of power.
    func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError)

    /// Returns when all that was appended would survive a loss of power.
    func flush() async throws(JournalError)

    /// The last snapshot of a conversation and the records after it, in order: all that is needed to go on with it.
    ///
    /// - Complexity: O(what it returns), however long the history.
    func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail

    /// Records of a conversation in order, from a sequence number on, as far back as they are kept.
    ///
    /// - Parameter limit: how many at most; whoever wants more asks again from the last one's number plus 1.
    func records(
        of conversation: Conversation.ID, from sequence: Int, limit: Int
    ) async throws(JournalError) -> [JournalRecord]

    /// What it holds, in the order of the ids.
    func conversations() async throws(JournalError) -> [JournalListing]

    /// Forgets what comes before the last snapshot of each conversation: the history, and nothing that is needed to go on.
    func compact() async throws(JournalError)

    /// Gives up whatever is held. Later calls throw `closed`.
    func close() async
}

/// One thing that a journal keeps.
public enum JournalEntry: Hashable, Sendable {
    case record(JournalRecord)
    /// Of the record that was appended last for its conversation; or the first thing that is kept of it, of any record.
    case snapshot(JournalSnapshot)

    public var conversation: Conversation.ID {
        switch self {
        case .record(let record): record.conversation
        case .snapshot(let snapshot): snapshot.conversation
        }
    }

    public var sequence: Int {
        switch self {
        case .record(let record): record.sequence
        case .snapshot(let snapshot): snapshot.sequence
        }
    }

    /// When it was recorded, as the signal says.
    var time: Run.Milliseconds {
        switch self {
        case .record(let record): record.signal.time
        case .snapshot(let snapshot): snapshot.time
        }
    }

    package var isSnapshot: Bool {
        if case .snapshot = self { true } else { false }
    }
}

extension [JournalEntry] {
    /// Each conversation's records go up by one, and a snapshot is of the last.
    ///
    /// - Parameter next: the number that the next record of a conversation must have, before any of these.
    /// - Throws: `outOfOrder` for the first one that does not follow.
    package func checkOrder(
        in path: String, next: (Conversation.ID) -> Int
    ) throws(JournalError) {
        var known: [Conversation.ID: Int] = [:]
        for entry in self {
            let expected = known[entry.conversation] ?? next(entry.conversation)
            // The first thing that is kept of a conversation may be a snapshot of something older.
            let isBeginning = entry.isSnapshot && expected == 1
            guard isBeginning || entry.sequence == (entry.isSnapshot ? expected - 1 : expected),
                entry.sequence > 0
            else {
                throw JournalError(path, .outOfOrder(sequence: entry.sequence, expected: expected))
            }
            known[entry.conversation] = entry.sequence + 1
        }
    }
}

/// Where a conversation goes on from.
public struct JournalTail: Hashable, Sendable {
    public var snapshot: JournalSnapshot?
    /// The records after the snapshot; all there are when there is none.
    public var records: [JournalRecord]

    public init(snapshot: JournalSnapshot? = nil, records: [JournalRecord] = []) {
        self.snapshot = snapshot
        self.records = records
    }
}

/// What a journal holds of a conversation.
public struct JournalListing: Hashable, Sendable {
    public let conversation: Conversation.ID
    /// The numbers of the records that are kept; empty when only a snapshot is.
    public let records: Range<Int>
    /// The record that the last snapshot was taken after.
    public let snapshot: Int?

    public init(conversation: Conversation.ID, records: Range<Int>, snapshot: Int?) {
        self.conversation = conversation
        self.records = records
        self.snapshot = snapshot
    }
}
