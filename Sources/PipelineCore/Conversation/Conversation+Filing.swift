extension Conversation {
    /// Parks the active run when it is interrupted, and keeps a summary when it has ended.
    mutating func fileActive() {
        guard let run = active else { return }
        switch run.status {
        case .pending, .running: return
        case .interrupted: parked.append(run)
        case .completed, .failed, .canceled: summarize(run)
        }
        active = nil
    }

    /// Activates a parked run that was resumed, and keeps a summary when it has ended.
    mutating func fileParked(_ index: Int) {
        let run = parked[index]
        switch run.status {
        case .interrupted: return
        case .pending, .running: active = run
        case .completed, .failed, .canceled: summarize(run)
        }
        parked.remove(at: index)
    }

    private mutating func summarize(_ run: Run) {
        if let answer = run.answer {
            add(.assistant(answer.truncated(to: Conversation.mostBytes), calls: []))
        }
        finished.append(
            Summary(
                run: run.id, status: run.status, failure: run.failure, reason: run.reason, usage: run.usage))
        if finished.count > Conversation.mostFinished {
            finished.removeFirst(finished.count - Conversation.mostFinished)
        }
    }

    /// Resumes a parked run when the conversation is free.
    mutating func resume(
        _ id: Run.ID, _ ticket: Run.Ticket, _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        if let active, active.id != id, let run = run(id) {
            return .rejected(run.holds(ticket) ? .anotherRunActive : .staleTicket)
        }
        return pass(signal, to: id, into: &directives) ?? missing(id)
    }

    /// Takes up whatever another process left, the active run first.
    mutating func recover(
        _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        var deeds: [Run.Directive] = [
            .publish(Run.Event(kind: .restarted, cause: signal.id, time: signal.time))
        ]
        let waiting = parked.map { run in run.id }
        if let active { _ = pass(signal, to: active.id, into: &deeds) }
        for run in waiting { _ = pass(signal, to: run, into: &deeds) }
        for rank in Run.Directive.ranks {
            for directive in deeds where directive.rank == rank { directives.append(directive) }
        }
        return .applied
    }
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
