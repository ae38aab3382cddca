public import PipelineCore

extension Engine {
    /// Takes a signal in and gives its disposition once it is recorded.
    ///
    /// The wait does not end early when the calling task is cancelled: the signal is in, and its fate is reported.
    @discardableResult
    public func submit(
        _ signal: Run.Signal, to conversation: Conversation.ID
    ) async throws(EngineError) -> Run.Disposition {
        guard !isShutDown, !(isClosing && signal.isRequest) else { throw .shutDown }
        let result = await withCheckedContinuation { waiter in
            enter(Entry(conversation: conversation, content: .signal(signal, waiter)))
        }
        return try result.get()
    }

    /// Makes a request now: a signal with the engine's time.
    ///
    /// - Parameter id: yours, and new for each request; the same id again is a duplicate. A message's id names its run.
    @discardableResult
    public func request(
        _ kind: Run.Signal.Kind, id: Run.Signal.ID, by actor: Run.Actor = .host,
        in conversation: Conversation.ID
    ) async throws(EngineError) -> Run.Disposition {
        try await submit(Run.Signal(id: id, kind, by: actor, at: clock.now), to: conversation)
    }

    /// The state of a conversation after every signal that was submitted before.
    public func state(of conversation: Conversation.ID) async throws(EngineError) -> Conversation {
        guard !isShutDown else { throw .shutDown }
        let result = await withCheckedContinuation { waiter in
            enter(Entry(conversation: conversation, content: .question(waiter)))
        }
        return try result.get()
    }

    /// Takes in what the engine itself has to say.
    func post(_ signal: Run.Signal, to conversation: Conversation.ID) {
        enter(Entry(conversation: conversation, content: .signal(signal, nil)))
    }

    func enter(_ entry: Entry) {
        guard !isShutDown else { return entry.fail(.shutDown) }
        inbox.append(entry)
        guard !isPumping else { return }
        isPumping = true
        Task(executorPreference: host) { await self.pump() }
    }

    /// Works the inbox off, all that is in it as one group with one append; ends when it is empty.
    private func pump() async {
        while !inbox.isEmpty {
            let group = inbox
            inbox = []
            await process(group)
            dropWhatMayBeLost()
        }
        isPumping = false
        wakeListeners()
    }
}
