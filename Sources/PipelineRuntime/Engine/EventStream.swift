import PipelineCore

/// The events of one conversation from a place on, as fast as they are asked for.
///
/// It holds a cursor and no buffer: the engine keeps the last events, and says how many a slow subscriber has missed.
/// It ends when the engine has shut down, when the journal fails, or when the task is cancelled.
public struct EventStream: AsyncSequence, Sendable {
    let engine: Engine
    let conversation: Conversation.ID
    let cursor: Int

    public struct AsyncIterator: AsyncIteratorProtocol {
        let engine: Engine
        let conversation: Conversation.ID
        var cursor: Int

        public mutating func next() async -> EventEntry? {
            guard let entry = await engine.event(after: cursor, in: conversation) else { return nil }
            cursor = entry.sequence
            return entry
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(engine: engine, conversation: conversation, cursor: cursor)
    }
}
