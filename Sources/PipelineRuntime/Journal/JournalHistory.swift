public import PipelineCore

/// All that is kept of one conversation: what every look back goes by.
///
/// Nothing is ever started by it.
public struct JournalHistory: Hashable, Sendable {
    public let conversation: Conversation.ID
    /// In order. The first stands for everything before it where that is no longer kept.
    public let snapshots: [JournalSnapshot]
    /// In order, without gaps.
    public let records: [JournalRecord]

    public init(of conversation: Conversation.ID, snapshots: [JournalSnapshot], records: [JournalRecord]) {
        self.conversation = conversation
        self.snapshots = snapshots
        self.records = records
    }

    /// The snapshot that everything begins with where the first records are no longer kept.
    public var base: JournalSnapshot? { records.first?.sequence == 1 ? nil : snapshots.first }

    /// The records whose states can be had.
    public var reachable: ClosedRange<Int> {
        let last = max(records.last?.sequence ?? 0, snapshots.last?.sequence ?? 0)
        return min(base?.sequence ?? 1, last)...last
    }

    /// The state before the first record that is kept.
    ///
    /// - Throws: `diverged` when the snapshot that it begins with is not what was digested, `newerFormat` when it is one
    ///   of a later version.
    public func start() throws(JournalError) -> JournalReplay {
        guard let base else { return JournalReplay(conversation) }
        return try JournalReplay(goingOnFrom: base)
    }

    /// The state as it was right after a record; as it is where none is named.
    ///
    /// A record that decides something else now is taken in all the same, and its step says so.
    ///
    /// - Parameter visit: is given each record on the way, with what it decides.
    /// - Throws: `unreachable` for a record that is not among ``reachable``, `diverged` as ``start()`` does.
    public func replay(
        to sequence: Int? = nil, visiting visit: (JournalStep) -> Void = { _ in }
    ) throws(JournalError) -> JournalReplay {
        let last = sequence ?? reachable.upperBound
        guard reachable.contains(last) else {
            throw JournalError(conversation.text, .unreachable(sequence: last, reachable))
        }
        var replay = try start()
        for record in records {
            guard record.sequence <= last else { break }
            visit(replay.take(record))
        }
        return replay
    }
}

extension FileJournalContents {
    /// What is kept of one conversation.
    public func history(of conversation: Conversation.ID) -> JournalHistory {
        JournalHistory(
            of: conversation,
            snapshots: snapshots.filter { snapshot in snapshot.conversation == conversation },
            records: records.filter { record in record.conversation == conversation })
    }
}

extension Journal {
    /// What is kept of one conversation; of its snapshots only the last, if there are more.
    public func history(of conversation: Conversation.ID) async throws(JournalError) -> JournalHistory {
        let tail = try await tail(of: conversation)
        return JournalHistory(
            of: conversation, snapshots: tail.snapshot.map { snapshot in [snapshot] } ?? [],
            records: try await records(of: conversation, from: 1, limit: .max))
    }
}
