extension Run {
    /// Something that a strategy is told how to do: kept with the run, and a part of every strategy step's input.
    public struct Skill: Hashable, Sendable {
        public let name: String
        /// What the strategy is told.
        public let instruction: String
        /// The calls that it is about, `*` standing for any characters. It permits nothing by itself.
        public let tools: [String]

        /// - Parameter name: white space around it does not count.
        public init(_ name: String, instruction: String, tools: [String] = []) {
            self.name = name.trimmed
            self.instruction = instruction
            self.tools = tools
        }
    }
}

extension [Run.Skill] {
    /// The profile that they make: in their order, the first of each name, none without a name.
    var profile: [Run.Skill] {
        var seen: Set<Key> = []
        return filter { skill in !skill.name.isEmpty && seen.insert(Key(skill.name)).inserted }
    }
}

extension String {
    /// Without the white space around it.
    fileprivate var trimmed: String {
        let scalars = unicodeScalars.drop { scalar in scalar.properties.isWhitespace }
        guard let last = scalars.lastIndex(where: { scalar in !scalar.properties.isWhitespace }) else {
            return ""
        }
        return String(scalars[...last])
    }
}

extension Run.Skill: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("name", name)
        object.set("instruction", instruction)
        object.set("tools", tools, unless: [])
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json, only: ["name", "instruction", "tools"])
        self.init(
            try members.value("name"), instruction: try members.value("instruction"),
            tools: try members.value("tools", or: []))
    }
}
