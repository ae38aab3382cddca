extension Run {
    /// One unit of a run's work, and what has become of it.
    ///
    ///     ready ──▶ open ──▶ completed, failed, canceled
    ///       ▲        │ ├──▶ backoff ──▶ ready
    ///       │        │ └──▶ unknown ──▶ ready, completed, failed
    ///       └─ gate ◀┘
    ///
    /// A timer step waits in `backoff`, a gate step at its `gate`; neither has attempts.
    public struct Step: Hashable, Sendable {
        /// Counted from 1 within the run.
        public let ordinal: Int
        public let kind: Class
        /// The step of the template that it is an instance of, or whose strategy asked for it.
        public let definition: Key
        /// The strategy, tool, command or workflow; the definition's name for the others.
        public let name: String
        /// What is called; nil for strategies and what the reducer does itself.
        public internal(set) var call: Call?
        /// The steps whose results it goes on from.
        public let predecessors: [Int]
        /// Why the planner added it.
        public let reason: Reason
        /// The signal that made the planner add it.
        public let cause: Signal.ID

        public internal(set) var status: Status
        /// How many attempts were started; the number of the last one.
        public internal(set) var attempts = 0
        /// Failures that count against the most attempts: never one that a stop or a crash ended.
        public internal(set) var tries = 0
        /// Restarts after an unknown outcome that no person ordered.
        public internal(set) var recoveries = 0
        /// How many probes were started.
        public internal(set) var probes = 0
        /// What is open: the attempt, or while the step is `unknown`, a probe of it.
        public internal(set) var attempt: Attempt?
        /// Why the next attempt will be started.
        public internal(set) var motive: Motive = .first
        /// Why the last attempt was started; nil before the first.
        public internal(set) var started: Motive?
        /// The last attempt was recorded as unknown, and late evidence of it still counts.
        public internal(set) var awaitsEvidence = false
        /// Evidence that came while a probe was open; it counts once the probe has settled.
        public internal(set) var evidence: Result?
        /// Nobody knows the outcome, and a probe may find out.
        public internal(set) var needsProbe = false
        /// When the next attempt may start, in back-off; when a timer step is over.
        public internal(set) var due: Milliseconds?
        /// When all attempts together have taken too long. Stands still while the run is interrupted.
        public internal(set) var deadline: Milliseconds?
        /// It is being ended by itself: an operator canceled it, or its deadline has passed.
        public internal(set) var ending: Failure?
        /// How many gates it has opened.
        public internal(set) var gates = 0
        /// What a person is asked.
        public internal(set) var question: Question?
        /// Who approved it, for all its attempts.
        public internal(set) var approval: Approval?
        /// The child run that an attempt of a workflow has left interrupted.
        public internal(set) var child: Run.ID?
        public internal(set) var result: Result?
        public internal(set) var failure: Failure?

        init(
            ordinal: Int, _ kind: Class, of definition: Key, name: String, call: Call? = nil,
            after predecessors: [Int], reason: Reason, cause: Signal.ID
        ) {
            self.ordinal = ordinal
            self.kind = kind
            self.definition = definition
            self.name = name
            self.call = call
            self.predecessors = predecessors
            self.reason = reason
            self.cause = cause
            status = .ready
        }
    }
}

extension Run.Step {
    public enum Class: String, Hashable, Sendable, JSONRepresentable {
        /// A model strategy.
        case llm
        case tool
        case command
        /// A run of its own, in a conversation of its own.
        case workflow
        /// Waits for an instant.
        case timer
        /// Waits for a person.
        case humanGate
        /// Pure, inside the reducer.
        case system

        /// Whether it counts against the limit of steps.
        var isCounted: Bool {
            switch self {
            case .llm, .tool, .command, .workflow: true
            case .timer, .humanGate, .system: false
            }
        }
    }

    public enum Status: String, Hashable, Sendable, JSONRepresentable {
        /// Waits for a person's approval.
        case gate
        /// May start.
        case ready
        /// Has an open attempt.
        case open
        /// Waits for an instant: before its next attempt, or as a timer step.
        case backoff
        /// Nobody knows whether the effect happened.
        case unknown
        case completed, failed, canceled

        public var isTerminal: Bool {
            switch self {
            case .completed, .failed, .canceled: true
            case .gate, .ready, .open, .backoff, .unknown: false
            }
        }
    }

    /// Why the planner added a step.
    public enum Reason: String, Hashable, Sendable, JSONRepresentable {
        case start
        case call
        case continueAfterTools = "continue_after_tools"
        case continueAfterToolFailure = "continue_after_tool_failure"
        /// The answer before it broke a rule.
        case repair
        /// The template's next step.
        case next
        /// The template's step after a failure.
        case onFailure = "on_failure"
    }

    /// Why an attempt is started.
    public enum Motive: String, Hashable, Sendable, JSONRepresentable {
        case first
        /// The last attempt failed in a way that another may mend.
        case retry
        /// The last attempt ended with an interruption.
        case resume
        /// Nobody knew what became of the last attempt, and it may be repeated.
        case recovery
        /// A person ordered it after an unknown outcome.
        case rerun
        /// A person approved it.
        case approval
        /// To find out what became of the last attempt.
        case probe
    }

    /// What a person is asked about a step, and who has agreed so far.
    public struct Question: Hashable, Sendable {
        public let kind: Run.Gate.Kind
        public let reason: String
        /// When nobody answering is a no. Stands still while the run is interrupted.
        public internal(set) var expires: Run.Milliseconds?
        /// How many different people must agree.
        public let approvers: Int
        public internal(set) var agreed: [Run.Actor] = []
    }

    /// Running it again does no harm: a strategy, or a call that is declared so. A failure of any other is not retried.
    public var isIdempotent: Bool {
        switch kind {
        case .llm, .system, .timer, .humanGate: true
        case .tool, .command, .workflow: call.map { call in call.isIdempotent || call.isReadOnly } ?? false
        }
    }

    /// What was cut off may be taken up again: a workflow goes on with its child.
    public var isRepeatable: Bool { kind == .workflow || isIdempotent }
}

extension Run {
    /// One try of a step, or a probe of one.
    public struct Attempt: Hashable, Sendable {
        public let number: Int
        /// Which probe of the attempt it is; 0 for the attempt itself.
        public let probe: Int
        /// When it was asked for, or, where it had to wait for room, when it began.
        public internal(set) var since: Milliseconds
        /// Since when it waits for room in the gateway: until it begins, its effect has certainly not begun.
        public internal(set) var waitingSince: Milliseconds?
        /// The signal that brought it about.
        public let cause: Signal.ID
        public internal(set) var lifecycle: Execution.Lifecycle = .requested
        public internal(set) var told: Told?

        init(number: Int, probe: Int = 0, since: Milliseconds, cause: Signal.ID) {
            self.number = number
            self.probe = probe
            self.since = since
            self.cause = cause
        }

        /// A cancel that was sent for an attempt: once, and with an end.
        public struct Told: Hashable, Sendable {
            public enum Why: String, Hashable, Sendable, JSONRepresentable {
                /// The run stops.
                case stop
                /// The attempt went over a limit: of time, or one that the runner alone measures.
                case limit
                /// The step alone is ended.
                case step
            }

            public let why: Why
            /// What the attempt has failed with, however it ends without a result; of a limit alone.
            public let failure: Failure?
            /// When the attempt is given up.
            public let until: Milliseconds
        }
    }
}
