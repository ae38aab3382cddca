extension Run.Event: JSONRepresentable {
    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        let type: String = try members.value("type")
        guard let word = String(type.utf8.dropFirst("conversation.".utf8.count)),
            type.utf8.starts(with: "conversation.".utf8), let kind = try Kind(word, members)
        else { throw JSON.FormatError("\"\(type)\" is not a known event", at: "/type") }
        self.init(kind: kind, cause: try members.value("cause_id"), time: try members.value("time"))
    }
}

extension Run.Event.Kind {
    /// Nil for a word that names no event.
    fileprivate init?(_ word: String, _ members: JSON.Members) throws(JSON.FormatError) {
        switch word {
        case "user.message", "assistant.message":
            self = .message(try members.value("run_id"), try members.value("message"))
        case "execution.abandoned": self = .abandoned(try members.value("execution_id"))
        case "policy.decided":
            self = .policy(try members.value("execution_id"), try members.value("policy"))
        case "timer.armed":
            self = .timerArmed(Run.Timer(id: try members.value("timer"), at: try members.value("at")))
        case "timer.fired": self = .timerFired(try members.value("timer"))
        case "limit.reached":
            self = .limitReached(
                try members.value("run_id"),
                Run.Event.Limit(
                    name: try members.value("limit"), used: try members.value("measured"),
                    allowed: try members.value("allowed"), refused: try members.value("refused", or: [])))
        case "degraded":
            if let execution: Run.Execution.ID = try members.optional("execution_id") {
                self = .degraded(execution, try members.value("limit"))
                return
            }
            self = .loopSeen(
                try members.value("run_id"), ordinal: try members.value("ordinal"),
                name: try members.value("name"), times: try members.value("times"))
        case "mode.switch.accepted":
            self = .modeSwitched(
                Run.Event.ModeChange(
                    from: try members.value("from"), to: try members.value("to"),
                    isForced: try members.value("forced", or: false), reason: try members.value("reason")))
        case "canceled": self = .conversationCanceled(reason: try members.value("reason"))
        case "resumed": self = .conversationResumed
        case "mode.switch.rejected", "request.rejected", "request.unchanged":
            self = .request(try members.value("request"), try members.value("disposition"))
        case "engine.restarted": self = .restarted
        default:
            if let gate = try Run.Event.Kind(gate: word, members) {
                self = gate
            } else if let change = try Run.Event.RunChange(word, members) {
                self = .run(try members.value("run_id"), change)
            } else if ["assistant.delta", "strategy.", "tool."].contains(where: { prefix in
                word.utf8.starts(with: prefix.utf8)
            }) {
                self = .execution(try members.value("execution_id"), try Run.Event.ExecutionChange(members))
            } else if word.utf8.starts(with: "step.".utf8) {
                self = .step(try members.value("run_id"), try Run.Event.StepChange(members))
            } else {
                return nil
            }
        }
    }

    private init?(gate word: String, _ members: JSON.Members) throws(JSON.FormatError) {
        switch word {
        case "gate.opened": self = .gateOpened(try members.value("gate"))
        case "gate.agreed", "gate.approved", "gate.denied":
            self = .gateAnswered(
                try members.value("ticket"), try members.value("answer"), by: try members.value("operator"),
                missing: try members.value("missing", or: 0))
        case "gate.expired": self = .gateExpired(try members.value("ticket"))
        case "gate.withdrawn": self = .gateWithdrawn(try members.value("ticket"))
        default: return nil
        }
    }
}

extension Run.Event.RunChange {
    /// Nil for a word that names no change of a run.
    fileprivate init?(_ word: String, _ members: JSON.Members) throws(JSON.FormatError) {
        switch word {
        case "run.opened":
            self = .opened(
                try members.value("template"), mode: try members.value("mode"),
                skills: try members.value("skills", or: []))
        case "run.started": self = .started
        case "run.stopping": self = .stopping(try members.value("stop"))
        case "run.interrupted": self = .interrupted(try members.value("interruption"))
        case "run.resumed": self = .resumed(try members.value("ticket"))
        case "run.progress": self = .progress(try members.value("progress"))
        case "run.completed": self = .completed(try members.value("artifact"))
        case "run.failed": self = .failed(try members.value("error"))
        case "run.canceled": self = .canceled(reason: try members.value("reason"))
        default: return nil
        }
    }
}

extension Run.Event.StepChange {
    fileprivate init(_ members: JSON.Members) throws(JSON.FormatError) {
        self.init(
            ordinal: try members.value("ordinal"), kind: try members.value("class"),
            definition: try members.value("definition"), name: try members.value("name"),
            status: try members.value("status"), attempts: try members.value("attempts", or: 0),
            reason: try members.value("reason"), failure: try members.optional("error"))
    }
}

extension Run.Event.ExecutionChange {
    fileprivate init(_ members: JSON.Members) throws(JSON.FormatError) {
        self.init(
            kind: try members.value("execution_kind"), name: try members.value("name"),
            try members.value("lifecycle_status"), arguments: try members.optional("arguments"),
            text: try members.optional("delta"), result: try members.optional("result"),
            failure: try members.optional("error"), waited: try members.optional("waited"),
            duration: try members.optional("duration"),
            motive: try members.optional("motive"), reason: try members.optional("reason"))
    }
}
