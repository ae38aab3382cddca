public import PipelineCore

/// A journal that lasts as long as the process: for tests, and for hosts that need no recovery.
public final class MemoryJournal: Journal {
    private struct State {
        var records: [JournalRecord]
        var isOpen = true
    }

    private let state: Locked<State>

    /// - Parameter records: what it holds from the start.
    public init(_ records: [JournalRecord] = []) { state = Locked(State(records: records)) }

    /// All that it holds, in the order in which it came; also after it is closed.
    public var contents: [JournalRecord] { state.withLock { state in state.records } }

    public func append(_ records: [JournalRecord], flushing: Bool) async throws(JournalError) {
        try state.withLock { state throws(JournalError) in
            guard state.isOpen else { throw MemoryJournal.closed }
            state.records += records
        }
    }

    /// Looks at every record; an engine asks once for each conversation.
    public func records(of conversation: Conversation.ID) async throws(JournalError) -> [JournalRecord] {
        try state.withLock { state throws(JournalError) in
            guard state.isOpen else { throw MemoryJournal.closed }
            return state.records.filter { record in record.conversation == conversation }
        }
    }

    public func close() async { state.withLock { state in state.isOpen = false } }

    private static let closed = JournalError("the memory journal", .closed)
}
