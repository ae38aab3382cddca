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
        guard signal.isRequest, let index = waiting.index(of: id) else {
            return nil
        }
        var run = Run(pending: waiting[index])
        let disposition = run.reduce(signal, into: &directives)
        if disposition == .applied {
            waiting.remove(at: index)
            summarize(run)
        }
        return disposition
    }

    /// Parks the active run when it is interrupted, and keeps a summary when it has ended.
    private mutating func fileActive(_ signal: Run.Signal, into directives: inout [Run.Directive]) {
        // Most signals end nothing: a run that goes on stays where it is, and is not copied.
        if let status = active?.status, status == .running || status == .pending { return }
        guard let run = active else { return }
        active = nil
        if file(run) { startNext(signal, into: &directives) }
    }

    /// Activates a parked run that was resumed, and keeps a summary when it has ended.
    private mutating func fileParked(
        _ index: Int, _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) {
        let run = parked[index]
        guard run.status != .interrupted else { return }
        parked.remove(at: index)
        let wasHolder = holder == run.id
        // A run that was resumed and ended at once held the conversation for a moment.
        if file(run), wasHolder || signal.kind.isResume { startNext(signal, into: &directives) }
    }

    /// Puts a run where it belongs; true when it has ended and leaves the conversation free.
    private mutating func file(_ run: Run) -> Bool {
        switch run.status {
        case .pending, .running:
            active = run
            return false
        case .interrupted:
            parked.append(run)
            holder = run.id
            return false
        case .completed, .failed, .canceled:
            summarize(run)
            return true
        }
    }

    /// Begins the oldest request that waits, when the conversation is free; and the next, when that one ends as it begins.
    mutating func startNext(_ signal: Run.Signal, into directives: inout [Run.Directive]) {
        holder = nil
        var started: [Run.Directive] = []
        var begun = 0
        var isFree = active == nil && cancellation == nil
        while isFree, begun < waiting.count {
            var run = Run(pending: waiting[begun])
            begun += 1
            add(.user(run.request))
            let message = Run.Event.Kind.message(run.id, .user(run.request))
            started.append(.publish(Run.Event(kind: message, cause: signal.id, time: signal.time)))
            run.context = messages
            run.begin(signal, into: &started)
            isFree = file(run)
        }
        waiting.removeFirst(begun)
        directives.merge(started)
    }

    func summary(of run: Run) -> Summary {
        Summary(
            run: run.id, status: run.status, failure: run.failure, reason: run.reason, usage: run.spent.usage)
    }

    mutating func summarize(_ run: Run) {
        if let answer = run.committed {
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
        append(contentsOf: others)
        guard zip(self, dropFirst()).contains(where: { first, second in first.rank > second.rank }) else {
            return
        }
        let all = self
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
