extension Run {
    /// One thing that a model asks for in an answer.
    public struct Call: Hashable, Sendable {
        /// The model's own name for the call; its result goes back under it.
        public let id: String
        public let name: String
        public let arguments: JSON
        /// Whether running it twice does what running it once does. Said by the gateway, never by the model.
        public let isIdempotent: Bool

        public init(id: String, name: String, arguments: JSON, isIdempotent: Bool = false) {
            self.id = id
            self.name = name
            self.arguments = arguments
            self.isIdempotent = isIdempotent
        }

        public var kind: Execution.Kind { Execution.Kind(callNamed: name) }
    }
}

extension Run.Call: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("id", id)
        object.set("name", name)
        object.set("arguments", arguments)
        object.set("idempotent", isIdempotent, unless: false)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        id = try members.value("id")
        name = try members.value("name")
        arguments = try members.value("arguments", or: .object([:]))
        isIdempotent = try members.value("idempotent", or: false)
    }
}
