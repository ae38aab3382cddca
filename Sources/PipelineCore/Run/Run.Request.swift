extension Run {
    /// What a run is asked to do, and the definition that it keeps to its end.
    public struct Request: Hashable, Sendable {
        public let text: String
        public let mode: Mode
        /// What becomes of it when another run is active.
        public let whenBusy: WhenBusy
        /// Nobody is there to be asked: what would ask is denied or skipped, and a limit fails the run.
        public let isUnattended: Bool
        /// The operators who may control the run; anybody who may send requests when it is empty.
        public let operators: [Key]
        /// What strategies are told how to do, in this order; each name once.
        public let skills: [Skill]
        /// The host's own notes about the run; kept, never read by the core.
        public let metadata: JSON
        /// What opens it as its child run: the engine's, and nobody else's to set.
        public let parent: Parent?

        public init(
            _ text: String, mode: Mode, whenBusy: WhenBusy = .enqueue, isUnattended: Bool = false,
            operators: [Key] = [], skills: [Skill] = [], metadata: JSON = .null,
            parent: Parent? = nil
        ) {
            self.text = text
            self.mode = mode
            self.whenBusy = whenBusy
            self.isUnattended = isUnattended
            self.operators = operators
            self.skills = skills.profile
            self.metadata = metadata
            self.parent = parent
        }

        /// A request that carries its definition whole, so that its journal needs no other.
        public init(
            _ text: String, template: Template = .coding, whenBusy: WhenBusy = .enqueue,
            isUnattended: Bool = false, operators: [Key] = [], skills: [Skill] = [], metadata: JSON = .null,
            parent: Parent? = nil
        ) {
            self.init(
                text, mode: .defined(template), whenBusy: whenBusy, isUnattended: isUnattended,
                operators: operators, skills: skills, metadata: metadata, parent: parent)
        }

        public enum WhenBusy: String, Hashable, Sendable, JSONRepresentable {
            /// It waits in the conversation's queue.
            case enqueue
            case reject
        }
    }

    /// The definition that a request asks for.
    public enum Mode: Hashable, Sendable {
        /// The conversation's: what it was switched to last, coding before that.
        case current
        /// The library's own of this name.
        case named(Key)
        /// Kept apart, so that signals are small.
        indirect case defined(Template)
    }

    /// Another mode for the runs that a conversation opens from now on.
    public struct ModeSwitch: Hashable, Sendable {
        public let mode: Mode
        /// Interrupts the active run. Only an operator may.
        public let isForced: Bool
        public let reason: String

        public init(to mode: Mode, isForced: Bool = false, reason: String = "mode_switch") {
            self.mode = mode
            self.isForced = isForced
            self.reason = reason
        }
    }

    /// What a resume brings with it besides its ticket.
    public struct Resumption: Hashable, Sendable {
        public var raise: Raise
        /// Answers to open gates; all are taken, or the resume is rejected. One that fails the run makes the rest idle.
        public var replies: [Gate.Reply]
        /// The definition that the resumer expects the run to have.
        public var template: Template.Reference?
        /// The form of snapshots that the resumer knows.
        public var format: Int?

        public init(
            raise: Raise = Raise(), replies: [Gate.Reply] = [], template: Template.Reference? = nil,
            format: Int? = nil
        ) {
            self.raise = raise
            self.replies = replies
            self.template = template
            self.format = format
        }

        /// A resume that raises the limit of steps.
        public static func raising(steps: Int?) -> Resumption { Resumption(raise: Raise(steps: steps)) }
    }
}

extension Run.Request: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("text", text)
        object.set("mode", mode)
        object.set("whenBusy", whenBusy, unless: .enqueue)
        object.set("unattended", isUnattended, unless: false)
        object.set("operators", operators, unless: [])
        object.set("skills", skills, unless: [])
        object.set("metadata", metadata, unless: .null)
        object.set("parent", parent)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            try members.value("text"), mode: try members.value("mode"),
            whenBusy: try members.value("whenBusy", or: .enqueue),
            isUnattended: try members.value("unattended", or: false),
            operators: try members.value("operators", or: []), skills: try members.value("skills", or: []),
            metadata: try members.value("metadata", or: .null), parent: try members.optional("parent"))
    }
}

extension Run.Mode: JSONRepresentable {
    /// `null` for the current one, a name, or the whole template.
    public var json: JSON {
        switch self {
        case .current: .null
        case .named(let name): name.json
        case .defined(let template): template.json
        }
    }

    public init(json: JSON) throws(JSON.FormatError) {
        switch json {
        case .null: self = .current
        case .string(let name): self = .named(Key(name))
        default: self = .defined(try Template(unchecked: json))
        }
    }
}

extension Run.ModeSwitch: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("mode", mode)
        object.set("forced", isForced, unless: false)
        object.set("reason", reason)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            to: try members.value("mode"), isForced: try members.value("forced", or: false),
            reason: try members.value("reason"))
    }
}

extension Run.Resumption: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("raise", raise, unless: Run.Raise())
        object.set("replies", replies, unless: [])
        object.set("template", template)
        object.set("format", format)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            raise: try members.value("raise", or: Run.Raise()), replies: try members.value("replies", or: []),
            template: try members.optional("template"), format: try members.optional("format"))
    }
}
