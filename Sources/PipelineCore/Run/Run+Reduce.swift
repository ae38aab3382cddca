extension Run {
    /// Takes note of a signal and appends what must be done about it.
    ///
    /// Total: every signal in every phase has a disposition, and whatever is not `applied` leaves the run as it was.
    mutating func reduce(_ signal: Signal, into directives: inout [Directive]) -> Disposition {
        var transition = Transition(signal, from: self)
        let disposition = decide(signal, &transition)
        guard disposition == .applied else { return disposition }
        if !transition.isNews {
            settleStop(&transition)
            advance(&transition)
        }
        transition.finish(with: self, into: &directives)
        return .applied
    }

    /// The whole table: one line for each pair of phase and signal that means something.
    private mutating func decide(_ signal: Signal, _ transition: inout Transition) -> Disposition {
        switch (phase, signal.kind) {
        case (.pending, .userMessage): start(&transition)
        case (.running, .interrupt(_, let reason)): interrupt(reason, &transition)
        case (.pending, .interrupt): .rejected(.notStarted)
        case (.interrupted, .interrupt), (.stopping(.interrupt), .interrupt): .unchanged
        case (.stopping, .interrupt): .rejected(.stillStopping)
        case (.stopping(.cancel), .cancel): .unchanged
        case (.pending, .cancel(_, let why)), (.running, .cancel(_, let why)),
            (.stopping, .cancel(_, let why)),
            (.interrupted, .cancel(_, let why)), (.pending, .withdraw(_, let why)):
            cancel(why, &transition)
        case (_, .withdraw): .rejected(.requestNotQueued)
        case (.running, .cancelStep(_, let ordinal, let reason)),
            (.stopping(.interrupt), .cancelStep(_, let ordinal, let reason)),
            (.interrupted, .cancelStep(_, let ordinal, let reason)):
            cancelStep(ordinal, reason, &transition)
        case (.pending, .cancelStep): .rejected(.stepNotFound)
        case (.stopping, .cancelStep), (.stopping, .resume): .rejected(.stillStopping)
        case (.interrupted, .resume(_, let ticket, let resumption)):
            resume(ticket, resumption, by: signal.actor, &transition)
        case (.running, .resume): .rejected(waitsOnlyAtGates ? .gateUnresolved : .notInterrupted)
        case (.pending, .resume): .rejected(.notInterrupted)
        case (.running, .gateAnswer(let ticket, let answer)),
            (.interrupted, .gateAnswer(let ticket, let answer)),
            (.stopping(.interrupt), .gateAnswer(let ticket, let answer)):
            take(answer, to: ticket, by: signal.actor, &transition)
        case (.pending, .gateAnswer), (.stopping, .gateAnswer): .rejected(.staleTicket)
        case (.ended, .interrupt), (.ended, .cancel), (.ended, .cancelStep), (.ended, .resume),
            (.ended, .gateAnswer):
            .rejected(.runTerminal)

        case (.running, .policyDecided(let id, let decision)),
            (.stopping, .policyDecided(let id, let decision)):
            take(decision, on: id, &transition)
        case (.running, .started(let id)), (.stopping, .started(let id)): begin(id, &transition)
        case (.running, .progress(let id, let text)), (.stopping, .progress(let id, let text)):
            progress(id, text, &transition)
        case (.running, .exceeded(let id, let failure)), (.stopping, .exceeded(let id, let failure)):
            exceed(id, failure, &transition)
        case (.running, .completed(let id, let result)), (.stopping, .completed(let id, let result)),
            (.interrupted, .completed(let id, let result)):
            settle(id, .completed(result), &transition)
        case (.running, .failed(let id, let failure)), (.stopping, .failed(let id, let failure)):
            settle(id, .failed(failure), &transition)
        case (.running, .canceled(let id, let cancellation)),
            (.stopping, .canceled(let id, let cancellation)):
            settle(id, .canceled(cancellation), &transition)
        case (.running, .timerFired(let timer)), (.stopping, .timerFired(let timer)): fire(timer, &transition)
        case (_, .restarted): recover(&transition)

        case (_, .policyDecided), (_, .started), (_, .progress), (_, .exceeded), (_, .completed),
            (_, .failed), (_, .canceled), (_, .timerFired), (_, .userMessage), (_, .cancelConversation),
            (_, .resumeConversation),
            (_, .switchMode):
            .stale
        }
    }
}
