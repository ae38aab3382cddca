public import PipelineCore

extension Engine {
    /// The events of a conversation that come after this place; 0 for all that are kept.
    public nonisolated func events(of conversation: Conversation.ID, after cursor: Int = 0) -> EventStream {
        EventStream(engine: self, conversation: conversation, cursor: cursor)
    }

    /// The next event after a place, as soon as there is one; nil when none can come any more.
    func event(after cursor: Int, in conversation: Conversation.ID) async -> EventEntry? {
        if conversations[conversation] == nil {
            // Asking for the state opens the conversation, so that what the journal holds is there.
            guard (try? await state(of: conversation)) != nil else { return nil }
        }
        while !Task.isCancelled {
            if let entry = conversations[conversation]?.events.first(after: cursor) { return entry }
            guard !isShutDown, conversations[conversation] != nil else { return nil }
            await nextChangeUnlessCancelled()
        }
        return nil
    }

    /// Returns at the next event of any conversation or when the inbox is empty, whether the task is cancelled or not:
    /// whoever waits in a loop lets others do what it waits for.
    func nextChange() async {
        let token = newListener()
        await withCheckedContinuation { listener in listeners[token] = listener }
    }

    /// The same, and returns when the task is cancelled.
    private func nextChangeUnlessCancelled() async {
        let token = newListener()
        await withTaskCancellationHandler {
            await withCheckedContinuation { listener in
                if Task.isCancelled { listener.resume() } else { listeners[token] = listener }
            }
        } onCancel: {
            Task(executorPreference: host) { await self.wake(token) }
        }
    }

    private func newListener() -> Int {
        nextListener += 1
        return nextListener
    }

    func wakeListeners() {
        let waiting = listeners
        listeners = [:]
        for listener in waiting.sorted(by: { a, b in a.key < b.key }) { listener.value.resume() }
    }

    private func wake(_ token: Int) { listeners.removeValue(forKey: token)?.resume() }
}
