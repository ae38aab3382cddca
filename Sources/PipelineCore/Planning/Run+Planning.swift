extension Run {
    /// The planner: a function of the state alone, called once at the end of every applied signal.
    ///
    /// Once a round is decided it plans what follows; while anything is undecided it starts what is ready.
    mutating func advance(_ transition: inout Transition) {
        while phase == .running, isDecided {
            watchForLoops(&transition)
            take(next, &transition)
        }
        guard phase == .running else { return }
        if template.failsWithCall, let failed = failedCall {
            let failure = steps[failed].failure ?? Failure(.unknown, "A call failed.")
            return beginStop(.fail, failure.message, failure: failure, &transition)
        }
        if let limit = overrun { return reach(limit, refusing: [], &transition) }
        if let deadline, deadline <= transition.time,
            round.contains(where: { index in steps[index].status == .ready })
        {
            return reachDeadline(&transition)
        }
        startWhatMay(&transition)
    }

    /// Starts what is ready, as far as concurrency and budgets allow, and asks about what nobody knows.
    mutating func startWhatMay(_ transition: inout Transition) {
        var open = round.count { index in steps[index].attempt != nil }
        for index in round {
            switch steps[index].status {
            case .ready where open < template.concurrency:
                if let limit = shortage(forStarting: steps[index].kind) {
                    // What is open may leave something over of what was set aside for it.
                    guard open == 0 else { continue }
                    return reach(limit, refusing: [steps[index].name], &transition)
                }
                self.open(index, &transition)
                open += 1
            case .unknown where steps[index].needsProbe:
                guard steps[index].attempt == nil, open < template.concurrency else { continue }
                probe(index, &transition)
                open += 1
            case .unknown: confirm(index, &transition)
            case .ready, .gate, .open, .backoff, .completed, .failed, .canceled: break
            }
        }
    }
}
