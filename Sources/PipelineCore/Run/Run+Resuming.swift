extension Run {
    /// Goes on from what the steps are: finished ones never again, ready ones as a new attempt.
    ///
    /// The checks come in the order of the rejection codes; until all hold nothing is changed.
    mutating func resume(
        _ ticket: Ticket, _ resumption: Resumption, by actor: Actor, _ transition: inout Transition
    ) -> Disposition {
        if let code = refusal(of: ticket, resumption) { return .rejected(code) }
        let answered = resumption.replies.map { reply in reply.ticket }
        for gate in gates where gate.kind == .confirmation && !answered.contains(gate.ticket) {
            return .rejected(.confirmationRequired)
        }
        var resumed = self
        guard resumption.replies.allSatisfy({ reply in reply.answer.fits }),
            let limits = limits.raised(by: resumption.raise)
        else { return .rejected(.payloadInvalid) }
        resumed.limits = limits
        for reply in resumption.replies {
            guard resumed.take(reply.answer, to: reply.ticket, by: actor, &transition) == .applied else {
                return .rejected(.payloadInvalid)
            }
            // An answer may have failed the run; then there is nothing to resume.
            guard resumed.status == .interrupted else {
                self = resumed
                return .applied
            }
        }
        guard resumed.shortage == nil else { return .rejected(.budgetExhausted) }
        self = resumed
        status = .running
        stretchAllowances(to: transition.time)
        transition.publish(.run(id, .resumed(ticket)))
        return .applied
    }

    /// The first of the checks of a resume that goes against it, of those that come before a look at other runs.
    func refusal(of ticket: Ticket, _ resumption: Resumption) -> Rejection? {
        guard status == .interrupted, interruption?.ticket == ticket else { return .staleTicket }
        guard resumption.format ?? Conversation.format == Conversation.format else {
            return .snapshotIncompatible
        }
        // A digest is made only for who asks.
        if let expected = resumption.template, expected != template.reference { return .templateMismatch }
        return nil
    }

    /// Moves every allowance of running time by as long as the run stood still.
    private mutating func stretchAllowances(to time: Milliseconds) {
        guard let since = pausedAt else { return }
        let pause = time.since(since)
        pausedAt = nil
        deadline = deadline.map { deadline in deadline.addingClamped(pause) }
        for index in round {
            steps[index].deadline = steps[index].deadline.map { deadline in deadline.addingClamped(pause) }
            let expiry = steps[index].question?.expires
            steps[index].question?.expires = expiry.map { expiry in expiry.addingClamped(pause) }
        }
    }

    /// Takes a run up that another process left: what was open is lost, and goes by its recovery policy.
    mutating func recover(_ transition: inout Transition) -> Disposition {
        for index in round where steps[index].attempt != nil { settle(index, .lost, &transition) }
        return .applied
    }
}
