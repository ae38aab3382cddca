extension Run {
    mutating func interrupt(_ reason: String, _ transition: inout Transition) -> Disposition {
        beginStop(.interrupt, reason, &transition)
        return .applied
    }

    mutating func cancel(_ reason: String, _ transition: inout Transition) -> Disposition {
        beginStop(.cancel, reason, &transition)
        return .applied
    }

    /// Takes up a stop intent, tells whatever is open, and ends the stop at once if nothing is.
    mutating func beginStop(
        _ kind: Stop.Kind, _ reason: String, failure: Failure? = nil, _ transition: inout Transition
    ) {
        if let stop, stop.kind >= kind { return }
        let intent = Stop(
            kind: kind, reason: reason, cause: transition.cause, inFlight: stop?.inFlight ?? inFlight,
            failure: failure)
        stop = intent
        transition.publish(.run(id, .stopping(intent)))
        if kind == .interrupt { pausedAt = transition.time }
        for index in round { tell(index, .stop, &transition) }
        if kind > .interrupt { sweep(&transition) }
        settleStop(&transition)
    }

    /// Cancels the open execution of a step, once.
    ///
    /// - Parameter failure: what the attempt has failed with, where it is told because of a limit.
    mutating func tell(
        _ index: Int, _ why: Attempt.Told.Why, failure: Failure? = nil, _ transition: inout Transition
    ) {
        guard let attempt = steps[index].attempt, attempt.told == nil, let id = executionID(of: index) else {
            return
        }
        let until = transition.time.addingClamped(template.grace(for: steps[index].kind))
        steps[index].attempt?.told = Attempt.Told(why: why, failure: failure, until: until)
        transition.cancel(id)
    }

    /// Ends every undecided step that has no open execution.
    private mutating func sweep(_ transition: inout Transition) {
        for index in round where steps[index].attempt == nil && !steps[index].status.isTerminal {
            end(index, Failure(.canceled, "The run stopped: \(stop?.reason ?? "")"), &transition)
        }
    }

    /// Ends a step with nothing open: nobody knows its outcome, or it is not done.
    private mutating func end(_ index: Int, _ failure: Failure, _ transition: inout Transition) {
        if steps[index].status == .unknown {
            finishStep(index, .failed, failure: steps[index].failure, &transition)
        } else {
            finishStep(
                index, failure.category == .canceled ? .canceled : .failed, failure: failure, &transition)
        }
    }

    /// Gives a stopping run its new status once nothing is open any more.
    mutating func settleStop(_ transition: inout Transition) {
        guard let stop, !round.contains(where: { index in steps[index].attempt != nil }) else { return }
        self.stop = nil
        switch stop.kind {
        case .interrupt:
            status = .interrupted
            interruptions += 1
            let interruption = Interruption(
                ticket: .interruption(id, interruptions), reason: stop.reason, cause: stop.cause,
                inFlight: stop.inFlight)
            self.interruption = interruption
            for index in round where !steps[index].needsProbe { confirm(index, &transition) }
            transition.publish(.run(id, .interrupted(interruption)))
        case .fail:
            sweep(&transition)
            let failure = stop.failure ?? Failure(.unknown, stop.reason)
            status = .failed
            self.failure = failure
            transition.publish(.run(id, .failed(failure)))
        case .cancel:
            sweep(&transition)
            status = .canceled
            reason = stop.reason
            transition.publish(.run(id, .canceled(reason: stop.reason)))
        }
    }

    mutating func cancelStep(
        _ ordinal: Int, _ reason: String, _ transition: inout Transition
    ) -> Disposition {
        guard (1..<nextOrdinal).contains(ordinal) else { return .rejected(.stepNotFound) }
        guard let index = index(of: ordinal), !steps[index].status.isTerminal else {
            return .rejected(.stepTerminal)
        }
        guard steps[index].kind != .llm, steps[index].kind != .system else {
            return .rejected(.stepNotCancelable)
        }
        guard steps[index].ending == nil else { return .unchanged }
        // Whoever cancels a gate says no.
        let category = steps[index].kind == .humanGate ? Failure.Category.gateDenied : .canceled
        endAlone(index, Failure(category, reason), &transition)
        return .applied
    }

    /// Ends one step while its run goes on: at once, or when what is open has answered.
    mutating func endAlone(_ index: Int, _ failure: Failure, _ transition: inout Transition) {
        guard steps[index].attempt != nil else { return end(index, failure, &transition) }
        steps[index].ending = failure
        publishStep(index, &transition)
        tell(index, .step, &transition)
    }

    /// The first of these that is in flight: tool, command, workflow, strategy, gate, timer.
    private var inFlight: InFlight {
        let open = round.filter { index in steps[index].attempt != nil }
        let kinds: [(Step.Class, InFlight)] = [
            (.tool, .tool), (.command, .command), (.workflow, .workflow), (.llm, .strategy),
        ]
        for (kind, word) in kinds where open.contains(where: { index in steps[index].kind == kind }) {
            return word
        }
        if round.contains(where: { index in steps[index].question != nil }) { return .gate }
        return round.contains { index in steps[index].status == .backoff } ? .timer : .none
    }
}
