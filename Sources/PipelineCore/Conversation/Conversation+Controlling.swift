extension Conversation {
    /// Whether this actor may control what the signal names: a run may be restricted to some operators.
    func permits(_ signal: Run.Signal) -> Bool {
        switch signal.kind {
        case .resume(let id, _, _) where signal.actor == .engine,
            .cancel(let id, _) where signal.actor == .engine:
            // The engine controls what a step of another run has opened, and nothing else.
            run(id).map { run in run.parent?.isAttached ?? false } ?? true
        case .interrupt(let id, _), .resume(let id, _, _), .cancel(let id, _), .cancelStep(let id, _, _),
            .withdraw(let id, _):
            run(id)?.permits(signal.actor) ?? true
        case .gateAnswer(let ticket, _): run(ticket.run)?.permits(signal.actor) ?? true
        case .cancelConversation, .resumeConversation: all { run in run.permits(signal.actor) }
        case .switchMode(let change): !change.isForced || active?.permits(signal.actor) ?? true
        case .userMessage, .policyDecided, .started, .progress, .exceeded, .completed, .failed, .canceled,
            .timerFired,
            .restarted:
            true
        }
    }

    private func all(_ holds: (Run) -> Bool) -> Bool {
        parked.allSatisfy(holds) && queue.allSatisfy(holds) && active.map(holds) ?? true
    }

    /// Resumes a parked run when the conversation is free.
    mutating func resume(
        _ id: Run.ID, _ ticket: Run.Ticket, _ resumption: Run.Resumption, _ signal: Run.Signal,
        into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        if let active, active.id != id, let run = run(id) {
            if run.status == .pending { return .rejected(.notInterrupted) }
            return .rejected(run.refusal(of: ticket, resumption) ?? .anotherRunActive)
        }
        return pass(signal, to: id, into: &directives) ?? missing(id)
    }

    /// Ends every run: what waits, what is parked, what is active. No request is taken until the conversation is resumed.
    mutating func cancel(
        _ reason: String, _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        guard cancellation == nil else { return .unchanged }
        cancellation = reason
        let event = Run.Event(
            kind: .conversationCanceled(reason: reason), cause: signal.id, time: signal.time)
        directives.append(.publish(event))
        holder = nil
        let all = waiting.map { charter in charter.id } + parked.map { run in run.id }
        // Put in order once: a long queue would be gone through again for each request in it.
        var canceled: [Run.Directive] = []
        for run in all + (active.map { run in [run.id] } ?? []) {
            _ = pass(signal.with(.cancel(run, reason: reason)), to: run, into: &canceled)
        }
        directives.merge(canceled)
        return .applied
    }

    /// Takes requests again, once everything has settled.
    mutating func resume(
        _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        guard cancellation != nil else { return .rejected(.notCanceled) }
        guard active == nil else { return .rejected(.stillStopping) }
        cancellation = nil
        directives.append(
            .publish(Run.Event(kind: .conversationResumed, cause: signal.id, time: signal.time)))
        return .applied
    }

    /// Takes up whatever another process left, the active run first.
    mutating func recover(
        _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        directives.append(.publish(Run.Event(kind: .restarted, cause: signal.id, time: signal.time)))
        let waiting = (active.map { run in [run.id] } ?? []) + parked.map { run in run.id }
        for run in waiting {
            var recovered: [Run.Directive] = []
            _ = pass(signal, to: run, into: &recovered)
            directives.merge(recovered)
        }
        return .applied
    }
}

extension Run {
    func permits(_ actor: Actor) -> Bool {
        guard !operators.isEmpty, actor != .engine else { return true }
        guard case .operator(let name) = actor else { return false }
        return operators.contains(name)
    }
}
