extension Run {
    /// A question that only a person can answer.
    public struct Gate: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable, JSONRepresentable {
            /// Before the first attempt: may this be done?
            case approval
            /// After an outcome that nobody can know: what became of it?
            case confirmation
        }

        public let ticket: Ticket
        public let kind: Kind
        public let ordinal: Int
        public let name: String
        public let arguments: JSON
        public let reason: String
    }
}

extension Run.Gate {
    /// What an operator says.
    public enum Answer: Hashable, Sendable {
        /// Of an approval: do it.
        case approve
        /// Of an approval: do not; the strategy is told why.
        case deny(message: String)
        /// Of a confirmation: run the step once more, under the same idempotency key.
        case rerun
        /// Of a confirmation: go on without its result.
        case skip

        var kind: Kind {
            switch self {
            case .approve, .deny: .approval
            case .rerun, .skip: .confirmation
            }
        }
    }
}

extension Run.Gate.Answer: JSONRepresentable {
    public var json: JSON {
        switch self {
        case .approve: .object(["answer": "approve"])
        case .deny(let message): .object(["answer": "deny", "message": .string(message)])
        case .rerun: .object(["answer": "rerun"])
        case .skip: .object(["answer": "skip"])
        }
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        let word: String = try members.value("answer")
        switch word {
        case "approve": self = .approve
        case "deny": self = .deny(message: try members.value("message", or: ""))
        case "rerun": self = .rerun
        case "skip": self = .skip
        default: throw JSON.FormatError("expected approve, deny, rerun or skip", at: "/answer")
        }
    }
}

extension Run.Gate: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("ticket", ticket)
        object.set("kind", kind)
        object.set("ordinal", ordinal)
        object.set("name", name)
        object.set("arguments", arguments)
        object.set("reason", reason)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        ticket = try members.value("ticket")
        kind = try members.value("kind")
        ordinal = try members.value("ordinal")
        name = try members.value("name")
        arguments = try members.value("arguments")
        reason = try members.value("reason")
    }
}
