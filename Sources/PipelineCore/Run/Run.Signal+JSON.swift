extension Run.Signal: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("id", id)
        object.set("kind", kind.word)
        object.set("actor", actor)
        object.set("time", time)
        object.set("cause_id", cause)
        object.set("correlation_id", correlation)
        kind.write(to: &object)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            id: try members.value("id"), try Kind(members), by: try members.value("actor"),
            at: try members.value("time"), cause: try members.optional("cause_id"),
            correlation: try members.optional("correlation_id"))
    }
}

extension Run.Signal.Kind {
    /// The name on the wire.
    public var word: String {
        switch self {
        case .userMessage: "message.user"
        case .interrupt: "run.interrupt"
        case .resume: "run.resume"
        case .cancel: "run.cancel"
        case .cancelStep: "step.cancel"
        case .withdraw: "request.withdraw"
        case .cancelConversation: "conversation.cancel"
        case .resumeConversation: "conversation.resume"
        case .switchMode: "mode.switch"
        case .gateAnswer: "gate.answer"
        case .policyDecided: "policy.decided"
        case .started: "execution.started"
        case .progress: "execution.progress"
        case .exceeded: "execution.exceeded"
        case .completed: "execution.completed"
        case .failed: "execution.failed"
        case .canceled: "execution.canceled"
        case .timerFired: "timer.fired"
        case .restarted: "engine.restarted"
        }
    }

    fileprivate func write(to object: inout JSON.Builder) {
        switch self {
        case .userMessage(let request): object.set("request", request)
        case .interrupt(let run, let reason), .cancel(let run, let reason), .withdraw(let run, let reason):
            object.set("run_id", run)
            object.set("reason", reason)
        case .resume(let run, let ticket, let resumption):
            object.set("run_id", run)
            object.set("ticket", ticket)
            object.set("with", resumption, unless: Run.Resumption())
        case .cancelStep(let run, let ordinal, let reason):
            object.set("run_id", run)
            object.set("ordinal", ordinal)
            object.set("reason", reason)
        case .cancelConversation(let reason): object.set("reason", reason)
        case .resumeConversation: break
        case .switchMode(let change): object.set("switch", change)
        case .gateAnswer(let ticket, let answer):
            object.set("ticket", ticket)
            object.set("answer", answer)
        case .policyDecided(let execution, let decision):
            object.set("execution_id", execution)
            object.set("policy", decision)
        case .started(let execution): object.set("execution_id", execution)
        case .progress(let execution, let text):
            object.set("execution_id", execution)
            object.set("text", text)
        case .completed(let execution, let result):
            object.set("execution_id", execution)
            object.set("result", result)
        case .exceeded(let execution, let failure), .failed(let execution, let failure):
            object.set("execution_id", execution)
            object.set("failure", failure)
        case .canceled(let execution, let cancellation):
            object.set("execution_id", execution)
            cancellation.write(to: &object)
        case .timerFired(let timer): object.set("timer", timer)
        case .restarted: break
        }
    }

    fileprivate init(_ members: JSON.Members) throws(JSON.FormatError) {
        let word: String = try members.value("kind")
        switch word {
        case "message.user": self = .userMessage(try members.value("request"))
        case "run.interrupt":
            self = .interrupt(try members.value("run_id"), reason: try members.value("reason"))
        case "run.resume":
            self = .resume(
                try members.value("run_id"), try members.value("ticket"),
                try members.value("with", or: Run.Resumption()))
        case "run.cancel": self = .cancel(try members.value("run_id"), reason: try members.value("reason"))
        case "step.cancel":
            self = .cancelStep(
                try members.value("run_id"), ordinal: try members.value("ordinal"),
                reason: try members.value("reason"))
        case "request.withdraw":
            self = .withdraw(try members.value("run_id"), reason: try members.value("reason"))
        case "conversation.cancel": self = .cancelConversation(reason: try members.value("reason"))
        case "conversation.resume": self = .resumeConversation
        case "mode.switch": self = .switchMode(try members.value("switch"))
        case "gate.answer": self = .gateAnswer(try members.value("ticket"), try members.value("answer"))
        case "policy.decided":
            self = .policyDecided(try members.value("execution_id"), try members.value("policy"))
        case "execution.started": self = .started(try members.value("execution_id"))
        case "execution.progress":
            self = .progress(try members.value("execution_id"), try members.value("text"))
        case "execution.exceeded":
            self = .exceeded(try members.value("execution_id"), try members.value("failure"))
        case "execution.completed":
            self = .completed(try members.value("execution_id"), try members.value("result"))
        case "execution.failed":
            self = .failed(try members.value("execution_id"), try members.value("failure"))
        case "execution.canceled":
            self = .canceled(try members.value("execution_id"), try Run.Cancellation(members))
        case "timer.fired": self = .timerFired(try members.value("timer"))
        case "engine.restarted": self = .restarted
        default: throw JSON.FormatError("\"\(word)\" is not a known signal", at: "/kind")
        }
    }
}
