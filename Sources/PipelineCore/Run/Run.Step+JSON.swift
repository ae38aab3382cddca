extension Run.Step: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("ordinal", ordinal)
        object.set("class", kind)
        object.set("definition", definition)
        object.set("name", name)
        object.set("call", call)
        object.set("predecessors", predecessors, unless: [])
        object.set("reason", reason)
        object.set("cause_id", cause)
        object.set("status", status)
        object.set("attempts", attempts, unless: 0)
        object.set("tries", tries, unless: 0)
        object.set("recoveries", recoveries, unless: 0)
        object.set("probes", probes, unless: 0)
        object.set("attempt", attempt)
        object.set("motive", motive, unless: .first)
        object.set("started", started)
        object.set("awaitsEvidence", awaitsEvidence, unless: false)
        object.set("evidence", evidence)
        object.set("needsProbe", needsProbe, unless: false)
        object.set("due", due)
        object.set("deadline", deadline)
        object.set("ending", ending)
        object.set("gates", gates, unless: 0)
        object.set("question", question)
        object.set("approval", approval)
        object.set("child", child)
        object.set("result", result)
        object.set("failure", failure)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            ordinal: try members.value("ordinal"), try members.value("class"),
            of: try members.value("definition"), name: try members.value("name"),
            call: try members.optional("call"), after: try members.value("predecessors", or: []),
            reason: try members.value("reason"), cause: try members.value("cause_id"))
        status = try members.value("status")
        attempts = try members.value("attempts", or: 0)
        tries = try members.value("tries", or: 0)
        recoveries = try members.value("recoveries", or: 0)
        probes = try members.value("probes", or: 0)
        attempt = try members.optional("attempt")
        motive = try members.value("motive", or: .first)
        started = try members.optional("started")
        awaitsEvidence = try members.value("awaitsEvidence", or: false)
        evidence = try members.optional("evidence")
        needsProbe = try members.value("needsProbe", or: false)
        due = try members.optional("due")
        deadline = try members.optional("deadline")
        ending = try members.optional("ending")
        gates = try members.value("gates", or: 0)
        question = try members.optional("question")
        approval = try members.optional("approval")
        child = try members.optional("child")
        result = try members.optional("result")
        failure = try members.optional("failure")
        let counts = [
            ordinal, attempts, tries, recoveries, probes, gates, attempt?.number ?? 0, attempt?.probe ?? 0,
        ]
        guard counts.allSatisfy({ count in (0...Int.max / 2).contains(count) }) else {
            throw JSON.FormatError("a count is out of range")
        }
    }
}

extension Run.Step.Question: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("kind", kind)
        object.set("reason", reason)
        object.set("expires", expires)
        object.set("approvers", approvers, unless: 1)
        object.set("agreed", agreed, unless: [])
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        kind = try members.value("kind")
        reason = try members.value("reason")
        expires = try members.optional("expires")
        approvers = try members.value("approvers", or: 1)
        agreed = try members.value("agreed", or: [])
    }
}

extension Run.Attempt: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("number", number)
        object.set("probe", probe, unless: 0)
        object.set("since", since)
        object.set("waitingSince", waitingSince)
        object.set("cause_id", cause)
        object.set("lifecycle", lifecycle)
        object.set("told", told)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            number: try members.value("number"), probe: try members.value("probe", or: 0),
            since: try members.value("since"), cause: try members.value("cause_id"))
        waitingSince = try members.optional("waitingSince")
        lifecycle = try members.value("lifecycle")
        told = try members.optional("told")
    }
}

extension Run.Attempt.Told: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("why", why)
        object.set("failure", failure)
        object.set("until", until)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        why = try members.value("why")
        failure = try members.optional("failure")
        until = try members.value("until")
    }
}
