public import PipelineCore

/// A journal that lasts as long as the process: for tests, and for hosts that need no recovery.
public final class MemoryJournal: Journal {
    fileprivate struct State {
        var records: [JournalRecord]
        /// The places in `records` of each conversation's own.
        var places: [Conversation.ID: [Int]] = [:]
        var snapshots: [Conversation.ID: JournalSnapshot] = [:]
        var isOpen = true
    }

    private let state: Locked<State>
    public let isDurable: Bool

    /// - Parameters:
    ///   - records: what it holds from the start.
    ///   - isDurable: whether an engine is to use it like one that survives: with digests and snapshots.
    public init(_ records: [JournalRecord] = [], isDurable: Bool = false) {
        var places: [Conversation.ID: [Int]] = [:]
        for (place, record) in records.enumerated() { places[record.conversation, default: []].append(place) }
        state = Locked(State(records: records, places: places))
        self.isDurable = isDurable
    }

    /// All records that it holds, in the order in which they came; also after it is closed.
    public var contents: [JournalRecord] { state.withLock { state in state.records } }

    public func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError) {
        try state.withLock { state throws(JournalError) in
            guard state.isOpen else { throw MemoryJournal.closed }
            try entries.checkOrder(in: MemoryJournal.name) { conversation in state.next(of: conversation) }
            for entry in entries {
                switch entry {
                case .record(let record):
                    state.places[record.conversation, default: []].append(state.records.count)
                    state.records.append(record)
                case .snapshot(let snapshot): state.snapshots[snapshot.conversation] = snapshot
                }
            }
        }
    }

    public func flush() async throws(JournalError) { try read { _ in } }

    public func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail {
        try read { state in
            let snapshot = state.snapshots[conversation]
            return JournalTail(
                snapshot: snapshot, records: state.kept(of: conversation, from: (snapshot?.sequence ?? 0) + 1)
            )
        }
    }

    public func records(
        of conversation: Conversation.ID, from sequence: Int, limit: Int
    ) async throws(JournalError) -> [JournalRecord] {
        try read { state in Array(state.kept(of: conversation, from: sequence).prefix(max(0, limit))) }
    }

    public func conversations() async throws(JournalError) -> [JournalListing] {
        try read { state in
            let known = Set(state.places.keys).union(state.snapshots.keys)
            return known.sorted { a, b in a.key < b.key }.map { id in
                let places = state.places[id] ?? []
                let first = places.first.map { place in state.records[place].sequence }
                let snapshot = state.snapshots[id]?.sequence
                let start = first ?? (snapshot ?? 0) + 1
                return JournalListing(
                    conversation: id, records: start..<start + places.count, snapshot: snapshot)
            }
        }
    }

    public func compact() async throws(JournalError) {
        try state.withLock { state throws(JournalError) in
            guard state.isOpen else { throw MemoryJournal.closed }
            let snapshots = state.snapshots
            let kept = state.records.filter { record in
                record.sequence > snapshots[record.conversation]?.sequence ?? 0
            }
            state.records = kept
            state.places = [:]
            for (place, record) in kept.enumerated() {
                state.places[record.conversation, default: []].append(place)
            }
        }
    }

    public func close() async { state.withLock { state in state.isOpen = false } }

    private func read<Value: Sendable>(_ body: (borrowing State) -> Value) throws(JournalError) -> Value {
        try state.withLock { state throws(JournalError) in
            guard state.isOpen else { throw MemoryJournal.closed }
            return body(state)
        }
    }

    private static let name = "the memory journal"
    private static let closed = JournalError(name, .closed)
}

extension MemoryJournal.State {
    fileprivate func kept(of conversation: Conversation.ID, from sequence: Int) -> [JournalRecord] {
        guard let places = places[conversation], let first = places.first else { return [] }
        let start = max(sequence, records[first].sequence)
        let skipped = min(start - records[first].sequence, places.count)
        return places[skipped...].map { place in records[place] }
    }

    /// The number that the next record of a conversation must have.
    fileprivate func next(of conversation: Conversation.ID) -> Int {
        let last = places[conversation]?.last.map { place in records[place].sequence }
        return (last ?? snapshots[conversation]?.sequence ?? 0) + 1
    }
}
