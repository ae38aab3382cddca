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
