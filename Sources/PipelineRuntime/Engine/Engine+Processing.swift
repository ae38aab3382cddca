import PipelineCore

extension Engine {
    /// What a reduced group waits with until its records are durable.
    private struct Group {
        var entries: [JournalEntry] = []
        /// Where the last record of each conversation is.
        var last: [Conversation.ID: Int] = [:]
        var needsFlush = false
        /// Something begins by it that may not happen twice.
        var beginsWhatIsOnce = false
        var deeds: [(Conversation.ID, [Run.Directive])] = []
        var replies: [() -> Void] = []
        var members: [Entry] = []

        /// How many events it publishes for a conversation.
        func events(of conversation: Conversation.ID) -> Int {
            deeds.reduce(0) { sum, deed in
                guard deed.0 == conversation else { return sum }
                return sum + deed.1.count { directive in directive.rank == 0 }
            }
        }
    }

    /// Reduces a group of entries in order, appends what was decided, and then carries it out.
    func process(_ entries: [Entry]) async {
        var group = Group()
        for entry in entries {
            if conversations[entry.conversation] == nil {
                do throws(EngineError) {
                    try await open(entry.conversation, &group)
                } catch {
                    entry.fail(error)
                    continue
                }
            }
            take(entry, &group)
            if isClosing, let signal = closingSignal(for: entry.conversation) {
                take(Entry(conversation: entry.conversation, content: .signal(signal, nil)), &group)
            }
        }
        if !group.entries.isEmpty {
            if journal.isDurable { seal(&group) }
            do throws(JournalError) {
                let isFlushing = durability == .sync ? group.needsFlush : group.beginsWhatIsOnce
                try await journal.append(group.entries, flushing: isFlushing)
            } catch {
                for conversation in group.last.keys { drop(conversation) }
                for entry in group.members { entry.fail(.journal(error)) }
                return wakeListeners()
            }
            if group.needsFlush { flushLater() }
        }
        // What is recorded and not done when the engine has shut down, the next one takes up.
        for (conversation, directives) in group.deeds where !isShutDown {
            for directive in directives { carryOut(directive, in: conversation) }
        }
        for reply in group.replies { reply() }
        if !group.deeds.isEmpty { wakeListeners() }
    }

    /// Folds a conversation from the journal, and takes up what another process has left of it.
    private func open(_ id: Conversation.ID, _ group: inout Group) async throws(EngineError) {
        guard leftovers[id] == nil else { throw .stillClosing }
        let live = try await load(id)
        let orphans = try await orphans(of: live.state)
        conversations[id] = live
        guard live.state.isUnsettled else { return }
        let restarted = Run.Signal(
            id: Run.Signal.ID("engine/restarted/\(live.sequence + 1)"), .restarted, by: .engine, at: clock.now
        )
        take(Entry(conversation: id, content: .signal(restarted, nil)), &group)
        for child in orphans { take(leaving(child, in: id), &group) }
    }

    /// Reduces one entry and leaves the rest to the group.
    private func take(_ entry: Entry, _ group: inout Group) {
        let id = entry.conversation
        if let child = entry.child, conversations[id]?.state.run(child)?.parent?.isAttached != true {
            if conversations[id]?.sequence == 0 { conversations[id] = nil }
            return
        }
        group.members.append(entry)
        switch entry.content {
        case .question(let waiter):
            let state = conversations[id]?.state ?? Conversation(id: id)
            group.replies.append { waiter.resume(returning: .success(state)) }
        case .signal(var signal, let waiter):
            var directives: [Run.Directive] = []
            signal.time = max(signal.time, conversations[id]?.time ?? 0)
            let disposition = conversations[id]?.state.reduce(signal, into: &directives) ?? .stale
            if disposition != .duplicate, let sequence = conversations[id]?.sequence {
                conversations[id]?.sequence = sequence + 1
                conversations[id]?.time = signal.time
                let record = JournalRecord(
                    conversation: id, sequence: sequence + 1, signal: signal, disposition: disposition,
                    deeds: journal.isDurable ? directives.deeds : [])
                if journal.isDurable { conversations[id]?.chain.add(record, directives) }
                group.last[id] = group.entries.count
                group.entries.append(.record(record))
                if case .progress = signal.kind {} else { group.needsFlush = true }
                if durability != .sync, beginsWhatIsOnce(signal, directives, in: id) {
                    group.beginsWhatIsOnce = true
                }
            }
            group.deeds.append((id, directives))
            group.replies.append { waiter?.resume(returning: .success(disposition)) }
        }
    }

    /// Whether something begins that may not happen twice: its record is flushed first, whatever is promised for others. A
    /// power loss that forgot it would have it happen again.
    private func beginsWhatIsOnce(
        _ signal: Run.Signal, _ directives: [Run.Directive], in id: Conversation.ID
    ) -> Bool {
        var begun = directives.compactMap { directive in
            if case .startExecution(let execution) = directive { execution.id } else { nil }
        }
        // What had to wait for room counts as not begun until its start is recorded.
        if case .started(let execution) = signal.kind { begun.append(execution) }
        return begun.contains { execution in
            let step = conversations[id]?.state.run(execution.run)?.step(execution.ordinal)
            return step?.isRepeatable == false
        }
    }

    /// Gives the last record of each conversation its digest, and takes a snapshot where there was none for long.
    private func seal(_ group: inout Group) {
        for (id, index) in group.last.sorted(by: { a, b in a.value < b.value }) {
            guard var live = conversations[id], case .record(let record) = group.entries[index] else {
                continue
            }
            let digest = live.chain.close(with: live.state)
            group.entries[index] = .record(record.with(digest: digest))
            if live.sequence - live.snapshot >= snapshotInterval {
                live.snapshot = live.sequence
                // The group's own events are published once it is durable.
                let events = live.events.last + group.events(of: id)
                let snapshot = JournalSnapshot(
                    conversation: id, sequence: live.sequence, time: live.time, events: events,
                    digest: digest, state: live.state.snapshot)
                group.entries.append(.snapshot(snapshot))
            }
            conversations[id]?.chain = live.chain
            conversations[id]?.snapshot = live.snapshot
        }
    }

    /// Folds a conversation from the journal: from its last snapshot on.
    func load(_ id: Conversation.ID) async throws(EngineError) -> LiveConversation {
        do throws(JournalError) {
            let tail = try await journal.tail(of: id)
            var replay = JournalReplay(id)
            if let snapshot = tail.snapshot { replay = try JournalReplay(goingOnFrom: snapshot) }
            var events = EventLog(after: replay.events)
            for record in tail.records {
                do throws(JournalDivergence) {
                    for case .publish(let event) in try replay.apply(record) { events.append(event) }
                } catch {
                    throw JournalError(id.text, .diverged(sequence: error.record.sequence))
                }
            }
            return LiveConversation(replay, events: events, snapshot: tail.snapshot?.sequence ?? 0)
        } catch {
            throw .journal(error)
        }
    }

    /// Forgets a conversation whose journal failed; what is under way for it is cancelled, and its answers are lost.
    func drop(_ id: Conversation.ID) {
        guard let live = conversations.removeValue(forKey: id) else { return }
        if !live.executions.isEmpty { leftovers[id] = Set(live.executions.keys) }
        for live in live.executions.values { abandon(live) }
        for timer in live.timers.values { timer.cancel() }
    }
}
