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
        /// How many different people must agree to an approval.
        public let approvers: Int

        package init(
            ticket: Ticket, kind: Kind, ordinal: Int, name: String, arguments: JSON, reason: String,
            approvers: Int
        ) {
            self.ticket = ticket
            self.kind = kind
            self.ordinal = ordinal
            self.name = name
            self.arguments = arguments
            self.reason = reason
            self.approvers = approvers
        }
    }
}

extension Run.Gate {
    /// What an operator says.
    public enum Answer: Hashable, Sendable {
        /// Of an approval: do it, with these arguments where the operator has edited them.
        case approve(arguments: JSON?)
        /// Of an approval: do not; the strategy is told why.
        case deny(message: String)
        /// Of a confirmation: run the step once more, under the same idempotency key.
        case rerun
        /// Of a confirmation: go on without its result.
        case skip
        /// Of a confirmation: it took effect, and this came of it.
        case supply(JSON)
        /// Of a confirmation: fail the run.
        case failRun

        /// Do it as it was asked.
        public static let approve = Answer.approve(arguments: nil)

        var kind: Kind {
            switch self {
            case .approve, .deny: .approval
            case .rerun, .skip, .supply, .failRun: .confirmation
            }
        }

        /// Whether its texts and values are small and flat enough to be kept.
        var fits: Bool {
            switch self {
            case .rerun, .skip, .failRun, .approve(nil): true
            case .deny(let message): message.utf8.count <= Conversation.mostBytes
            case .approve(let arguments?):
                arguments.objectValue != nil && !arguments.isDeeper(than: JSON.greatestPayloadDepth)
                    && arguments.canonicalBytes.count <= Run.Gate.mostBytes
            case .supply(let output):
                !output.isDeeper(than: JSON.greatestPayloadDepth)
                    && output.canonicalBytes.count <= Run.Gate.mostBytes
            }
        }
    }

    /// Bytes of edited arguments, and of a supplied result.
    private static let mostBytes = 262_144

    /// An answer with the ticket that it is for.
    public struct Reply: Hashable, Sendable {
        public let ticket: Run.Ticket
        public let answer: Answer

        public init(_ ticket: Run.Ticket, _ answer: Answer) {
            self.ticket = ticket
            self.answer = answer
        }
    }
}

extension Run.Gate.Answer: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        switch self {
        case .approve(let arguments):
            object.set("answer", "approve")
            object.set("arguments", arguments)
        case .deny(let message):
            object.set("answer", "deny")
            object.set("message", message)
        case .rerun: object.set("answer", "rerun")
        case .skip: object.set("answer", "skip")
        case .supply(let output):
            object.set("answer", "supply")
            object.set("output", output)
        case .failRun: object.set("answer", "fail")
        }
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        let word: String = try members.value("answer")
        switch word {
        case "approve": self = .approve(arguments: try members.optional("arguments"))
        case "deny": self = .deny(message: try members.value("message", or: ""))
        case "rerun": self = .rerun
        case "skip": self = .skip
        case "supply": self = .supply(try members.value("output"))
        case "fail": self = .failRun
        default: throw JSON.FormatError("expected approve, deny, rerun, skip, supply or fail", at: "/answer")
        }
    }
}

extension Run.Gate.Reply: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("ticket", ticket)
        object.set("reply", answer)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(try members.value("ticket"), try members.value("reply"))
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
        object.set("approvers", approvers, unless: 1)
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
        approvers = try members.value("approvers", or: 1)
    }
}
