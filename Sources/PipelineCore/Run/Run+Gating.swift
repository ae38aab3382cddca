extension Run {
    /// The gates that are open, in step order.
    public var gates: [Gate] {
        guard !status.isTerminal else { return [] }
        return round.compactMap { index in
            let step = steps[index]
            let ticket = gateTicket(index)
            let arguments = step.call?.arguments ?? .object([:])
            if let reason = step.asks {
                return Gate(
                    ticket: ticket, kind: .approval, ordinal: step.ordinal, name: step.name,
                    arguments: arguments, reason: reason)
            }
            guard step.confirms else { return nil }
            return Gate(
                ticket: ticket, kind: .confirmation, ordinal: step.ordinal, name: step.name,
                arguments: arguments, reason: step.failure?.message ?? "")
        }
    }

    /// The ticket of the latest gate of a step.
    func gateTicket(_ index: Int) -> Ticket { .gate(id, ordinal: steps[index].ordinal, steps[index].gates) }

    /// Whether every undecided step waits at a gate.
    var waitsOnlyAtGates: Bool {
        let undecided = round.filter { index in !steps[index].status.isTerminal }
        return !undecided.isEmpty
            && undecided.allSatisfy { index in steps[index].asks != nil || steps[index].confirms }
    }

    /// Opens the confirmation gate of a step whose outcome nobody knows.
    mutating func confirm(_ index: Int) {
        guard steps[index].status == .unknown, !steps[index].confirms else { return }
        steps[index].gates += 1
        steps[index].confirms = true
    }

    /// What the gateway's policy said: go on, no, or ask a person first.
    mutating func take(
        _ decision: Decision, on id: Execution.ID, _ transition: inout Transition
    ) -> Disposition {
        guard let index = awaiting(id) else { return .stale }
        let hasStarted = steps[index].attempt?.lifecycle != .requested
        if hasStarted, decision.verdict == .allow { return .stale }
        transition.publish(.policy(id, decision))
        switch decision.verdict {
        case .allow: break
        case .ask where hasStarted:
            // Whoever asks after the start may have begun: a second start could do it twice.
            settle(index, .canceled(effectBegan: true), &transition)
        case .deny:
            settle(index, .failed(Failure(.policyDenied, decision.denial)), &transition)
        case .ask where steps[index].approval != nil:
            // An approval covers all attempts of its step: whoever asks again would ask for ever.
            settle(
                index, .failed(Failure(.policyDenied, "It was approved, and its runner asks again.")),
                &transition)
        case .ask where phase == .running:
            finishAttempt(index, .canceled, failure: .approvalRequired, &transition)
            steps[index].status = .gate
            steps[index].gates += 1
            steps[index].asks = decision.reason
        case .ask:
            settle(index, .canceled(effectBegan: false), &transition)
        }
        return .applied
    }

    /// What a person said.
    mutating func take(
        _ answer: Gate.Answer, to ticket: Ticket, by actor: Actor, _ transition: inout Transition
    ) -> Disposition {
        guard let gate = gates.first(where: { gate in gate.ticket == ticket }),
            let index = index(of: gate.ordinal)
        else { return .rejected(.staleTicket) }
        guard gate.kind == answer.kind else { return .rejected(.payloadInvalid) }
        transition.publish(.gateAnswered(ticket, answer, by: actor))
        steps[index].asks = nil
        steps[index].confirms = false
        switch answer {
        case .approve:
            steps[index].approval = Approval(ticket: ticket, by: actor)
            steps[index].status = .ready
        case .deny(let message):
            let text = message.isEmpty ? "\(actor) denied it." : "\(actor) denied it: \(message)"
            finishStep(index, .failed, failure: Failure(.gateDenied, text), &transition)
        case .rerun:
            steps[index].awaitsEvidence = false
            steps[index].status = .ready
        case .skip:
            finishStep(index, .failed, failure: steps[index].failure, &transition)
        }
        return .applied
    }
}

extension Run.Decision {
    fileprivate var denial: String {
        reason.isEmpty
            ? "The policy's rule \(rule) denies it." : "The policy's rule \(rule) denies it: \(reason)"
    }
}
