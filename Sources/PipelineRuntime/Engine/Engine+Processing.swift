import PipelineCore

extension Engine {
    /// What a reduced group waits with until its records are durable.
    private struct Group {
        var records: [JournalRecord] = []
        var needsFlush = false
        var deeds: [(Conversation.ID, [Run.Directive])] = []
        var replies: [() -> Void] = []
        var members: [Entry] = []
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
        if !group.records.isEmpty {
            do throws(JournalError) {
                try await journal.append(group.records, flushing: group.needsFlush)
            } catch {
                for record in group.records { drop(record.conversation) }
                for entry in group.members { entry.fail(.journal(error)) }
                return wakeListeners()
            }
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
                group.records.append(
                    JournalRecord(
                        conversation: id, sequence: sequence + 1, signal: signal, disposition: disposition))
                if case .progress = signal.kind {} else { group.needsFlush = true }
            }
            group.deeds.append((id, directives))
            group.replies.append { waiter?.resume(returning: .success(disposition)) }
        }
    }

    /// Folds a conversation from the journal.
    func load(_ id: Conversation.ID) async throws(EngineError) -> LiveConversation {
        do throws(JournalError) {
            var live = LiveConversation(state: Conversation(id: id))
            for record in try await journal.records(of: id) {
                var directives: [Run.Directive] = []
                let disposition = live.state.reduce(record.signal, into: &directives)
                guard disposition == record.disposition else {
                    throw JournalError(id.text, .diverged(sequence: record.sequence))
                }
                live.sequence = record.sequence
                live.time = record.signal.time
                for case .publish(let event) in directives { live.events.append(event) }
            }
            return live
        } catch {
            throw .journal(error)
        }
    }

    /// Forgets a conversation whose journal failed; what is under way for it is cancelled, and its answers are lost.
    private func drop(_ id: Conversation.ID) {
        guard let live = conversations.removeValue(forKey: id) else { return }
        if !live.executions.isEmpty { leftovers[id] = Set(live.executions.keys) }
        for live in live.executions.values { abandon(live) }
        for timer in live.timers.values { timer.cancel() }
    }
}
