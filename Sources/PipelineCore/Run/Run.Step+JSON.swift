extension Run.Step: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("ordinal", ordinal)
        object.set("class", kind)
        object.set("name", name)
        object.set("call", call)
        object.set("predecessors", predecessors, unless: [])
        object.set("reason", reason)
        object.set("cause_id", cause)
        object.set("status", status)
        object.set("attempts", attempts, unless: 0)
        object.set("tries", tries, unless: 0)
        object.set("recoveries", recoveries, unless: 0)
        object.set("attempt", attempt)
        object.set("awaitsEvidence", awaitsEvidence, unless: false)
        object.set("due", due)
        object.set("gates", gates, unless: 0)
        object.set("asks", asks)
        object.set("approval", approval)
        object.set("confirms", confirms, unless: false)
        object.set("result", result)
        object.set("failure", failure)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            ordinal: try members.value("ordinal"), try members.value("class"),
            name: try members.value("name"), call: try members.optional("call"),
            after: try members.value("predecessors", or: []), reason: try members.value("reason"),
            cause: try members.value("cause_id"))
        status = try members.value("status")
        attempts = try members.value("attempts", or: 0)
        tries = try members.value("tries", or: 0)
        recoveries = try members.value("recoveries", or: 0)
        attempt = try members.optional("attempt")
        awaitsEvidence = try members.value("awaitsEvidence", or: false)
        due = try members.optional("due")
        gates = try members.value("gates", or: 0)
        asks = try members.optional("asks")
        approval = try members.optional("approval")
        confirms = try members.value("confirms", or: false)
        result = try members.optional("result")
        failure = try members.optional("failure")
    }
}

extension Run.Attempt: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("number", number)
        object.set("since", since)
        object.set("lifecycle", lifecycle)
        object.set("told", told)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        number = try members.value("number")
        since = try members.value("since")
        lifecycle = try members.value("lifecycle")
        told = try members.optional("told")
    }
}

extension Run.Attempt.Told: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("why", why)
        object.set("until", until)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        why = try members.value("why")
        until = try members.value("until")
    }
}
