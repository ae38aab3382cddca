extension Run {
    /// One thing that a model asks for in an answer.
    public struct Call: Hashable, Sendable {
        /// The model's own name for the call; its result goes back under it.
        public let id: String
        public let name: String
        /// As an operator may have edited them.
        public internal(set) var arguments: JSON

        // What follows is said by the gateway, never by the model.

        /// Whether running it twice does what running it once does.
        public let isIdempotent: Bool
        /// Whether it changes nothing; then it may also be repeated.
        public let isReadOnly: Bool
        /// Whether a person must approve it first.
        public let needsApproval: Bool
        /// What becomes of it when nobody knows whether its effect happened; nil goes by whether it may be repeated.
        public let recovery: Recovery?
        /// Why it cannot be made as the model wrote it; it fails at once, and the model is told.
        public let defect: Failure?

        public init(
            id: String, name: String, arguments: JSON, isIdempotent: Bool = false, isReadOnly: Bool = false,
            needsApproval: Bool = false, recovery: Recovery? = nil, defect: Failure? = nil
        ) {
            self.id = id
            self.name = name
            self.arguments = arguments
            self.isIdempotent = isIdempotent
            self.isReadOnly = isReadOnly
            self.needsApproval = needsApproval
            self.recovery = recovery
            self.defect = defect
        }

        public var kind: Execution.Kind { Execution.Kind(callNamed: name) }
    }

    /// What becomes of a step when nobody knows whether its effect happened.
    public enum Recovery: String, Hashable, Sendable, JSONRepresentable {
        /// It runs again, under the same idempotency key.
        case retry
        /// The runner looks whether it happened.
        case probe
        /// A person is asked.
        case ask
        /// It has failed.
        case fail
    }
}

extension Run.Call: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("id", id)
        object.set("name", name)
        object.set("arguments", arguments)
        object.set("idempotent", isIdempotent, unless: false)
        object.set("readOnly", isReadOnly, unless: false)
        object.set("needsApproval", needsApproval, unless: false)
        object.set("recovery", recovery)
        object.set("defect", defect)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        id = try members.value("id")
        name = try members.value("name")
        arguments = try members.value("arguments", or: .object([:]))
        isIdempotent = try members.value("idempotent", or: false)
        isReadOnly = try members.value("readOnly", or: false)
        needsApproval = try members.value("needsApproval", or: false)
        recovery = try members.optional("recovery")
        defect = try members.optional("defect")
    }
}
