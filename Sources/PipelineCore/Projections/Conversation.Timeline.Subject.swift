extension Conversation.Timeline {
    /// What an entry is about, besides its run.
    public enum Subject: Hashable, Sendable {
        case step(Int)
        case execution(Run.Execution.ID)
        case ticket(Run.Ticket)
        case timer(Run.Timer.ID)
    }
}

extension Conversation.Timeline.Subject {
    init?(of event: Run.Event) {
        switch event.kind {
        case .step(_, let change): self = .step(change.ordinal)
        case .loopSeen(_, let ordinal, _, _): self = .step(ordinal)
        case .execution(let id, _), .abandoned(let id), .policy(let id, _), .degraded(let id, _):
            self = .execution(id)
        case .gateOpened(let gate): self = .ticket(gate.ticket)
        case .gateAnswered(let ticket, _, _, _), .gateExpired(let ticket), .gateWithdrawn(let ticket):
            self = .ticket(ticket)
        case .run(_, .interrupted(let interruption)): self = .ticket(interruption.ticket)
        case .run(_, .resumed(let ticket)): self = .ticket(ticket)
        case .timerArmed(let timer): self = .timer(timer.id)
        case .timerFired(let timer): self = .timer(timer)
        case .message, .run, .limitReached, .modeSwitched, .conversationCanceled, .conversationResumed,
            .request, .restarted:
            return nil
        }
    }
}
