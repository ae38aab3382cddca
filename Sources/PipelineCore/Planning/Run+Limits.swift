extension Run {
    /// What is left of each limit at this instant; nothing in flight is set aside. What is nil is not limited.
    public func remaining(at time: Milliseconds) -> Limits {
        var left = limits
        left.steps = max(0, limits.steps - spent.steps)
        left.attempts = limits.attempts.map { most in max(0, most - spent.attempts) }
        left.tokens = limits.tokens.map { most in max(0, most - spent.usage.tokens) }
        left.cost = limits.cost.map { most in max(0, most - spent.usage.cost) }
        left.wall = deadline.map { deadline in deadline.since(pausedAt ?? time) } ?? limits.wall
        return left
    }

    /// Stops the run before what does not fit into a limit any more.
    mutating func reach(_ name: LimitName, refusing calls: [String], _ transition: inout Transition) {
        let (used, allowed) = measure(name)
        announce(name, used: used, of: allowed, refusing: calls, &transition)
        if template.onLimit == .interrupt, !isUnattended {
            beginStop(.interrupt, name.rawValue, &transition)
        } else {
            let failure = Failure(
                .limitExceeded, "The run has used \(used) of \(allowed).", code: name.rawValue)
            beginStop(.fail, name.rawValue, failure: failure, &transition)
        }
    }

    /// Fails the run when its time is over, whether its timer or a start finds that out.
    mutating func reachDeadline(_ transition: inout Transition) {
        let (used, allowed) = measure(.wall)
        announce(.wall, used: used, of: allowed, &transition)
        let failure = Failure(.runDeadline, "The run took longer than \(allowed) ms.")
        beginStop(.fail, LimitName.wall.rawValue, failure: failure, &transition)
    }

    /// Tells subscribers that the run has come to a limit.
    func announce(
        _ name: LimitName, used: Int64, of allowed: Int64, refusing calls: [String] = [],
        _ transition: inout Transition
    ) {
        transition.publish(
            .limitReached(id, Event.Limit(name: name, used: used, allowed: allowed, refused: calls)))
    }

    private func measure(_ name: LimitName) -> (used: Int64, allowed: Int64) {
        switch name {
        case .attempts: (Int64(spent.attempts), Int64(limits.attempts ?? 0))
        case .tokens: (spent.usage.tokens, limits.tokens ?? 0)
        case .cost: (spent.usage.cost, limits.cost ?? 0)
        case .wall: (limits.wall ?? 0, limits.wall ?? 0)
        case .steps, .loops, .visits, .callsPerAnswer, .concurrency, .output, .artifact, .reports, .idle,
            .queue, .parked:
            (Int64(spent.steps), Int64(limits.steps))
        }
    }

    /// The limit that executions have gone beyond while others are still open.
    var overrun: LimitName? {
        guard round.contains(where: { index in steps[index].attempt?.probe == 0 }) else { return nil }
        if let most = limits.tokens, spent.usage.tokens > most { return .tokens }
        if let most = limits.cost, spent.usage.cost > most { return .cost }
        return nil
    }

    /// The limit that does not let this step start: what is left is nothing, or less than is set aside.
    func shortage(forStarting kind: Step.Class) -> LimitName? {
        if let most = limits.attempts, spent.attempts >= most { return .attempts }
        guard limits.tokens != nil || limits.cost != nil else { return nil }
        var reserved = template.policy(for: kind).reserve
        for other in round where steps[other].attempt != nil && steps[other].attempt?.probe == 0 {
            reserved = reserved + template.policy(for: steps[other].kind).reserve
        }
        if let most = limits.tokens, most.subtractingClamped(spent.usage.tokens) < max(1, reserved.tokens) {
            return .tokens
        }
        if let most = limits.cost, most.subtractingClamped(spent.usage.cost) < max(1, reserved.cost) {
            return .cost
        }
        return nil
    }

    /// The limit at which the run would stop again at once if it went on.
    package var shortage: LimitName? {
        if isDecided {
            let next = next
            guard spent.steps + count(of: next) <= limits.steps else { return .steps }
            return kind(of: next).flatMap { kind in shortage(forStarting: kind) }
        }
        for index in round where steps[index].status == .ready {
            if let limit = shortage(forStarting: steps[index].kind) { return limit }
        }
        return nil
    }

    /// Takes note of how the calls of a decided round ended, and tells subscribers when one goes round in circles.
    ///
    /// Once for each, and in step order: in which order they ended makes no difference.
    mutating func watchForLoops(_ transition: inout Transition) {
        for step in steps[round] where step.ordinal > watched {
            watched = step.ordinal
            guard let call = step.call, let outcome = step.loopOutcome else { continue }
            let times = loops.note(call, outcome)
            if times == template.loops.diagnosed {
                transition.publish(.loopSeen(id, ordinal: step.ordinal, name: step.name, times: times))
            }
        }
    }
}

extension Run.Step {
    /// What the end of a call means for loops; nil where the call itself did not end so.
    fileprivate var loopOutcome: Run.LoopWatch.Outcome? {
        switch status {
        case .completed:
            if let code = result?.output["exitCode"]?.integerValue, code != 0 {
                return .failed("exit \(code)")
            }
            return call?.isReadOnly == true ? .harmless : .changed
        case .failed:
            return failure.map { failure in .failed("\(failure.category.rawValue) \(failure.message)") }
        case .canceled, .gate, .ready, .open, .backoff, .unknown: return nil
        }
    }
}

extension Int64 {
    /// The difference, or the nearest value that fits.
    func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : difference
    }
}
