import PipelineCore

extension Engine {
    /// How a child run has ended, or stopped with its parent.
    enum ChildEnd {
        case completed(JSON, Run.Usage)
        case failed(Run.Failure)
        case canceled(Run.Usage)
        case interrupted
    }

    /// Opens a child run that is not there yet, and resumes one that was left interrupted.
    func takeUp(_ children: ChildRuns, _ request: Run.Request, isAttached: Bool) async throws {
        let state = try await state(of: children.conversation)
        // Whoever was told to end begins nothing any more.
        try Task.checkCancellation()
        guard let run = state.run(children.run) else {
            guard !state.finished.contains(where: { summary in summary.run == children.run }) else { return }
            return try await open(children, request, isAttached: isAttached)
        }
        guard isAttached, run.status == .interrupted, let ticket = run.interruption?.ticket else { return }
        // One that waits for a person's word first is resumed by that person.
        _ = try await submit(
            signal(.resume(run.id, ticket), "resume", children), to: children.conversation)
    }

    private func open(_ children: ChildRuns, _ request: Run.Request, isAttached: Bool) async throws {
        let parent = conversations[children.parent]?.state.run(children.execution.id.run)
        let depth = (parent?.parent?.depth ?? 0) + 1
        guard depth <= Run.Parent.greatestDepth else {
            throw Run.Failure(
                .limitExceeded, "Workflows are called in each other \(Run.Parent.greatestDepth) deep at most."
            )
        }
        let child = Run.Request(
            request.text, mode: request.mode, whenBusy: .enqueue,
            isUnattended: request.isUnattended || parent?.isUnattended ?? false,
            operators: request.operators.isEmpty ? parent?.operators ?? [] : request.operators,
            skills: request.skills, metadata: request.metadata,
            parent: Run.Parent(execution: children.execution.id, depth: depth, isAttached: isAttached))
        let opening = Run.Signal(
            id: Run.Signal.ID(key: children.run.key), .userMessage(child), by: .engine, at: clock.now,
            cause: children.execution.cause, correlation: children.execution.correlation)
        let disposition = try await submit(opening, to: children.conversation)
        guard disposition == .applied || disposition == .duplicate else {
            throw Run.Failure(.validation, "The child run was not opened: \(disposition.json).")
        }
    }

    /// Waits until a child run has ended, or is interrupted as its parent is.
    func end(of children: ChildRuns) async -> ChildEnd {
        while true {
            // Seen before the question: what comes while the answer is on its way is a change.
            let last = conversations[children.conversation]?.events.last ?? 0
            guard let state = try? await state(of: children.conversation),
                let events = conversations[children.conversation]?.events
            else {
                return .failed(
                    Run.Failure(.crashed, "The journal of the child run failed.", isRetryable: false))
            }
            if let run = state.run(children.run) {
                if run.status == .interrupted, isStopping(children) { return .interrupted }
            } else if let end = state.end(of: children.run, events) {
                guard case .completed(.null, let usage) = end else { return end }
                return .completed(await artifact(of: children), usage)
            }
            await change(in: children, after: last)
        }
    }

    /// What a child run has left, by the records of its conversation: the events in memory may begin after it.
    private func artifact(of children: ChildRuns) async -> JSON {
        var replay = JournalReplay(children.conversation)
        while let records = try? await journal.records(
            of: children.conversation, from: replay.sequence + 1, limit: 256), !records.isEmpty
        {
            for record in records {
                for case .publish(let event) in (try? replay.apply(record)) ?? [] {
                    if case .run(children.run, .completed(let artifact)) = event.kind { return artifact }
                }
            }
        }
        return .null
    }

    /// Waits until there is something new of the child run, or its parent has stopped.
    ///
    /// Nothing is asked before that: a question wakes everybody who waits, and two of them would never come to rest.
    private func change(in children: ChildRuns, after last: Int) async {
        let wasStopping = isStopping(children)
        while true {
            let seen = changes
            guard !isShutDown, isStopping(children) == wasStopping,
                conversations[children.conversation]?.events.last == last
            else { return }
            await nextChange(after: seen)
        }
    }

    /// Whether the execution of the parent was told to end.
    private func isStopping(_ children: ChildRuns) -> Bool {
        conversations[children.parent]?.executions[children.execution.id]?.task.isCancelled ?? true
    }

    /// The execution of the parent was told to end: the child run is interrupted where the parent is, and else canceled.
    ///
    /// Where the parent's journal has failed, nobody has decided anything about the parent: its next attempt goes on with
    /// the child run.
    func stop(_ children: ChildRuns) {
        let live = conversations[children.parent]
        let parent = live?.state.run(children.execution.id.run)
        let told = parent?.step(children.execution.id.ordinal)?.attempt?.told?.why
        let reason = parent?.stop?.reason ?? "parent_stopped"
        let isInterrupt = isClosing || live == nil || told == .stop && parent?.stop?.kind == .interrupt
        let kind: Run.Signal.Kind =
            isInterrupt
            ? .interrupt(children.run, reason: reason) : .cancel(children.run, reason: reason)
        post(signal(kind, "stop", children), to: children.conversation)
        wakeListeners()
    }

    /// A step has left its child run behind: that ends, if it was ever opened and has not ended.
    func cancel(child: Run.ID, of parent: Conversation.ID) {
        guard let execution = Run.Execution.ID(child.text) else { return }
        enter(leaving(child, in: Conversation.ID(parent.text + ChildRuns.suffix(of: execution))))
    }

    /// What ends a child run that its parent has given up.
    func leaving(_ child: Run.ID, in conversation: Conversation.ID) -> Entry {
        let signal = Run.Signal(
            id: Run.Signal.ID("\(child)/parent"), .cancel(child, reason: "parent_ended"), by: .engine,
            at: clock.now)
        return Entry(conversation: conversation, content: .signal(signal, nil), child: child)
    }

    /// The child runs of a conversation that their parents have given up.
    ///
    /// A parent's step records that it gives its child run up, and then the child run's cancel is recorded: who opens the
    /// conversation after a crash between the two finds it here.
    func orphans(of state: Conversation) async throws(EngineError) -> [Run.ID] {
        var orphans: [Run.ID] = []
        for run in [state.active].compactMap(\.self) + state.parked + state.queue
        where try await isGivenUp(run, in: state.id) {
            orphans.append(run.id)
        }
        return orphans
    }

    private func isGivenUp(_ run: Run, in id: Conversation.ID) async throws(EngineError) -> Bool {
        guard let parent = run.parent, parent.isAttached, run.stop?.kind != .cancel,
            id.text.hasSuffix(ChildRuns.suffix(of: parent.execution))
        else { return false }
        let place = Conversation.ID(
            String(id.text.dropLast(ChildRuns.suffix(of: parent.execution).count)))
        var above = conversations[place]
        if above == nil { above = try await load(place) }
        // A journal that does not have the parent says nothing about it.
        guard let above, above.sequence > 0 else { return false }
        guard let keeper = above.state.run(parent.execution.run), keeper.keeps(run.id) else { return true }
        return try await isGivenUp(keeper, in: place)
    }

    private func signal(_ kind: Run.Signal.Kind, _ word: String, _ children: ChildRuns) -> Run.Signal {
        Run.Signal(
            id: Run.Signal.ID("\(children.execution.id)/\(word)"), kind, by: .engine, at: clock.now,
            cause: children.execution.cause, correlation: children.execution.correlation)
    }
}

extension Conversation {
    /// How a run has ended, as far back as events are kept.
    fileprivate func end(of run: Run.ID, _ events: EventLog) -> Engine.ChildEnd? {
        guard let summary = finished.last(where: { summary in summary.run == run }) else { return nil }
        switch summary.status {
        case .completed: return .completed(events.artifact(of: run) ?? .null, summary.usage)
        case .failed:
            let failure = summary.failure ?? Run.Failure(.unknown, "The child run failed.")
            return .failed(failure)
        case .canceled: return .canceled(summary.usage)
        case .pending, .running, .interrupted: return nil
        }
    }
}
