extension Template {
    /// One thing that a run does, and where it goes on.
    public struct Step: Hashable, Sendable {
        public var name: Key
        public var action: Action
        /// The step that follows; nil only for a step of the template's ``Template/completion``.
        public var next: Key?
        /// The step that follows a failure; nil fails the run.
        public var onFailure: Key?
        /// How often a run may come here; nil is any number, and then no loop of steps may lead through it alone.
        public var most: Int?

        public init(
            _ name: Key, _ action: Action, next: Key? = nil, onFailure: Key? = nil, most: Int? = nil
        ) {
            self.name = name
            self.action = action.named(name)
            self.next = next
            self.onFailure = onFailure
            self.most = most
        }
    }

    public enum Action: Hashable, Sendable {
        /// Takes up the conversation as it stands; inside the reducer.
        case context
        /// Asks a strategy, and carries out what it calls, until it answers without calls.
        case strategy(Strategy)
        /// Calls a tool, command or workflow as it is written here; the step's name is the call's id.
        case call(Run.Call)
        /// Waits this long.
        case wait(Run.Milliseconds)
        /// Asks a person for leave to go on.
        case gate(Gate)
        /// Makes the last answer the assistant's message; inside the reducer.
        case commit
        /// Makes the run's artifact of the accepted answers of these steps; of what was changed if none is named.
        case artifact(from: [Key])
    }

    /// How a strategy is asked, and what its answer must be.
    public struct Strategy: Hashable, Sendable {
        /// The name under which it is registered.
        public var name: String
        /// What it is told besides the conversation.
        public var instruction: String
        /// What it may call; nil is nothing at all.
        public var tools: Exposure?
        /// Whether its answer is JSON; text otherwise.
        public var isStructured: Bool
        /// What an answer must be like. One that is not goes back with the errors.
        public var rules: [Rule]
        /// How often it may go back; then the step fails.
        public var repairs: Int

        public init(
            _ name: String, instruction: String = "", tools: Exposure? = nil, isStructured: Bool = false,
            rules: [Rule] = [], repairs: Int = 2
        ) {
            self.name = name
            self.instruction = instruction
            self.tools = tools
            self.isStructured = isStructured
            self.rules = rules
            self.repairs = repairs
        }
    }

    /// A question to a person: how long it stands, and how many must agree.
    public struct Gate: Hashable, Sendable {
        public var message: String
        /// Of running time; then nobody answering is a no. Nil waits for ever.
        public var timeout: Run.Milliseconds?
        /// Different people; one who says no is enough for a no.
        public var approvers: Int

        public init(_ message: String = "", timeout: Run.Milliseconds? = nil, approvers: Int = 1) {
            self.message = message
            self.timeout = timeout
            self.approvers = approvers
        }
    }
}

extension Template.Action {
    /// The same as the step of this name does it: the name is the id of what it calls.
    fileprivate func named(_ name: Key) -> Template.Action {
        guard case .call(let call) = self else { return self }
        return .call(
            Run.Call(
                id: name.text, name: call.name, arguments: call.arguments, isIdempotent: call.isIdempotent,
                isReadOnly: call.isReadOnly, needsApproval: call.needsApproval, recovery: call.recovery))
    }
}
