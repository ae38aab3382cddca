public import PipelineCore

/// All that a journal's files hold.
public struct FileJournalContents: Sendable {
    /// In the order in which they were appended, whatever the conversation.
    public private(set) var records: [JournalRecord] = []
    public private(set) var snapshots: [JournalSnapshot] = []
    /// How many records stand before each snapshot.
    private var recordsBefore: [Int] = []
    /// What it is a fork of, if it is one.
    public internal(set) var origin: JournalOrigin?
    /// Bytes at the end that are the beginning of something that was never acknowledged.
    public private(set) var tornBytes = 0

    /// Records and snapshots, in the order in which they were appended.
    public var entries: [JournalEntry] {
        var entries: [JournalEntry] = []
        entries.reserveCapacity(records.count + snapshots.count)
        var copied = 0
        for (snapshot, before) in zip(snapshots, recordsBefore) {
            entries += records[copied..<before].map { record in .record(record) }
            entries.append(.snapshot(snapshot))
            copied = before
        }
        return entries + records[copied...].map { record in .record(record) }
    }

    /// The conversations that it names, in the order in which they come first.
    public var conversations: [Conversation.ID] {
        var known: Set<Conversation.ID> = []
        let named = entries.map { entry in entry.conversation }
        return named.filter { conversation in known.insert(conversation).inserted }
    }

    mutating func add(_ entry: JournalEntry) {
        switch entry {
        case .record(let record): records.append(record)
        case .snapshot(let snapshot):
            snapshots.append(snapshot)
            recordsBefore.append(records.count)
        }
    }

    mutating func add(torn bytes: Int) { tornBytes += bytes }
}
