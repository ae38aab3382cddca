import PipelineCore
import PipelineRuntime

/// A plain journal on a ``Shelf``, with at most one fault: so that tests of journals can be tested.
final class ShelfJournal: Journal {
    private struct State {
        var isOpen = true
        /// What was acknowledged and not yet written, by a journal that does so.
        var buffer: [JournalEntry] = []
        var asked: Set<Conversation.ID> = []
        var appends = 0
        var reads = 0
        /// The first append of a race, until the second is done.
        var racer: CheckedContinuation<Void, Never>?
        var isRaceOver = false
        /// What cannot be read at the moment.
        var hidden: Set<Conversation.ID> = []
    }

    private let shelf: Shelf
    private let name: String
    private let owner: Int
    private let fault: JournalFault?
    private let state = Locked(State())
    let isDurable = true

    init(_ name: String, on shelf: Shelf, takingOver: Bool = false, _ fault: JournalFault?)
        throws(JournalError)
    {
        self.shelf = shelf
        self.name = name
        self.fault = fault
        owner = try shelf.update(name) { store throws(JournalError) in
            guard !store.isHeld || takingOver || fault == .letsASecondIn else {
                throw JournalError(name, .held)
            }
            store.isHeld = true
            store.owner += 1
            return store.owner
        }
    }

    deinit { release() }

    private func release() {
        let owner = owner
        try? shelf.update(name) { store in if store.owner == owner { store.isHeld = false } }
    }

    private func error(_ reason: JournalError.Reason) -> JournalError { JournalError(name, reason) }

    private func check(_ store: Shelf.Store) throws(JournalError) {
        let isOpen = state.withLock { state in state.isOpen }
        guard isOpen || fault == .answersWhenClosed else { throw error(.closed) }
        guard store.owner == owner || fault == .acceptsAnOldOwner || fault == .letsASecondIn else {
            throw error(.fenced(by: store.owner))
        }
    }

    // MARK: Writing

    func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError) {
        var entries = entries
        if fault == .losesDeeds { entries = entries.map(\.withoutDeeds) }
        if fault == .dropsTheTenth { entries.removeAll { entry in entry.sequence == 10 } }
        if fault == .forgetsAnswers { entries.removeAll { entry in entry.isAnswer } }
        if fault == .losesARace { return try await race(entries) }
        let half = fault == .showsHalfAGroup ? entries.count / 2 : 0
        if half > 0 {
            try write(Array(entries[..<half]), flushing: false)
            let before = state.withLock { state in state.reads }
            await wait { state in state.reads > before }
        }
        try write(Array(entries[half...]), flushing: flushing)
    }

    private func write(_ entries: [JournalEntry], flushing: Bool) throws(JournalError) {
        let isBuffering = fault == .acknowledgesWhatItOnlyBuffers
        let buffer = state.withLock { state in state.buffer }
        try shelf.update(name) { store throws(JournalError) in
            try check(store)
            var after = store.entries + buffer
            for entry in entries {
                let last = after.last { other in other.conversation == entry.conversation }
                let next = (last?.sequence ?? 0) + 1
                let expected = entry.isSnapshot ? next - 1 : next
                let isNext = entry.sequence == expected && entry.sequence > 0
                let isGap = entry.sequence > next && entry.sequence < .max
                guard isNext || isGap && (fault?.makesGaps ?? false) else {
                    if fault == .keepsAPartOfAGroup { store.entries = after }
                    throw error(.outOfOrder(sequence: entry.sequence, expected: expected))
                }
                after.append(entry)
            }
            if !isBuffering || flushing { store.entries = after }
            if flushing { store.flushed = after.count }
        }
        if isBuffering { state.withLock { state in state.buffer = flushing ? [] : buffer + entries } }
    }

    /// Of two appends at once the second is lost.
    private func race(_ entries: [JournalEntry]) async throws(JournalError) {
        let number = state.withLock { state in
            state.appends += 1
            return state.appends
        }
        let before = try shelf.update(name) { store in store.entries }
        if number == 1 {
            await withCheckedContinuation { racer in
                let isOver = state.withLock { state in
                    if !state.isRaceOver { state.racer = racer }
                    return state.isRaceOver
                }
                if isOver { racer.resume() }
            }
            return try shelf.update(name) { store in store.entries = before + entries }
        }
        try write(entries, flushing: false)
        let racer = state.withLock { state in
            defer { state.racer = nil }
            state.isRaceOver = true
            return state.racer
        }
        racer?.resume()
    }

    /// Lets others come before it goes on; not for ever, since perhaps there are none.
    private func wait(until isSeen: @Sendable (borrowing State) -> Bool) async {
        for _ in 1...20_000 where !state.withLock({ state in isSeen(state) }) { await Task.yield() }
    }

    func flush() async throws(JournalError) {
        let buffer = state.withLock { state in
            defer { state.buffer = [] }
            return state.buffer
        }
        try shelf.update(name) { store throws(JournalError) in
            try check(store)
            store.entries += buffer
            if fault == .cannotFlushNothing, store.flushed == store.entries.count {
                throw error(.system("flush", "nothing to do"))
            }
            if fault != .forgetsToFlush { store.flushed = store.entries.count }
        }
    }

    func compact() async throws(JournalError) {
        let kept = try shelf.update(name) { store throws(JournalError) in
            try check(store)
            var kept: [JournalEntry] = []
            for (place, entry) in store.entries.enumerated() {
                let snapshot = store.entries.lastIndex { other in
                    other.isSnapshot && other.conversation == entry.conversation
                }
                guard place >= snapshot ?? 0 else { continue }
                if fault == .compactsTooMuch, snapshot == nil { continue }
                kept.append(entry)
            }
            store.entries = fault == .showsHalfACompaction ? [] : kept
            store.flushed = store.entries.count
            return kept
        }
        guard fault == .showsHalfACompaction else { return }
        state.withLock { state in state.hidden = Set(kept.map(\.conversation)) }
        await wait { state in state.hidden.isEmpty }
        try shelf.update(name) { store in store.entries = kept + store.entries }
    }

    func close() async {
        if fault != .acknowledgesWhatItOnlyBuffers { try? await flush() }
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        let owner = owner
        if fault == .losesTheLastAtClose, wasOpen {
            try? shelf.update(name) { store in if store.owner == owner { _ = store.entries.popLast() } }
        }
        release()
    }

    // MARK: Reading

    private func entries(of conversation: Conversation.ID) throws(JournalError) -> [JournalEntry] {
        let isHidden = state.withLock { state in state.hidden.contains(conversation) }
        let all = try everything()
        // Each of them is seen so.
        if isHidden { state.withLock { state in _ = state.hidden.remove(conversation) } }
        if fault == .leaksAnotherConversation, conversation == "b" { return all }
        if fault == .takesAlikeIdsForOne {
            return all.filter { entry in entry.conversation.text == conversation.text }
        }
        return all.filter { entry in entry.conversation == conversation }
    }

    private func everything() throws(JournalError) -> [JournalEntry] {
        let buffer = state.withLock { state in
            state.reads += 1
            return state.buffer
        }
        return try shelf.update(name) { store throws(JournalError) in
            guard fault == .answersWhenClosed || state.withLock({ state in state.isOpen }) else {
                throw error(.closed)
            }
            var entries = store.entries
            if let damaged = store.damaged {
                guard fault == .skipsWhatIsDamaged else {
                    throw error(.corrupt(line: damaged + 1, offset: 0, "it cannot be read"))
                }
                entries.remove(at: damaged)
            }
            return entries + buffer
        }
    }

    func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail {
        let entries = try entries(of: conversation)
        let snapshot = entries.compactMap { entry in
            if case .snapshot(let snapshot) = entry { snapshot } else { nil }
        }.last
        let first = (snapshot?.sequence ?? 0) + (fault == .beginsTheTailWithTheSnapshotsRecord ? 0 : 1)
        let records = entries.compactMap(\.record).filter { record in record.sequence >= first }
        return JournalTail(snapshot: snapshot, records: records)
    }

    func records(
        of conversation: Conversation.ID, from sequence: Int, limit: Int
    ) async throws(JournalError) -> [JournalRecord] {
        _ = state.withLock { state in state.asked.insert(conversation) }
        var records = try entries(of: conversation).compactMap(\.record)
            .filter { record in record.sequence >= sequence }
        if fault == .swapsTheLastTwo, records.count > 2 {
            records.swapAt(records.count - 1, records.count - 2)
        }
        return fault == .ignoresTheLimit ? records : Array(records.prefix(max(0, limit)))
    }

    func conversations() async throws(JournalError) -> [JournalListing] {
        let entries = try everything()
        var known = Set(entries.map(\.conversation))
        if fault == .listsWhatWasAskedFor { known.formUnion(state.withLock { state in state.asked }) }
        return known.sorted { a, b in
            fault == .listsByBytes
                ? a.text.utf8.lexicographicallyPrecedes(b.text.utf8) : a.key < b.key
        }.map { id in
            let own = entries.filter { entry in entry.conversation == id }
            let numbers = own.compactMap(\.record).map(\.sequence)
            let snapshot = own.last { entry in entry.isSnapshot }?.sequence
            let last = numbers.last ?? snapshot ?? 0
            return JournalListing(
                conversation: id, records: (numbers.first ?? last + 1)..<last + 1, snapshot: snapshot)
        }
    }
}

extension JournalEntry {
    fileprivate var record: JournalRecord? {
        if case .record(let record) = self { record } else { nil }
    }

    fileprivate var isSnapshot: Bool { record == nil }

    fileprivate var isAnswer: Bool {
        if case .completed = record?.signal.kind { true } else { false }
    }

    fileprivate var withoutDeeds: JournalEntry {
        guard let record else { return self }
        return .record(
            JournalRecord(
                conversation: record.conversation, sequence: record.sequence, signal: record.signal,
                disposition: record.disposition, digest: record.digest))
    }
}
