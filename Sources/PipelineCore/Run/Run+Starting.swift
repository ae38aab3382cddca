extension Run {
    /// Opens the run: the context is assembled at once, and the strategy is next.
    mutating func start(_ transition: inout Transition) -> Disposition {
        transition.publish(.run(id, .opened(template.reference, mode: template.mode)))
        status = .running
        transition.publish(.run(id, .started))
        let first = plan(.system, "context", after: [], reason: .start, &transition)
        finishStep(first, .completed, &transition)
        planStrategy(after: [steps[first].ordinal], reason: .start, &transition)
        return .applied
    }

    /// Adds a step and gives its index.
    @discardableResult
    mutating func plan(
        _ kind: Step.Class, _ name: String, call: Call? = nil, after predecessors: [Int], reason: Step.Reason,
        _ transition: inout Transition
    ) -> Int {
        steps.append(
            Step(
                ordinal: nextOrdinal, kind, name: name, call: call, after: predecessors, reason: reason,
                cause: transition.cause))
        if kind != .system { stepsUsed += 1 }
        let index = steps.count - 1
        publishStep(index, &transition)
        return index
    }

    /// Adds the next strategy step, and forgets the oldest rounds beyond the last 64 steps; never the last round.
    mutating func planStrategy(
        after predecessors: [Int], reason: Step.Reason, _ transition: inout Transition
    ) {
        strategy = nextOrdinal
        turns += 1
        forgetOldRounds()
        plan(.llm, template.strategy, after: predecessors, reason: reason, &transition)
    }

    private mutating func forgetOldRounds() {
        while steps.count > Run.stepsKept {
            guard let next = steps.dropFirst().firstIndex(where: { step in step.kind == .llm }) else {
                return
            }
            steps.removeSubrange(..<next)
        }
    }

    /// Settled steps that a run keeps; the journal has them all.
    static let stepsKept = 64

    func publishStep(_ index: Int, _ transition: inout Transition) {
        let step = steps[index]
        transition.publish(
            .step(
                id,
                Event.StepChange(
                    ordinal: step.ordinal, kind: step.kind, name: step.name, status: step.status,
                    attempts: step.attempts, reason: step.reason, failure: step.failure)))
    }

    /// Gives a step its final status; a gate that is still open is withdrawn.
    mutating func finishStep(
        _ index: Int, _ status: Step.Status, result: Result? = nil, failure: Failure? = nil,
        _ transition: inout Transition
    ) {
        if steps[index].asks != nil || steps[index].confirms {
            transition.publish(.gateWithdrawn(gateTicket(index)))
        }
        steps[index].status = status
        steps[index].result = result
        steps[index].failure = failure
        steps[index].asks = nil
        steps[index].confirms = false
        steps[index].due = nil
        steps[index].awaitsEvidence = false
        publishStep(index, &transition)
    }
}
