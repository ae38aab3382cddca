extension Run.Directive {
    /// The deed in a few words: `start r/2/1 code_generation`, `arm r/2/1/attempt/0 at 121000`, `publish run.opened`.
    ///
    /// It names what is done to what, and leaves contents out; compare the directives themselves where those matter.
    public var line: String {
        switch self {
        case .publish(let event): "publish \(event.line)"
        case .disarmTimer(let id): "disarm \(id)"
        case .withdrawGate(let ticket): "withdraw \(ticket)"
        case .cancelExecution(let id): "cancel \(id)"
        case .cancelChild(let run): "cancel child \(run)"
        case .armTimer(let timer): "arm \(timer.id) at \(timer.at)"
        case .openGate(let gate): "ask \(gate.kind.rawValue) \(gate.ticket)"
        case .startExecution(let execution): "start \(execution.id) \(execution.name)"
        }
    }
}

extension Run.Event {
    /// The type without its prefix, and what it is about: `run.opened`, `step.ready 2`, `tool.completed r/3/1`.
    public var line: String {
        let word = type.dropFirst("conversation.".count)
        return switch kind {
        case .step(_, let change): "\(word) \(change.ordinal)"
        case .execution(let id, _), .abandoned(let id), .policy(let id, _), .degraded(let id, _):
            "\(word) \(id)"
        case .gateOpened(let gate): "\(word) \(gate.ticket)"
        case .gateAnswered(let ticket, _, _, _), .gateExpired(let ticket), .gateWithdrawn(let ticket):
            "\(word) \(ticket)"
        case .timerArmed(let timer): "\(word) \(timer.id)"
        case .timerFired(let timer): "\(word) \(timer)"
        case .request(_, .rejected(let code)): "\(word) \(code.rawValue)"
        case .loopSeen(_, let ordinal, _, let times): "\(word) \(ordinal) \(times)"
        case .message, .run, .request, .restarted, .limitReached, .modeSwitched, .conversationCanceled,
            .conversationResumed:
            String(word)
        }
    }
}

extension Run.Disposition {
    /// One word, and the code of a rejection: `applied`, `rejected staleTicket`.
    public var line: String {
        switch self {
        case .applied: "applied"
        case .unchanged: "unchanged"
        case .duplicate: "duplicate"
        case .stale: "stale"
        case .rejected(let code): "rejected \(code.rawValue)"
        }
    }
}
