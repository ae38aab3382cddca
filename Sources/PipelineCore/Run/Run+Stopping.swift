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
        for index in round { tell(index, .stop, &transition) }
        if kind > .interrupt { sweep(&transition) }
        settleStop(&transition)
    }

    /// Cancels the open attempt of a step, once.
    mutating func tell(_ index: Int, _ why: Attempt.Told.Why, _ transition: inout Transition) {
        guard let attempt = steps[index].attempt, attempt.told == nil else { return }
        let until = transition.time.addingClamped(template.grace)
        steps[index].attempt?.told = Attempt.Told(why: why, until: until)
        transition.cancel(executionID(steps[index].ordinal, attempt.number))
    }

    /// Ends every undecided step that has no open attempt.
    private mutating func sweep(_ transition: inout Transition) {
        for index in round where steps[index].attempt == nil {
            switch steps[index].status {
            case .gate, .ready, .backoff:
                finishStep(
                    index, .canceled, failure: Failure(.canceled, "The run stopped."), &transition)
            case .unknown: finishStep(index, .failed, failure: steps[index].failure, &transition)
            case .open, .completed, .failed, .canceled: break
            }
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
            for index in round { confirm(index) }
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

    /// The first of tool, command, strategy, gate and timer that is in flight.
    private var inFlight: InFlight {
        let open = round.filter { index in steps[index].attempt != nil }
        for (kind, word) in [(Step.Class.tool, InFlight.tool), (.command, .command), (.llm, .strategy)]
        where open.contains(where: { index in steps[index].kind == kind }) {
            return word
        }
        if !gates.isEmpty { return .gate }
        return round.contains { index in steps[index].status == .backoff } ? .timer : .none
    }
}
