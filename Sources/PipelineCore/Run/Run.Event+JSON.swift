extension Run.Event {
    /// The name on the wire.
    public var type: String {
        switch kind {
        case .message(_, .user): "conversation.user.message"
        case .message: "conversation.assistant.message"
        case .run(_, let change): "conversation.run.\(change.word)"
        case .step(_, let change): "conversation.step.\(change.status.rawValue)"
        case .execution(_, let change):
            switch (change.kind, change.lifecycle) {
            case (.strategy, .progress): "conversation.assistant.delta"
            case (.strategy, _): "conversation.strategy.\(change.lifecycle.rawValue)"
            case (.tool, _), (.command, _), (.workflow, _): "conversation.tool.\(change.lifecycle.rawValue)"
            }
        case .abandoned: "conversation.execution.abandoned"
        case .policy: "conversation.policy.decided"
        case .gateOpened: "conversation.gate.opened"
        case .gateAnswered(_, _, _, 1...): "conversation.gate.agreed"
        case .gateAnswered(_, .approve(_), _, _), .gateAnswered(_, .rerun, _, _),
            .gateAnswered(_, .supply, _, _):
            "conversation.gate.approved"
        case .gateAnswered: "conversation.gate.denied"
        case .gateExpired: "conversation.gate.expired"
        case .gateWithdrawn: "conversation.gate.withdrawn"
        case .timerArmed: "conversation.timer.armed"
        case .timerFired: "conversation.timer.fired"
        case .limitReached: "conversation.limit.reached"
        case .degraded, .loopSeen: "conversation.degraded"
        case .modeSwitched: "conversation.mode.switch.accepted"
        case .conversationCanceled: "conversation.canceled"
        case .conversationResumed: "conversation.resumed"
        case .request("mode.switch", .rejected): "conversation.mode.switch.rejected"
        case .request(_, .rejected): "conversation.request.rejected"
        case .request: "conversation.request.unchanged"
        case .restarted: "conversation.engine.restarted"
        }
    }

    /// One object: type, time, cause, and what the type adds.
    public var json: JSON {
        var object = JSON.Builder()
        object.set("type", type)
        object.set("time", time)
        object.set("cause_id", cause)
        switch kind {
        case .message(let run, let message):
            object.set("run_id", run)
            object.set("message", message)
        case .run(let run, let change):
            object.set("run_id", run)
            change.write(to: &object)
        case .step(let run, let change):
            object.set("run_id", run)
            change.write(to: &object)
        case .execution(let id, let change):
            object.set("execution_id", id)
            change.write(to: &object)
        case .abandoned(let id): object.set("execution_id", id)
        case .policy(let id, let decision):
            object.set("execution_id", id)
            object.set("policy", decision)
        case .gateOpened(let gate): object.set("gate", gate)
        case .gateAnswered(let ticket, let answer, let actor, let missing):
            object.set("ticket", ticket)
            object.set("answer", answer)
            object.set("operator", actor)
            object.set("missing", missing, unless: 0)
        case .gateExpired(let ticket), .gateWithdrawn(let ticket): object.set("ticket", ticket)
        case .timerArmed(let timer):
            object.set("timer", timer.id)
            object.set("at", timer.at)
        case .timerFired(let timer): object.set("timer", timer)
        case .limitReached(let run, let limit):
            object.set("run_id", run)
            object.set("limit", limit.name)
            object.set("measured", limit.used)
            object.set("allowed", limit.allowed)
            object.set("refused", limit.refused, unless: [])
        case .degraded(let execution, let limit):
            object.set("execution_id", execution)
            object.set("limit", limit)
        case .loopSeen(let run, let ordinal, let name, let times):
            object.set("run_id", run)
            object.set("ordinal", ordinal)
            object.set("name", name)
            object.set("times", times)
        case .modeSwitched(let change):
            object.set("from", change.from)
            object.set("to", change.to)
            object.set("forced", change.isForced, unless: false)
            object.set("reason", change.reason)
        case .conversationCanceled(let reason): object.set("reason", reason)
        case .conversationResumed: break
        case .request(let word, let disposition):
            object.set("request", word)
            object.set("disposition", disposition)
        case .restarted: break
        }
        return object.json
    }
}

extension Run.Event.RunChange {
    fileprivate var word: String {
        switch self {
        case .opened: "opened"
        case .started: "started"
        case .stopping: "stopping"
        case .interrupted: "interrupted"
        case .resumed: "resumed"
        case .progress: "progress"
        case .completed: "completed"
        case .failed: "failed"
        case .canceled: "canceled"
        }
    }

    fileprivate func write(to object: inout JSON.Builder) {
        switch self {
        case .opened(let template, let mode, let skills):
            object.set("template", template)
            object.set("mode", mode)
            object.set("skills", skills, unless: [])
        case .started: break
        case .stopping(let stop): object.set("stop", stop)
        case .interrupted(let interruption): object.set("interruption", interruption)
        case .resumed(let ticket): object.set("ticket", ticket)
        case .progress(let progress): object.set("progress", progress)
        case .completed(let artifact): object.set("artifact", artifact)
        case .failed(let failure): object.set("error", failure)
        case .canceled(let reason): object.set("reason", reason)
        }
    }
}

extension Run.Event.StepChange {
    fileprivate func write(to object: inout JSON.Builder) {
        object.set("ordinal", ordinal)
        object.set("class", kind)
        object.set("definition", definition)
        object.set("name", name)
        object.set("status", status)
        object.set("attempts", attempts, unless: 0)
        object.set("reason", reason)
        object.set("error", failure)
    }
}

extension Run.Event.ExecutionChange {
    fileprivate func write(to object: inout JSON.Builder) {
        object.set("execution_kind", kind)
        object.set("name", name)
        object.set("lifecycle_status", lifecycle)
        object.set("arguments", arguments)
        object.set("delta", text)
        object.set("result", result)
        object.set("error", failure)
        object.set("waited", waited)
        object.set("duration", duration)
        object.set("motive", motive)
        object.set("reason", reason)
    }
}
