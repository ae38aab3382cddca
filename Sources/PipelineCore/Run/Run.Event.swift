extension Run {
    /// Something that subscribers are told: the orchestration stream, one or more for each record.
    public struct Event: Hashable, Sendable {
        public let kind: Kind
        /// The signal that brought it about.
        public let cause: Signal.ID
        public let time: Milliseconds
    }
}

extension Run.Event {
    public enum Kind: Hashable, Sendable {
        /// A message was taken into the conversation: a user's, or the final one of an assistant.
        case message(Run.ID, Run.Message)
        case run(Run.ID, RunChange)
        case step(Run.ID, StepChange)
        case execution(Run.Execution.ID, ExecutionChange)
        /// An execution was given up: it did not answer within its grace time.
        case abandoned(Run.Execution.ID)
        case policy(Run.Execution.ID, Run.Decision)
        case gateOpened(Run.Gate)
        /// What a person said; `missing` more must agree before the gate is decided.
        case gateAnswered(Run.Ticket, Run.Gate.Answer, by: Run.Actor, missing: Int = 0)
        case gateExpired(Run.Ticket)
        case gateWithdrawn(Run.Ticket)
        case timerArmed(Run.Timer)
        case timerFired(Run.Timer.ID)
        case limitReached(Run.ID, Limit)
        /// An execution goes on with less: it waits, its output was cut off, or what it made is kept elsewhere.
        case degraded(Run.Execution.ID, Run.LimitName)
        /// A call has failed so often in the same way, with nothing changed in between.
        case loopSeen(Run.ID, ordinal: Int, name: String, times: Int)
        case modeSwitched(ModeChange)
        /// Nothing more is taken until the conversation is resumed.
        case conversationCanceled(reason: String)
        case conversationResumed
        /// A request changed nothing: it was rejected, or what it asks for holds already. With its name on the wire.
        case request(String, Run.Disposition)
        /// Another process left this conversation with work in flight; it was taken up.
        case restarted
    }

    public enum RunChange: Hashable, Sendable {
        /// With the names of its skills.
        case opened(Template.Reference, mode: Key, skills: [String] = [])
        case started
        case stopping(Run.Stop)
        case interrupted(Run.Interruption)
        case resumed(Run.Ticket)
        /// What is done and what is left, whenever the plan goes on.
        case progress(Run.Progress)
        /// With the completion artifact.
        case completed(JSON)
        case failed(Run.Failure)
        case canceled(reason: String)
    }

    /// A limit that a run has come to, and what was not started because of it.
    public struct Limit: Hashable, Sendable {
        public let name: Run.LimitName
        public let used: Int64
        public let allowed: Int64
        /// The calls that were not planned.
        public let refused: [String]

        public init(name: Run.LimitName, used: Int64, allowed: Int64, refused: [String]) {
            self.name = name
            self.used = used
            self.allowed = allowed
            self.refused = refused
        }
    }

    /// Another mode for the runs from now on.
    public struct ModeChange: Hashable, Sendable {
        public let from: Key
        public let to: Key
        public let isForced: Bool
        public let reason: String
    }

    /// What a step has become; the names let a listener show it without the state.
    public struct StepChange: Hashable, Sendable {
        public let ordinal: Int
        public let kind: Run.Step.Class
        public let definition: Key
        public let name: String
        public let status: Run.Step.Status
        public let attempts: Int
        public let reason: Run.Step.Reason
        public let failure: Run.Failure?
    }

    public struct ExecutionChange: Hashable, Sendable {
        public let kind: Run.Execution.Kind
        public let name: String
        public let lifecycle: Run.Execution.Lifecycle
        /// For `requested`, what it was asked with.
        public let arguments: JSON?
        /// For `progress`: a part of a model's answer or of an output, white space kept.
        public let text: String?
        public let result: Run.Result?
        public let failure: Run.Failure?
        /// For `started`, how long it waited for room, if it did.
        public let waited: Run.Milliseconds?
        /// From the request to the terminal, for a terminal; from the start where it had to wait for room.
        public let duration: Run.Milliseconds?
        /// For `requested`, why it is started.
        public let motive: Run.Step.Motive?
        /// For a terminal of what was told to end, the reason of the run's stop.
        public let reason: String?

        init(
            kind: Run.Execution.Kind, name: String, _ lifecycle: Run.Execution.Lifecycle,
            arguments: JSON? = nil, text: String? = nil, result: Run.Result? = nil,
            failure: Run.Failure? = nil, waited: Run.Milliseconds? = nil,
            duration: Run.Milliseconds? = nil, motive: Run.Step.Motive? = nil, reason: String? = nil
        ) {
            self.kind = kind
            self.name = name
            self.lifecycle = lifecycle
            self.arguments = arguments
            self.text = text
            self.result = result
            self.failure = failure
            self.waited = waited
            self.duration = duration
            self.motive = motive
            self.reason = reason
        }
    }
}

extension Run.Event {
    /// What a run has become with this event, if it does not run any more.
    public var outcome: Run.Status? {
        guard case .run(_, let change) = kind else { return nil }
        return switch change {
        case .opened, .started, .stopping, .resumed, .progress: nil
        case .interrupted: .interrupted
        case .completed: .completed
        case .failed: .failed
        case .canceled: .canceled
        }
    }
}
