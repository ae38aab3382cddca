extension Conversation {
    /// Hands a signal to its run, and files the run where it then belongs; nil when there is no such run.
    ///
    /// What the run decides and what follows for the conversation is one transition: its directives are in order.
    mutating func pass(
        _ signal: Run.Signal, to id: Run.ID, into directives: inout [Run.Directive]
    ) -> Run.Disposition? {
        if active?.id == id {
            let disposition = active?.reduce(signal, into: &directives)
            if disposition == .applied { fileActive(signal, into: &directives) }
            return disposition
        }
        if let index = parked.firstIndex(where: { run in run.id == id }) {
            let disposition = parked[index].reduce(signal, into: &directives)
            if disposition == .applied { fileParked(index, signal, into: &directives) }
            return disposition
        }
        guard signal.isRequest, let index = queue.firstIndex(where: { run in run.id == id }) else {
            return nil
        }
        let disposition = queue[index].reduce(signal, into: &directives)
        if disposition == .applied { summarize(queue.remove(at: index)) }
        return disposition
    }

    /// Parks the active run when it is interrupted, and keeps a summary when it has ended.
    private mutating func fileActive(_ signal: Run.Signal, into directives: inout [Run.Directive]) {
        guard let run = active else { return }
        switch run.status {
        case .pending, .running: return
        case .interrupted:
            active = nil
            parked.append(run)
            holder = run.id
        case .completed, .failed, .canceled:
            active = nil
            summarize(run)
            startNext(signal, into: &directives)
        }
    }

    /// Activates a parked run that was resumed, and keeps a summary when it has ended.
    private mutating func fileParked(
        _ index: Int, _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) {
        let run = parked[index]
        switch run.status {
        case .interrupted: return
        case .pending, .running:
            parked.remove(at: index)
            active = run
        case .completed, .failed, .canceled:
            parked.remove(at: index)
            summarize(run)
            // A run that was resumed and ended at once held the conversation for a moment.
            if holder == run.id || signal.kind.isResume { startNext(signal, into: &directives) }
        }
    }

    /// Begins the oldest request that waits, when the conversation is free; one that is interrupted as it begins
    /// holds the others.
    mutating func startNext(_ signal: Run.Signal, into directives: inout [Run.Directive]) {
        holder = nil
        while active == nil, holder == nil, cancellation == nil, !queue.isEmpty {
            let run = queue.removeFirst()
            var started: [Run.Directive] = []
            begin(run, signal, into: &started)
            directives.merge(started)
        }
    }

    /// Gives a pending run the conversation.
    mutating func begin(_ run: Run, _ signal: Run.Signal, into directives: inout [Run.Directive]) {
        var run = run
        add(.user(run.request))
        let message = Run.Event.Kind.message(run.id, .user(run.request))
        directives.append(.publish(Run.Event(kind: message, cause: signal.id, time: signal.time)))
        run.context = messages
        run.begin(signal, into: &directives)
        active = run
        fileActive(signal, into: &directives)
    }

    func summary(of run: Run) -> Summary {
        Summary(
            run: run.id, status: run.status, failure: run.failure, reason: run.reason, usage: run.spent.usage)
    }

    mutating func summarize(_ run: Run) {
        if run.isCommitted, let answer = run.answer {
            add(.assistant(answer.truncated(to: Conversation.mostBytes), calls: []))
        }
        finished.append(summary(of: run))
        if finished.count > Conversation.mostFinished {
            finished.removeFirst(finished.count - Conversation.mostFinished)
        }
    }

    mutating func add(_ message: Run.Message) {
        messages.append(message)
        if messages.count > Conversation.mostMessages {
            messages.removeFirst(messages.count - Conversation.mostMessages)
        }
    }
}

extension [Run.Directive] {
    /// Adds the directives of a transition that belongs to the same signal, each in its group.
    mutating func merge(_ others: [Run.Directive]) {
        guard let most = last?.rank, others.contains(where: { other in other.rank < most }) else {
            return append(contentsOf: others)
        }
        let all = self + others
        removeAll(keepingCapacity: true)
        for rank in Run.Directive.ranks {
            for directive in all where directive.rank == rank { append(directive) }
        }
    }
}

extension Run.Signal.Kind {
    fileprivate var isResume: Bool { if case .resume = self { true } else { false } }
}

extension String {
    /// At most this many bytes of UTF-8, cut between Unicode scalars.
    func truncated(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: max(0, bytes))
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
