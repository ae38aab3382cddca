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
