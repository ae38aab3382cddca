extension Run {
    /// One attempt of a step, or a look whether one took effect, as it is handed to the runner: everything it may know about itself.
    public struct Execution: Hashable, Sendable {
        public let id: ID
        public let kind: Kind
        /// The strategy, tool or command that is asked for.
        public let name: String
        public let arguments: JSON
        /// For a strategy, the conversation so far, oldest first; empty otherwise.
        public let context: [Message]
        public let mode: String
        /// For a strategy, what it is told how to do.
        public let skills: [Skill]
        /// For a strategy, what it may call; nil is nothing.
        public let tools: Template.Exposure?
        /// When this attempt is told to stop.
        public let deadline: Milliseconds?
        /// How long it may wait for room in the gateway; nil is any time.
        public let scheduleToStart: Milliseconds?
        /// How long it may go on without reporting anything; nil is any time.
        public let idle: Milliseconds?
        /// The gate that a person has approved for this step, if one did.
        public let approval: Approval?
        /// For a workflow, the child run that an earlier attempt left interrupted: it is resumed, none is opened.
        public let continues: Run.ID?
        public let correlation: Signal.ID
        public let cause: Signal.ID

        /// The same for every attempt of a step: `<run>/<ordinal>`.
        public var idempotencyKey: String { "\(id.run)/\(id.ordinal)" }

        public init(
            id: ID, kind: Kind, name: String, arguments: JSON, context: [Message] = [], mode: String,
            skills: [Skill] = [], tools: Template.Exposure? = nil, deadline: Milliseconds? = nil,
            scheduleToStart: Milliseconds? = nil, idle: Milliseconds? = nil, approval: Approval? = nil,
            continues: Run.ID? = nil,
            correlation: Signal.ID, cause: Signal.ID
        ) {
            self.id = id
            self.kind = kind
            self.name = name
            self.arguments = arguments
            self.context = context
            self.mode = mode
            self.skills = skills
            self.tools = tools
            self.deadline = deadline
            self.scheduleToStart = scheduleToStart
            self.idle = idle
            self.approval = approval
            self.continues = continues
            self.correlation = correlation
            self.cause = cause
        }
    }

    /// The yes to a gate, by everyone who had to say it.
    public struct Approval: Hashable, Sendable {
        public let ticket: Ticket
        public let by: [Actor]
    }
}

extension Run.Execution {
    /// Which sub-runner carries an execution out.
    public enum Kind: String, Hashable, Sendable, JSONRepresentable {
        case strategy = "strategy_run"
        case tool = "tool_run"
        case command = "command_run"
        case workflow = "workflow_run"

        /// A model's call names its kind: `command.run.*` is a command, `workflow.run.*` a workflow, any other name a tool.
        public init(callNamed name: String) {
            self =
                name.utf8.starts(with: "command.run.".utf8)
                ? .command : name.utf8.starts(with: "workflow.run.".utf8) ? .workflow : .tool
        }
    }

    /// How far an execution has come: requested, started, progress, then exactly one terminal.
    public enum Lifecycle: String, Hashable, Sendable, JSONRepresentable {
        case requested, started, progress, completed, failed, canceled
    }
}

extension Run.Execution {
    /// The same with other arguments.
    public func with(arguments: JSON) -> Run.Execution { copy(arguments: arguments, deadline: deadline) }

    /// The same after it has waited: its time begins later.
    public func delayed(by waited: Run.Milliseconds) -> Run.Execution {
        waited == 0
            ? self
            : copy(arguments: arguments, deadline: deadline.map { instant in instant.addingClamped(waited) })
    }

    private func copy(arguments: JSON, deadline: Run.Milliseconds?) -> Run.Execution {
        Run.Execution(
            id: id, kind: kind, name: name, arguments: arguments, context: context, mode: mode,
            skills: skills,
            tools: tools, deadline: deadline, scheduleToStart: scheduleToStart, idle: idle,
            approval: approval, continues: continues, correlation: correlation, cause: cause)
    }
}

extension Run.Approval: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("ticket", ticket)
        object.set("by", by)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        ticket = try members.value("ticket")
        by = try members.value("by")
    }
}
