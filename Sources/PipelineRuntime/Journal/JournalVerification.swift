public import PipelineCore

/// What folding a conversation again shows: whether its records and snapshots are what they say.
///
/// Of each stretch between two snapshots the first record that decides something else is found; whatever comes after it
/// in the same stretch may differ because of that one. The next stretch begins with what its snapshot holds.
public struct JournalVerification: Hashable, Sendable {
    /// Something that is not as it says.
    public enum Finding: Hashable, Sendable {
        /// A record that decides something else now.
        ///
        /// - `since`: the first record that its digest stands for. Where only the digest differs, one from there on is
        ///   not what it was.
        case record(JournalDivergence, since: Int)
        /// A snapshot that is not the state that the records come to.
        case snapshot(JournalSnapshotFinding)
    }

    public let conversation: Conversation.ID
    /// The snapshot that it begins with, where earlier history is no longer kept.
    public let base: Int?
    /// How many records were folded.
    public private(set) var records = 0
    /// How many snapshots were held against the state, those that stretches begin with included.
    public private(set) var snapshots = 0
    /// How many of the last records no digest stands for: they were appended with others that did not become durable.
    public private(set) var undigested = 0
    public private(set) var findings: [Finding] = []

    public var isSound: Bool { findings.isEmpty }

    public init(of history: JournalHistory) {
        conversation = history.conversation
        base = history.base?.sequence
        var rest = history.snapshots[...]
        var stretch = Stretch(history)
        if base != nil, let first = rest.popFirst() { check(first, &stretch) }
        for record in history.records {
            check(record, &stretch)
            while let next = rest.first, next.sequence <= record.sequence {
                rest.removeFirst()
                check(next, &stretch)
            }
        }
        undigested = history.records.reversed().prefix { record in record.digest == nil }.count
    }

    /// What is folded between two snapshots.
    private struct Stretch {
        /// Nil until there is something to begin with.
        var replay: JournalReplay?
        var hasDiverged = false
        /// The first record that the next digest stands for.
        var since: Int

        init(_ history: JournalHistory) {
            replay = history.base == nil ? JournalReplay(history.conversation) : nil
            since = history.records.first?.sequence ?? 1
        }
    }

    private mutating func check(_ record: JournalRecord, _ stretch: inout Stretch) {
        records += 1
        let divergence = stretch.replay?.take(record).divergence
        if let divergence, !stretch.hasDiverged {
            findings.append(.record(divergence, since: stretch.since))
            stretch.hasDiverged = true
        }
        if record.digest != nil { stretch.since = record.sequence + 1 }
    }

    private mutating func check(_ snapshot: JournalSnapshot, _ stretch: inout Stretch) {
        snapshots += 1
        let read = Result { () throws(JSON.FormatError) in try JournalReplay(from: snapshot) }
        let finding = JournalSnapshotFinding(snapshot, read.failure, folded: stretch.replay?.snapshot)
        if let finding { findings.append(.snapshot(finding)) }
        guard let replay = try? read.get() else { return }
        stretch.replay = replay
        stretch.hasDiverged = false
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
