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

extension Template.Step: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("name", name)
        switch action {
        case .context: object.set("system", "context")
        case .strategy(let strategy): object.set("strategy", strategy)
        case .call(let call):
            var parts = call.json.objectValue ?? [:]
            parts["id"] = nil
            object.set("call", JSON.object(parts))
        case .wait(let time): object.set("wait", time)
        case .gate(let gate): object.set("gate", gate)
        case .commit: object.set("system", "commit")
        case .artifact(let sources): object.set("artifact", sources)
        }
        object.set("next", next)
        object.set("onFailure", onFailure)
        object.set("most", most)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(
            json,
            only: [
                "name", "system", "strategy", "call", "wait", "gate", "artifact", "next", "onFailure", "most",
            ])
        self.init(
            try members.value("name"), try Template.Action(members), next: try members.optional("next"),
            onFailure: try members.optional("onFailure"), most: try members.optional("most"))
    }
}

extension Template.Action {
    fileprivate init(_ members: JSON.Members) throws(JSON.FormatError) {
        var actions: [Template.Action] = []
        if let word: String = try members.optional("system") {
            switch word {
            case "context": actions.append(.context)
            case "commit": actions.append(.commit)
            default: throw JSON.FormatError("expected context or commit", at: "/system")
            }
        }
        if let strategy: Template.Strategy = try members.optional("strategy") {
            actions.append(.strategy(strategy))
        }
        if let call: JSON = try members.optional("call") {
            do throws(JSON.FormatError) {
                _ = try JSON.Members(
                    call, only: ["name", "arguments", "idempotent", "readOnly", "needsApproval", "recovery"])
                var parts = call.objectValue ?? [:]
                parts["id"] = try members.value("name")
                actions.append(.call(try Run.Call(json: .object(parts))))
            } catch {
                throw error.under("call")
            }
        }
        if let time: Run.Milliseconds = try members.optional("wait") { actions.append(.wait(time)) }
        if let gate: Template.Gate = try members.optional("gate") { actions.append(.gate(gate)) }
        if let sources: [Key] = try members.optional("artifact") { actions.append(.artifact(from: sources)) }
        guard let action = actions.first, actions.count == 1 else {
            throw JSON.FormatError(
                "a step has one of system, strategy, call, wait, gate and artifact; this has \(actions.count)"
            )
        }
        self = action
    }
}

extension Template.Strategy: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("name", name)
        object.set("instruction", instruction, unless: "")
        object.set("tools", tools)
        object.set("structured", isStructured, unless: false)
        object.set("rules", rules, unless: [])
        object.set("repairs", repairs, unless: 2)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(
            json, only: ["name", "instruction", "tools", "structured", "rules", "repairs"])
        self.init(
            try members.value("name"), instruction: try members.value("instruction", or: ""),
            tools: try members.optional("tools"), isStructured: try members.value("structured", or: false),
            rules: try members.value("rules", or: []), repairs: try members.value("repairs", or: 2))
    }
}

extension Template.Exposure: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("allow", allow, unless: ["*"])
        object.set("deny", deny, unless: [])
        object.set("readOnly", readOnly, unless: false)
        object.set("approve", approve, unless: [])
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json, only: ["allow", "deny", "readOnly", "approve"])
        self.init(
            allow: try members.value("allow", or: ["*"]), deny: try members.value("deny", or: []),
            readOnly: try members.value("readOnly", or: false), approve: try members.value("approve", or: []))
    }
}

extension Template.Gate: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("message", message, unless: "")
        object.set("timeout", timeout)
        object.set("approvers", approvers, unless: 1)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json, only: ["message", "timeout", "approvers"])
        self.init(
            try members.value("message", or: ""), timeout: try members.optional("timeout"),
            approvers: try members.value("approvers", or: 1))
    }
}

extension Template.Rule: JSONRepresentable {
    public var json: JSON {
        switch self {
        case .schema(let schema): .object(["schema": schema.json])
        case .sections(let names): .object(["sections": names.json])
        case .depth(let most): .object(["depth": most.json])
        case .alternatives(let least): .object(["alternatives": least.json])
        case .tradeoffs(let step, let criteria):
            .object(["tradeoffs": .object(["of": step.json, "by": criteria.json])])
        case .recommends(let step): .object(["recommends": step.json])
        case .outcome(let schema): .object(["outcome": schema.json])
        }
    }

    public init(json: JSON) throws(JSON.FormatError) {
        guard let object = json.objectValue, let member = object.first, object.count == 1 else {
            throw JSON.FormatError("a rule is an object with one member")
        }
        let members = try JSON.Members(json)
        switch member.key.text {
        case "schema": self = .schema(try members.value("schema"))
        case "sections": self = .sections(try members.value("sections"))
        case "depth": self = .depth(try members.value("depth"))
        case "alternatives": self = .alternatives(atLeast: try members.value("alternatives"))
        case "tradeoffs":
            do throws(JSON.FormatError) {
                let parts = try JSON.Members(member.value, only: ["of", "by"])
                self = .tradeoffs(of: try parts.value("of"), by: try parts.value("by"))
            } catch {
                throw error.under("tradeoffs")
            }
        case "recommends": self = .recommends(of: try members.value("recommends"))
        case "outcome": self = .outcome(try members.value("outcome"))
        default:
            throw JSON.FormatError(
                "expected schema, sections, depth, alternatives, tradeoffs, recommends or outcome")
        }
    }
}

extension Template.Policy: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("maxAttempts", maxAttempts)
        object.set("backoff", backoff)
        object.set("longestBackoff", longestBackoff, unless: 30_000)
        object.set("jitter", jitter, unless: 0)
        object.set("startToClose", startToClose)
        object.set("scheduleToClose", scheduleToClose)
        object.set("scheduleToStart", scheduleToStart)
        object.set("idle", idle)
        object.set("reserve", reserve, unless: Run.Usage())
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(
            json,
            only: [
                "maxAttempts", "backoff", "longestBackoff", "jitter", "startToClose", "scheduleToClose",
                "scheduleToStart", "idle", "reserve",
            ])
        self.init(
            maxAttempts: try members.value("maxAttempts", or: 1),
            backoff: try members.value("backoff", or: 100),
            longestBackoff: try members.value("longestBackoff", or: 30_000),
            jitter: try members.value("jitter", or: 0), startToClose: try members.optional("startToClose"),
            scheduleToClose: try members.optional("scheduleToClose"),
            scheduleToStart: try members.optional("scheduleToStart"), idle: try members.optional("idle"),
            reserve: try members.value("reserve", or: Run.Usage()))
    }
}

extension Template.Loops: JSONRepresentable {
    public var json: JSON { .object(["diagnosed": diagnosed.json, "failed": failed.json]) }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json, only: ["diagnosed", "failed"])
        self.init(diagnosed: try members.value("diagnosed"), failed: try members.value("failed"))
    }
}

extension Template.Reference: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("id", id)
        object.set("version", version)
        object.set("digest", digest.description)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        id = try members.value("id")
        version = try members.value("version")
        guard let digest = ContentDigest(hex: try members.value("digest")) else {
            throw JSON.FormatError("expected 64 hexadecimal digits", at: "/digest")
        }
        self.digest = digest
    }
}
