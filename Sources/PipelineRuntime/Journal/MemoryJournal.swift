public import PipelineCore
import Synchronization

/// A journal that lasts as long as the process: for tests, and for hosts that need no recovery.
public final class MemoryJournal: Journal {
    private let state = Mutex<[Conversation.ID: [JournalRecord]]>([:])

    /// - Parameter records: what it holds from the start.
    public init(_ records: [JournalRecord] = []) {
        state.withLock { state in
            for record in records { state[record.conversation, default: []].append(record) }
        }
    }

    public func append(_ records: [JournalRecord], flushing: Bool) async throws(JournalError) {
        state.withLock { state in
            for record in records { state[record.conversation, default: []].append(record) }
        }
    }

    public func records(of conversation: Conversation.ID) async throws(JournalError) -> [JournalRecord] {
        state.withLock { state in state[conversation] ?? [] }
    }

    public func close() async {}
}
