extension Run {
    /// Goes on from what the steps are: finished ones never again, ready ones as a new attempt.
    mutating func resume(
        _ ticket: Ticket, _ raised: Int?, _ transition: inout Transition
    ) -> Disposition {
        guard holds(ticket) else { return .rejected(.staleTicket) }
        guard !round.contains(where: { index in steps[index].confirms }) else {
            return .rejected(.confirmationRequired)
        }
        let limit = raised ?? maxSteps
        guard limit >= maxSteps, Run.stepLimits.contains(limit) else { return .rejected(.payloadInvalid) }
        guard stepsUsed + nextSteps <= limit else { return .rejected(.budgetExhausted) }
        maxSteps = limit
        status = .running
        transition.publish(.run(id, .resumed(ticket)))
        return .applied
    }

    /// Whether this is the ticket of the interruption that is in force.
    func holds(_ ticket: Ticket) -> Bool { status == .interrupted && interruption?.ticket == ticket }

    /// Takes a run up that another process left: what was open is lost, and goes by its recovery policy.
    mutating func recover(_ transition: inout Transition) -> Disposition {
        for index in round where steps[index].attempt != nil { settle(index, .lost, &transition) }
        return .applied
    }
}
