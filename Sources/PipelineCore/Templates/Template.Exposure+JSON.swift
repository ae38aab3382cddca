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
