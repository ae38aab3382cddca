extension Run {
    /// The timers that this state implies, in step order: a function of the state alone.
    public var timers: [Timer] {
        guard status == .running else { return [] }
        return round.compactMap { index in
            let step = steps[index]
            let kind: Timer.Kind
            let at: Milliseconds
            if let attempt = step.attempt {
                kind = attempt.told == nil ? .attempt : .grace
                at =
                    attempt.told?.until
                    ?? attempt.since.addingClamped(template.policy(for: step.kind).startToClose)
            } else if step.status == .backoff, stop == nil, let due = step.due {
                kind = .backoff
                at = due
            } else {
                return nil
            }
            return Timer(
                id: Timer.ID(
                    run: id, ordinal: step.ordinal, attempt: step.attempts, kind: kind,
                    interruptions: interruptions),
                at: at)
        }
    }

    mutating func fire(_ timer: Timer.ID, _ transition: inout Transition) -> Disposition {
        guard let index = index(of: timer.ordinal), timers.contains(where: { armed in armed.id == timer })
        else { return .stale }
        transition.publish(.timerFired(timer))
        switch timer.kind {
        case .attempt: tell(index, .timeout, &transition)
        case .grace: settle(index, .abandoned, &transition)
        case .backoff:
            steps[index].status = .ready
            steps[index].due = nil
        }
        return .applied
    }
}
