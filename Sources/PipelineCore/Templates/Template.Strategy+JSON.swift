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
