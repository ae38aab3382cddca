extension Run: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("run_id", id)
        object.set("template", template)
        object.set("unattended", isUnattended, unless: false)
        object.set("operators", operators, unless: [])
        object.set("skills", skills, unless: [])
        object.set("metadata", metadata, unless: .null)
        object.set("parent", parent)
        object.set("cause_id", cause)
        object.set("correlation_id", correlation)
        object.set("request", request)
        object.set("context", context, unless: [])
        object.set("status", status)
        object.set("stop", stop)
        object.set("interruption", interruption)
        object.set("interruptions", interruptions, unless: 0)
        object.set("pausedAt", pausedAt)
        object.set("deadline", deadline)
        object.set("steps", steps, unless: [])
        object.set("lead", lead, unless: 0)
        object.set("position", position, unless: 0)
        object.set("visits", visits, unless: [])
        object.set("turns", turns, unless: 0)
        object.set("repairs", repairs, unless: 0)
        object.set("complaints", complaints, unless: [])
        object.set("answers", JSON.object(answers), unless: .object([:]))
        object.set("loops", loops, unless: LoopWatch())
        object.set("watched", watched, unless: 0)
        object.set("limits", limits)
        object.set("spent", spent, unless: Spent())
        object.set("failure", failure)
        object.set("reason", reason)
        object.set("answer", answer)
        object.set("committed", committed)
        object.set("artifact", artifact)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        charter = Charter(
            id: try members.value("run_id"), template: try members.value("template"),
            isUnattended: try members.value("unattended", or: false),
            operators: try members.value("operators", or: []), skills: try members.value("skills", or: []),
            metadata: try members.value("metadata", or: .null),
            parent: try members.optional("parent"), cause: try members.value("cause_id"),
            correlation: try members.value("correlation_id"), request: try members.value("request"))
        context = try members.value("context", or: [])
        status = try members.value("status")
        stop = try members.optional("stop")
        interruption = try members.optional("interruption")
        interruptions = try members.value("interruptions", or: 0)
        pausedAt = try members.optional("pausedAt")
        deadline = try members.optional("deadline")
        steps = try members.value("steps", or: [])
        lead = try members.value("lead", or: 0)
        position = try members.value("position", or: 0)
        visits = try members.value("visits", or: [])
        turns = try members.value("turns", or: 0)
        repairs = try members.value("repairs", or: 0)
        complaints = try members.value("complaints", or: [])
        guard let answers = try members.value("answers", or: JSON.object([:])).objectValue else {
            throw JSON.FormatError("expected an object", at: "/answers")
        }
        self.answers = answers
        loops = try members.value("loops", or: LoopWatch())
        watched = try members.value("watched", or: 0)
        limits = try members.value("limits")
        spent = try members.value("spent", or: Spent())
        failure = try members.optional("failure")
        reason = try members.optional("reason")
        answer = try members.optional("answer")
        committed = try members.optional("committed")
        artifact = try members.optional("artifact")
        guard
            (visits + [interruptions, turns, repairs, lead, watched]).allSatisfy({ count in
                (0...Int.max / 2).contains(count)
            })
        else {
            throw JSON.FormatError("a count is out of range")
        }
        for (index, step) in steps.enumerated() where step.ordinal != (steps.first?.ordinal ?? 0) + index {
            throw JSON.FormatError("steps must follow each other without gaps", at: "/steps/\(index)/ordinal")
        }
        guard (0...nextOrdinal).contains(lead) else {
            throw JSON.FormatError("no step has this ordinal", at: "/lead")
        }
        guard template.steps.indices.contains(position) else {
            throw JSON.FormatError("the template has no such step", at: "/position")
        }
    }
}
