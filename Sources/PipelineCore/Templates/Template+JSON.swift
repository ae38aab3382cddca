extension Template: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("id", id)
        object.set("version", version)
        object.set("mode", mode)
        object.set("steps", steps)
        object.set("completion", completion)
        object.set("extensionPoints", extensionPoints, unless: [])
        object.set("llm", llm)
        object.set("tool", tool)
        object.set("command", command)
        object.set("workflow", workflow)
        object.set("gates", gates, unless: Gate())
        object.set("limits", limits)
        object.set("onLimit", onLimit)
        object.set("failsWithCall", failsWithCall, unless: false)
        object.set("loops", loops)
        object.set("concurrency", concurrency)
        object.set("callsPerAnswer", callsPerAnswer)
        object.set("grace", grace)
        return object.json
    }

    /// Reads a template that can be used; whoever wants to be told everything that is wrong uses ``init(unchecked:)``.
    public init(json: JSON) throws(JSON.FormatError) {
        try self.init(unchecked: json)
        if let problem = problems.first { throw JSON.FormatError(problem.message, at: problem.pointer) }
    }

    /// Reads the form alone; ``problems`` says whether the template can be used.
    ///
    /// What has a default may be left out: everything but id, version, mode, steps and completion.
    public init(unchecked json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json, only: Template.memberNames)
        self.init(
            id: try members.value("id"), version: try members.value("version"),
            mode: try members.value("mode"),
            steps: try members.value("steps"), completion: try members.value("completion"),
            extensionPoints: try members.value("extensionPoints", or: []))
        llm = try members.value("llm", or: llm)
        tool = try members.value("tool", or: tool)
        command = try members.value("command", or: command)
        workflow = try members.value("workflow", or: workflow)
        gates = try members.value("gates", or: gates)
        limits = try members.value("limits", or: limits)
        onLimit = try members.value("onLimit", or: onLimit)
        failsWithCall = try members.value("failsWithCall", or: failsWithCall)
        loops = try members.value("loops", or: loops)
        concurrency = try members.value("concurrency", or: concurrency)
        callsPerAnswer = try members.value("callsPerAnswer", or: callsPerAnswer)
        grace = try members.value("grace", or: grace)
    }

    private static let memberNames = [
        "id", "version", "mode", "steps", "completion", "extensionPoints", "llm", "tool", "command",
        "workflow",
        "gates", "limits", "onLimit", "failsWithCall", "loops", "concurrency", "callsPerAnswer", "grace",
    ]
}
