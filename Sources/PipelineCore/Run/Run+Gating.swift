extension Run {
    /// The gates that are open, in step order.
    public var gates: [Gate] {
        guard !status.isTerminal else { return [] }
        return round.compactMap { index in
            let step = steps[index]
            guard let question = step.question else { return nil }
            return Gate(
                ticket: gateTicket(index), kind: question.kind, ordinal: step.ordinal, name: step.name,
                arguments: step.call?.arguments ?? .object([:]), reason: question.reason,
                approvers: question.approvers)
        }
    }

    /// The ticket of the latest gate of a step.
    func gateTicket(_ index: Int) -> Ticket { .gate(id, ordinal: steps[index].ordinal, steps[index].gates) }

    /// Whether every undecided step waits at a gate.
    var waitsOnlyAtGates: Bool {
        let undecided = round.filter { index in !steps[index].status.isTerminal }
        return !undecided.isEmpty && undecided.allSatisfy { index in steps[index].question != nil }
    }

    /// Opens the confirmation gate of a step whose outcome nobody knows.
    mutating func confirm(_ index: Int, _ transition: inout Transition) {
        guard steps[index].status == .unknown, steps[index].attempt == nil, steps[index].question == nil
        else {
            return
        }
        ask(
            .confirmation, steps[index].failure?.message ?? "",
            Template.Gate(timeout: template.gates.timeout),
            index, &transition)
    }

    /// Asks for approval before the first attempt; where nobody is there to ask, that is a no.
    mutating func askApproval(
        _ index: Int, _ reason: String, _ gate: Template.Gate, _ transition: inout Transition
    ) {
        guard !isUnattended else {
            let failure = Failure(.gateDenied, "It needs approval, and nobody is there to ask.")
            return finishStep(index, .failed, failure: failure, &transition)
        }
        steps[index].status = .gate
        ask(.approval, reason, gate, index, &transition)
    }

    private mutating func ask(
        _ kind: Gate.Kind, _ reason: String, _ gate: Template.Gate, _ index: Int,
        _ transition: inout Transition
    ) {
        steps[index].gates += 1
        steps[index].question = Step.Question(
            kind: kind, reason: reason,
            expires: gate.timeout.map { timeout in now(transition).addingClamped(timeout) },
            approvers: gate.approvers)
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
        case .allow: if let taken = decision.waitsBehind { wait(index, behind: taken, &transition) }
        case .ask where hasStarted:
            // Whoever asks after the start may have begun: a second start could do it twice.
            settle(index, .canceled(Cancellation(effectBegan: true)), &transition)
        case .deny:
            settle(index, .failed(Failure(.policyDenied, decision.denial)), &transition)
        case .ask where steps[index].approval != nil || id.isProbe:
            // An approval covers all attempts of its step: whoever asks again would ask for ever.
            settle(
                index, .failed(Failure(.policyDenied, "It was approved, and its runner asks again.")),
                &transition)
        case .ask where phase == .running && steps[index].ending == nil:
            finishAttempt(index, .canceled, failure: .approvalRequired, &transition)
            askApproval(index, decision.reason, template.gates, &transition)
        case .ask:
            settle(index, .canceled(Cancellation(effectBegan: false)), &transition)
        }
        return .applied
    }

    /// What a person said.
    mutating func take(
        _ answer: Gate.Answer, to ticket: Ticket, by actor: Actor, _ transition: inout Transition
    ) -> Disposition {
        guard case .gate(_, let ordinal, _) = ticket, let index = index(of: ordinal),
            let question = steps[index].question, gateTicket(index) == ticket
        else { return .rejected(.staleTicket) }
        guard question.kind == answer.kind else { return .rejected(.payloadInvalid) }
        switch answer {
        case .approve(let arguments):
            return approve(index, question, arguments, by: actor, &transition)
        case .deny(let message):
            let text = message.isEmpty ? "\(actor) denied it." : "\(actor) denied it: \(message)"
            close(index, answer, by: actor, &transition)
            finishStep(index, .failed, failure: Failure(.gateDenied, text), &transition)
        case .rerun:
            close(index, answer, by: actor, &transition)
            steps[index].awaitsEvidence = false
            steps[index].status = .ready
            steps[index].motive = .rerun
        case .skip:
            close(index, answer, by: actor, &transition)
            finishStep(index, .failed, failure: steps[index].failure, &transition)
        case .supply(let output):
            close(index, answer, by: actor, &transition)
            finishStep(index, .completed, result: Result(output: output), &transition)
        case .failRun:
            close(index, answer, by: actor, &transition)
            let failure = steps[index].failure ?? Failure(.outcomeUnknown, "\(actor) failed the run.")
            finishStep(index, .failed, failure: failure, &transition)
            beginStop(.fail, failure.message, failure: failure, &transition)
        }
        return .applied
    }

    /// One more person agrees; with the last one the step is ready.
    private mutating func approve(
        _ index: Int, _ question: Step.Question, _ arguments: JSON?, by actor: Actor,
        _ transition: inout Transition
    ) -> Disposition {
        let isEdit = arguments.map { arguments in arguments != steps[index].call?.arguments } ?? false
        if isEdit, steps[index].call == nil { return .rejected(.payloadInvalid) }
        if !isEdit, question.agreed.contains(actor) { return .unchanged }
        // Whoever agreed before agreed to other arguments.
        let agreed = (isEdit ? [] : question.agreed) + [actor]
        if isEdit, let arguments, let call = steps[index].call {
            // What was declared of the call was declared of other arguments.
            let edited = Call(
                id: call.id, name: call.name, arguments: arguments, needsApproval: call.needsApproval)
            if steps[index].reason == .call, let tools = template.steps[position].strategy?.tools,
                tools.refusal(of: edited) != nil
            {
                return .rejected(.payloadInvalid)
            }
            steps[index].call = edited
        }
        guard agreed.count >= question.approvers else {
            transition.publish(
                .gateAnswered(
                    gateTicket(index), .approve(arguments: arguments), by: actor,
                    missing: question.approvers - agreed.count))
            steps[index].question?.agreed = agreed
            return .applied
        }
        steps[index].approval = Approval(ticket: gateTicket(index), by: agreed)
        close(index, .approve(arguments: arguments), by: actor, &transition)
        if steps[index].kind == .humanGate {
            finishStep(index, .completed, &transition)
        } else {
            steps[index].status = .ready
            steps[index].motive = .approval
        }
        return .applied
    }

    private mutating func close(
        _ index: Int, _ answer: Gate.Answer, by actor: Actor, _ transition: inout Transition
    ) {
        transition.publish(.gateAnswered(gateTicket(index), answer, by: actor))
        steps[index].question = nil
    }

    /// Nobody has answered in time: that is a no, or a skip.
    mutating func expire(_ index: Int, _ transition: inout Transition) {
        guard let question = steps[index].question else { return }
        transition.publish(.gateExpired(gateTicket(index)))
        steps[index].question = nil
        switch question.kind {
        case .approval:
            let failure = Failure(.gateExpired, "Nobody answered in time.")
            finishStep(index, .failed, failure: failure, &transition)
        case .confirmation: finishStep(index, .failed, failure: steps[index].failure, &transition)
        }
    }
}

extension Run.Decision {
    fileprivate var denial: String {
        reason.isEmpty
            ? "The policy's rule \(rule) denies it." : "The policy's rule \(rule) denies it: \(reason)"
    }
}
