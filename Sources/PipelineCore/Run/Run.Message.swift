extension Run {
    /// One entry of what a model is shown.
    public enum Message: Hashable, Sendable {
        case user(String)
        case assistant(String, calls: [Call])
        /// The result of the call with this id, or why there is none.
        case tool(call: String, name: String, output: JSON, failed: Bool)
    }
}

extension Run.Message: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        switch self {
        case .user(let text):
            object.set("role", "user")
            object.set("text", text)
        case .assistant(let text, let calls):
            object.set("role", "assistant")
            object.set("text", text)
            object.set("calls", calls, unless: [])
        case .tool(let call, let name, let output, let failed):
            object.set("role", "tool")
            object.set("tool_call_id", call)
            object.set("name", name)
            object.set("output", output)
            object.set("failed", failed, unless: false)
        }
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        let role: String = try members.value("role")
        switch role {
        case "user": self = .user(try members.value("text"))
        case "assistant":
            self = .assistant(try members.value("text"), calls: try members.value("calls", or: []))
        case "tool":
            self = .tool(
                call: try members.value("tool_call_id"), name: try members.value("name"),
                output: try members.value("output"), failed: try members.value("failed", or: false))
        default: throw JSON.FormatError("expected user, assistant or tool", at: "/role")
        }
    }
}
