extension Run {
    /// The timers that this state implies, the run's own first, then in step order: a function of the state alone.
    public var timers: [Timer] {
        guard status == .running else { return [] }
        var timers: [Timer] = []
        if let deadline, stop == nil {
            timers.append(timer(.run, Execution.ID(run: id, ordinal: 0, attempt: 0), deadline))
        }
        for index in round where !steps[index].status.isTerminal { addTimers(of: steps[index], to: &timers) }
        return timers
    }

    private func addTimers(of step: Step, to timers: inout [Timer]) {
        func add(_ kind: Timer.Kind, _ attempt: Int, probe: Int = 0, at instant: Milliseconds) {
            timers.append(
                timer(
                    kind, Execution.ID(run: id, ordinal: step.ordinal, attempt: attempt, probe: probe),
                    instant))
        }
        if let attempt = step.attempt {
            if let told = attempt.told {
                add(.grace, attempt.number, probe: attempt.probe, at: told.until)
            } else if attempt.waitingSince == nil, let limit = template.policy(for: step.kind).startToClose {
                add(.attempt, attempt.number, probe: attempt.probe, at: attempt.since.addingClamped(limit))
            }
        }
        guard stop == nil else { return }
        if step.status == .backoff, let due = step.due {
            add(step.kind == .timer ? .wait : .backoff, step.attempts, at: due)
        }
        if let expires = step.question?.expires { add(.gate, step.gates, at: expires) }
        if let deadline = step.deadline, step.ending == nil { add(.step, 0, at: deadline) }
    }

    private func timer(_ kind: Timer.Kind, _ owner: Execution.ID, _ instant: Milliseconds) -> Timer {
        Timer(id: Timer.ID(owner: owner, kind: kind, interruptions: interruptions), at: instant)
    }

    mutating func fire(_ timer: Timer.ID, _ transition: inout Transition) -> Disposition {
        guard timers.contains(where: { armed in armed.id == timer }) else { return .stale }
        transition.publish(.timerFired(timer))
        guard timer.kind != .run, let index = index(of: timer.ordinal) else {
            reachDeadline(&transition)
            return .applied
        }
        switch timer.kind {
        case .run: break
        case .attempt:
            let limit = template.policy(for: steps[index].kind).startToClose ?? 0
            let failure = Failure(.startToClose, "The attempt ran longer than \(limit) ms.")
            tell(index, .limit, failure: failure, &transition)
        case .grace: settle(index, .abandoned, &transition)
        case .backoff:
            steps[index].status = .ready
            steps[index].due = nil
        case .wait: finishStep(index, .completed, &transition)
        case .gate: expire(index, &transition)
        case .step:
            let limit = template.policy(for: steps[index].kind).scheduleToClose ?? 0
            let failure = Failure(.scheduleToClose, "All attempts together took longer than \(limit) ms.")
            endAlone(index, failure, &transition)
        }
        return .applied
    }
}
