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
            let seen = changes
            if let entry = conversations[conversation]?.events.first(after: cursor) { return entry }
            guard !isShutDown, conversations[conversation] != nil else { return nil }
            await nextChangeUnlessCancelled(after: seen)
        }
        return nil
    }

    /// Returns when there was a change after those that were seen: an event of any conversation, or an empty inbox. Whether
    /// the task is cancelled or not: whoever waits in a loop lets others do what it waits for.
    ///
    /// - Parameter seen: ``changes`` from before it was found that there is something to wait for. Others may have had a turn
    ///   since then.
    func nextChange(after seen: Int) async {
        let token = newListener()
        await withCheckedContinuation { listener in listen(token, listener, after: seen) }
    }

    /// The same, and returns when the task is cancelled.
    private func nextChangeUnlessCancelled(after seen: Int) async {
        let token = newListener()
        await withTaskCancellationHandler {
            await withCheckedContinuation { listener in
                if Task.isCancelled { listener.resume() } else { listen(token, listener, after: seen) }
            }
        } onCancel: {
            Task(executorPreference: host) { await self.wake(token) }
        }
    }

    private func listen(_ token: Int, _ listener: CheckedContinuation<Void, Never>, after seen: Int) {
        if changes == seen { listeners[token] = listener } else { listener.resume() }
    }

    private func newListener() -> Int {
        nextListener += 1
        return nextListener
    }

    func wakeListeners() {
        changes += 1
        let waiting = listeners
        listeners = [:]
        for listener in waiting.sorted(by: { a, b in a.key < b.key }) { listener.value.resume() }
    }

    private func wake(_ token: Int) { listeners.removeValue(forKey: token)?.resume() }
}
