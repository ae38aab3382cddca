extension Conversation {
    /// Takes note of a signal and appends what must be done about it.
    ///
    /// Total and deterministic. A request that is rejected or changes nothing appends one audit event and leaves the
    /// state as it was; a duplicate and a stale answer append nothing. The cost does not grow with history.
    public mutating func reduce(
        _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        let disposition = judge(signal, into: &directives)
        switch disposition {
        case .applied where signal.isRequest: seen.insert(signal.id)
        case .unchanged, .rejected:
            let event = Run.Event(
                kind: .request(signal.kind.word, disposition), cause: signal.id, time: signal.time)
            directives.append(.publish(event))
        case .applied, .duplicate, .stale: break
        }
        return disposition
    }

    /// What comes before the table: who may ask, what was asked before, and what is too large to keep.
    private mutating func judge(
        _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        guard signal.isAuthorized else { return signal.isRequest ? .rejected(.unauthorized) : .stale }
        guard signal.isRequest else { return decide(signal, into: &directives) }
        guard permits(signal) else { return .rejected(.unauthorized) }
        guard !seen.contains(signal.id) else { return .duplicate }
        guard signal.fits else { return .rejected(.payloadInvalid) }
        return decide(signal, into: &directives)
    }

    /// The table: what concerns the conversation is done here, and everything else goes to the run that it names.
    private mutating func decide(
        _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        switch signal.kind {
        case .userMessage where cancellation != nil, .resume where cancellation != nil:
            .rejected(.conversationCanceled)
        case .userMessage(let request): open(request, signal, into: &directives)
        case .resume(let run, let ticket, let resumption):
            resume(run, ticket, resumption, signal, into: &directives)
        case .cancelConversation(let reason): cancel(reason, signal, into: &directives)
        case .resumeConversation: resume(signal, into: &directives)
        case .switchMode(let change): switchMode(change, signal, into: &directives)
        case .interrupt(let run, _), .cancel(let run, _), .cancelStep(let run, _, _):
            pass(signal, to: run, into: &directives) ?? missing(run)
        case .withdraw(let run, _):
            pass(signal, to: run, into: &directives) ?? missing(run, else: .requestNotQueued)
        case .gateAnswer(let ticket, _):
            pass(signal, to: ticket.run, into: &directives) ?? missing(ticket.run, else: .gateNotFound)
        case .policyDecided(let id, _), .started(let id), .progress(let id, _), .exceeded(let id, _),
            .completed(let id, _), .failed(let id, _), .canceled(let id, _):
            pass(signal, to: id.run, into: &directives) ?? .stale
        case .timerFired(let timer): pass(signal, to: timer.run, into: &directives) ?? .stale
        case .restarted: recover(signal, into: &directives)
        }
    }

    /// Why no run of this id can be steered.
    func missing(_ run: Run.ID, else code: Run.Rejection = .runNotFound) -> Run.Disposition {
        .rejected(finished.contains { summary in summary.run == run } ? .runTerminal : code)
    }
}
