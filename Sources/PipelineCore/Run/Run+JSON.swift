extension Run: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("run_id", id)
        object.set("template", template)
        object.set("metadata", metadata, unless: .null)
        object.set("cause_id", cause)
        object.set("correlation_id", correlation)
        object.set("context", context)
        object.set("status", status)
        object.set("stop", stop)
        object.set("interruption", interruption)
        object.set("interruptions", interruptions, unless: 0)
        object.set("steps", steps)
        object.set("strategy", strategy)
        object.set("turns", turns)
        object.set("stepsUsed", stepsUsed)
        object.set("maxSteps", maxSteps)
        object.set("usage", usage, unless: Usage())
        object.set("failure", failure)
        object.set("reason", reason)
        object.set("answer", answer)
        object.set("artifact", artifact)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        id = try members.value("run_id")
        template = try members.value("template")
        metadata = try members.value("metadata", or: .null)
        cause = try members.value("cause_id")
        correlation = try members.value("correlation_id")
        context = try members.value("context")
        status = try members.value("status")
        stop = try members.optional("stop")
        interruption = try members.optional("interruption")
        interruptions = try members.value("interruptions", or: 0)
        steps = try members.value("steps")
        strategy = try members.value("strategy")
        turns = try members.value("turns")
        stepsUsed = try members.value("stepsUsed")
        maxSteps = try members.value("maxSteps")
        usage = try members.value("usage", or: Usage())
        failure = try members.optional("failure")
        reason = try members.optional("reason")
        answer = try members.optional("answer")
        artifact = try members.optional("artifact")
        let counts = steps.flatMap { step in
            [step.ordinal, step.attempts, step.tries, step.recoveries, step.gates, step.attempt?.number ?? 0]
        }
        guard
            (counts + [interruptions, turns, stepsUsed, maxSteps]).allSatisfy({ count in
                (0...Int.max / 2).contains(count)
            })
        else {
            throw JSON.FormatError("a count is out of range")
        }
        for (index, step) in steps.enumerated() where step.ordinal != (steps.first?.ordinal ?? 0) + index {
            throw JSON.FormatError("steps must follow each other without gaps", at: "/steps/\(index)/ordinal")
        }
        guard (0...nextOrdinal).contains(strategy) else {
            throw JSON.FormatError("no step has this ordinal", at: "/strategy")
        }
    }
}
