extension Run {
    /// What a limit of steps may be.
    static let stepLimits = 1...1_000_000

    /// How many steps the planner adds next: the calls of the latest answer, all or none, or the strategy that follows
    /// them. 0 while the round is not decided, and where the run ends with it.
    var nextSteps: Int {
        guard let index = index(of: strategy), let result = steps[index].result,
            !round.contains(where: { index in !steps[index].status.isTerminal }), !result.calls.isEmpty
        else { return 0 }
        return index == steps.count - 1 ? result.calls.count : 1
    }

    /// Stops the run before what does not fit into its limit any more.
    mutating func reachLimit(refusing calls: [String], _ transition: inout Transition) {
        let limit = Event.Limit(name: Run.stepLimitReason, used: stepsUsed, allowed: maxSteps, refused: calls)
        transition.publish(.limitReached(id, limit))
        switch template.onLimit {
        case .interrupt: beginStop(.interrupt, Run.stepLimitReason, &transition)
        case .fail:
            let failure = Failure(.limitExceeded, "The run has used its \(maxSteps) steps.")
            beginStop(.fail, Run.stepLimitReason, failure: failure, &transition)
        }
    }

    /// The reason of a run that stopped at its limit of steps.
    public static let stepLimitReason = "maxStepsExceeded"
}
