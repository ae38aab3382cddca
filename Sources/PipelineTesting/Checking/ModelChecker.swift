public import PipelineCore

/// Walks every order of what may happen to a run of a template, within bounds, and checks the rules in every state.
///
/// Breadth first, so the counterexample that it shows is a shortest one. Time is logical: any timer that is armed may
/// fire. Two states are the same when they differ only in names: numbers of attempts, gates and interruptions, ids of
/// signals, and the texts of failures.
///
///     let report = ModelChecker(.coding).check()
///     print(report)                       // states, edges, depth, and how often each rule applied
///     try report.verify()                 // throws the first violation, with its counterexample
public struct ModelChecker: Sendable {
    public var template: Template
    public var bounds: Bounds
    /// Rules of your own, checked in every state besides the library's.
    public var rules: [StateRule]

    public init(_ template: Template, bounds: Bounds = Bounds(), rules: [StateRule] = []) {
        self.template = template
        // More tries than these only repeat what two of them show.
        self.template.llm.maxAttempts = min(template.llm.maxAttempts, bounds.attempts)
        self.template.tool.maxAttempts = min(template.tool.maxAttempts, bounds.attempts)
        self.template.command.maxAttempts = min(template.command.maxAttempts, bounds.attempts)
        self.template.workflow.maxAttempts = min(template.workflow.maxAttempts, bounds.attempts)
        self.bounds = bounds
        self.rules = rules
    }

    /// The walks that together cover what a template may meet: all at once with one request, and in smaller worlds the
    /// cancel of a step, the cancel of a conversation with a queue, and what runners report on the way.
    public static func standard(_ template: Template) -> [(name: String, checker: ModelChecker)] {
        var steps = Bounds()
        (steps.asks, steps.interrupts, steps.stepCancels) = (1, 1, 1)
        var queue = Bounds(calls: Array(Bounds.twoCalls.suffix(1)))
        (queue.asks, queue.interrupts, queue.reruns, queue.requests, queue.conversationCancels) = (
            0, 1, 0, 1, 1
        )
        queue.badAnswers = 0
        var reports = Bounds(calls: Array(Bounds.twoCalls.suffix(1)))
        (reports.asks, reports.interrupts, reports.lifecycle) = (1, 1, true)
        var timed = template
        timed.gates.timeout = 500
        timed.tool.scheduleToClose = 1_000
        timed.limits.wall = 100_000
        var rare = Bounds(calls: [
            Run.Call(id: "a", name: "workflow.run.review", arguments: [:], isReadOnly: true),
            Run.Call(
                id: "b", name: "command.run.deploy", arguments: [:], isReadOnly: template.mode == "planning",
                recovery: .probe),
        ])
        (rare.asks, rare.interrupts, rare.badAnswers, rare.isThorough, rare.timeouts) = (1, 1, 0, true, false)
        var alone = Bounds()
        (alone.asks, alone.interrupts, alone.isUnattended) = (1, 1, true)
        return [
            ("one run", ModelChecker(template)), ("step cancel", ModelChecker(template, bounds: steps)),
            ("queue and conversation cancel", ModelChecker(template, bounds: queue)),
            ("reports on the way", ModelChecker(template, bounds: reports)),
            ("probes, workflows, deadlines, edits", ModelChecker(timed, bounds: rare)),
            ("nobody there", ModelChecker(template, bounds: alone)),
        ]
    }

    /// A rule about every state that can be reached.
    public struct StateRule: Sendable {
        public let name: String
        /// Nil where the rule says nothing, else whether it holds.
        let holds: @Sendable (Conversation) -> Bool?

        public init(_ name: String, holds: @escaping @Sendable (Conversation) -> Bool?) {
            self.name = name
            self.holds = holds
        }
    }

    /// Walks to the end, or to the bound of states, or to the first violation.
    public func check() -> Report {
        var search = Search(self)
        search.run()
        return search.report
    }
}

extension ModelChecker {
    /// What may happen in one walk. Each number is how often at most.
    public struct Bounds: Hashable, Sendable {
        /// What the first strategy that may call anything asks for.
        public var calls: [Run.Call]
        /// Calls for which the gateway's policy may ask a person.
        public var asks = 2
        /// Tries of a step; a template's greater numbers are cut to this.
        public var attempts = 2
        public var interrupts = 2
        public var crashes = 1
        public var cancels = 1
        /// Reruns that a person orders.
        public var reruns = 1
        /// Steps that an operator cancels.
        public var stepCancels = 0
        public var conversationCancels = 0
        /// More requests, while the first run is there.
        public var requests = 0
        /// Answers that break the rules of their step.
        public var badAnswers = 1
        /// Whether timeouts of attempts fire.
        public var timeouts = true
        /// Whether a runner says `started`, and what its policy decides may come after that.
        public var lifecycle = false
        /// Whether people also edit what they approve, answer inside a resume and force a switch of the mode, and
        /// workflows leave children.
        public var isThorough = false
        /// Nobody is there to be asked.
        public var isUnattended = false
        /// Whether late, duplicate and premature signals are tried in every state.
        public var noise = true
        public var states = 5_000_000
        /// Answers for structured steps where the checker knows none that fits their rules.
        public var answers: [Key: JSON] = [:]

        public init(calls: [Run.Call] = Bounds.twoCalls) { self.calls = calls }

        /// One call that may be repeated and one that may not.
        public static let twoCalls = [
            Run.Call(id: "a", name: "read_file", arguments: [:], isIdempotent: true, isReadOnly: true),
            Run.Call(id: "b", name: "deploy", arguments: [:]),
        ]
    }
}
