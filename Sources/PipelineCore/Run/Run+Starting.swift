extension Run {
    /// Begins the run with the template's first step.
    mutating func start(_ transition: inout Transition) -> Disposition {
        status = .running
        deadline = limits.wall.map { wall in transition.time.addingClamped(wall) }
        visits = template.steps.map { _ in 0 }
        transition.publish(.run(id, .started))
        enter(0, after: [], .start, &transition)
        return .applied
    }

    /// Adds a step and gives its index.
    @discardableResult
    mutating func plan(
        _ kind: Step.Class, _ name: String, call: Call? = nil, after predecessors: [Int],
        _ reason: Step.Reason,
        _ transition: inout Transition
    ) -> Int {
        var step = Step(
            ordinal: nextOrdinal, kind, of: template.steps[position].name, name: name, call: call,
            after: predecessors, reason: reason, cause: transition.cause)
        if kind.isCounted {
            spent.steps += 1
            step.deadline = template.policy(for: kind).scheduleToClose.map { allowance in
                now(transition).addingClamped(allowance)
            }
        }
        steps.append(step)
        let index = steps.count - 1
        publishStep(index, &transition)
        return index
    }

    /// The instant by which allowances of running time go: they stand still while the run is interrupted.
    func now(_ transition: borrowing Transition) -> Milliseconds { pausedAt ?? transition.time }

    /// Forgets the oldest steps beyond the last 64, when all are decided; never one of the round that has just ended.
    mutating func forgetOldSteps() {
        guard steps.count > Run.stepsKept, let last = index(of: lead) else { return }
        var first = min(steps.count - Run.stepsKept, last)
        // A call is kept only with the answer that asked for it.
        while first < last, steps[first].reason == .call { first += 1 }
        steps.removeSubrange(..<first)
    }

    /// Settled steps that a run keeps; the journal has them all.
    static let stepsKept = 64

    func publishStep(_ index: Int, _ transition: inout Transition) {
        let step = steps[index]
        transition.publish(
            .step(
                id,
                Event.StepChange(
                    ordinal: step.ordinal, kind: step.kind, definition: step.definition, name: step.name,
                    status: step.status, attempts: step.attempts, reason: step.reason,
                    failure: step.ending ?? step.failure))
        )
    }

    /// Gives a step its final status; a gate that is still open is withdrawn.
    mutating func finishStep(
        _ index: Int, _ status: Step.Status, result: Result? = nil, failure: Failure? = nil,
        _ transition: inout Transition
    ) {
        if steps[index].question != nil { transition.publish(.gateWithdrawn(gateTicket(index))) }
        steps[index].status = status
        steps[index].result = result
        steps[index].failure = failure
        steps[index].question = nil
        steps[index].due = nil
        steps[index].deadline = nil
        steps[index].awaitsEvidence = false
        steps[index].evidence = nil
        steps[index].needsProbe = false
        steps[index].ending = nil
        leaveChild(index, &transition)
        publishStep(index, &transition)
    }
}
