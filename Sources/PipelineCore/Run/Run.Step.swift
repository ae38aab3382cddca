extension Run {
    /// One unit of a run's work, and what has become of it.
    ///
    ///     ready ──▶ open ──▶ completed, failed, canceled
    ///       ▲        │ ├──▶ backoff ──▶ ready
    ///       │        │ └──▶ unknown ──▶ ready, completed, failed
    ///       └─ gate ◀┘
    public struct Step: Hashable, Sendable {
        /// Counted from 1 within the run.
        public let ordinal: Int
        public let kind: Class
        /// The strategy, the tool or the system step.
        public let name: String
        /// What a model asked for; nil for strategy and system steps.
        public let call: Call?
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
        /// The attempt that is open.
        public internal(set) var attempt: Attempt?
        /// The last attempt was recorded as unknown, and late evidence of it still counts.
        public internal(set) var awaitsEvidence = false
        /// When the next attempt may start, in back-off.
        public internal(set) var due: Milliseconds?
        /// How many gates it has opened.
        public internal(set) var gates = 0
        /// Why approval is asked, while its gate is open.
        public internal(set) var asks: String?
        /// Who approved it, for all its attempts.
        public internal(set) var approval: Approval?
        /// A confirmation gate is open.
        public internal(set) var confirms = false
        public internal(set) var result: Result?
        public internal(set) var failure: Failure?

        init(
            ordinal: Int, _ kind: Class, name: String, call: Call? = nil, after predecessors: [Int],
            reason: Reason, cause: Signal.ID
        ) {
            self.ordinal = ordinal
            self.kind = kind
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
        /// Pure, inside the reducer.
        case system
    }

    public enum Status: String, Hashable, Sendable, JSONRepresentable {
        /// Waits for a person's approval.
        case gate
        /// May start.
        case ready
        /// Has an open attempt.
        case open
        /// Waits before its next attempt.
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

    public enum Reason: String, Hashable, Sendable, JSONRepresentable {
        case start
        case call
        case continueAfterTools = "continue_after_tools"
        case continueAfterToolFailure = "continue_after_tool_failure"
        case commit
        case artifact
    }

    /// Running it again does no harm: a strategy, or a call that is declared so.
    public var isRepeatable: Bool {
        switch kind {
        case .llm: true
        case .tool, .command: call?.isIdempotent ?? false
        case .system: true
        }
    }
}

extension Run {
    /// One try of a step.
    public struct Attempt: Hashable, Sendable {
        public let number: Int
        public let since: Milliseconds
        public internal(set) var lifecycle: Execution.Lifecycle = .requested
        public internal(set) var told: Told?

        /// A cancel that was sent for an attempt: once, and with an end.
        public struct Told: Hashable, Sendable {
            public enum Why: String, Hashable, Sendable, JSONRepresentable {
                case stop, timeout
            }

            public let why: Why
            /// When the attempt is given up.
            public let until: Milliseconds
        }
    }
}
