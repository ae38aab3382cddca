/// A mode as data: what the planner goes by. A run keeps the one it started with.
///
/// The first step begins. Each step says where it goes on; the run is complete with a step that ``completion`` lists.
/// ``problems`` names everything that is wrong with a template at once.
public struct Template: Hashable, Sendable {
    public var id: Key
    public var version: Key
    public var mode: Key
    /// 1 to 64, each name once.
    public var steps: [Step]
    /// The steps with which a run is complete; they alone have no next one.
    public var completion: [Key]
    /// What a host may change with ``extended(by:)``.
    public var extensionPoints: [Extension.Point]

    public var llm: Policy
    public var tool: Policy
    public var command: Policy
    public var workflow: Policy
    /// What holds for the gates of calls, and for questions after an unknown outcome.
    public var gates: Gate
    /// How much a run may use.
    public var limits: Run.Limits
    /// What becomes of a run at one of its limits.
    public var onLimit: OnLimit
    /// Whether a call that fails fails the run; otherwise the strategy is told.
    public var failsWithCall: Bool
    public var loops: Loops
    /// Executions of one run that may be open at once; at least 1.
    public var concurrency: Int
    /// Calls of one answer that are carried out; the others fail, and the model is told.
    public var callsPerAnswer: Int
    /// How long an attempt that was told to stop may take before it is given up.
    public var grace: Run.Milliseconds

    /// A template with the defaults of `llm` 3 tries, 100 ms, 120 s; calls 3, 100 ms, 30 s and 600 s.
    public init(
        id: Key, version: Key, mode: Key, steps: [Step], completion: [Key],
        extensionPoints: [Extension.Point] = []
    ) {
        self.id = id
        self.version = version
        self.mode = mode
        self.steps = steps
        self.completion = completion
        self.extensionPoints = extensionPoints
        llm = Policy(maxAttempts: 3, backoff: 100, startToClose: 120_000)
        tool = Policy(maxAttempts: 3, backoff: 100, startToClose: 30_000)
        command = Policy(maxAttempts: 3, backoff: 100, startToClose: 600_000)
        workflow = Policy(maxAttempts: 3, backoff: 100, startToClose: nil)
        gates = Gate()
        limits = Run.Limits(steps: 32)
        onLimit = .interrupt
        failsWithCall = false
        loops = Loops(diagnosed: 3, failed: 5)
        concurrency = 4
        callsPerAnswer = 64
        grace = 5_000
    }

    /// What becomes of a run at a limit.
    public enum OnLimit: String, Hashable, Sendable, JSONRepresentable {
        /// It is interrupted, and a resume that raises the limit goes on.
        case interrupt
        case fail
    }

    /// How often one call may fail in the same way with no successful write between.
    public struct Loops: Hashable, Sendable {
        /// With this number subscribers are told.
        public var diagnosed: Int
        /// With this number the run fails, `loopDetected`.
        public var failed: Int

        public init(diagnosed: Int, failed: Int) {
            self.diagnosed = diagnosed
            self.failed = failed
        }
    }
}

extension Template {
    /// What names this definition exactly.
    public var reference: Reference {
        Reference(id: id, version: version, digest: ContentDigest(hashing: json.canonicalBytes))
    }

    public struct Reference: Hashable, Sendable {
        public let id: Key
        public let version: Key
        public let digest: ContentDigest
    }

    /// The most different people whom one of its gates needs.
    var approvers: Int {
        steps.reduce(gates.approvers) { most, step in
            if case .gate(let gate) = step.action { max(most, gate.approvers) } else { most }
        }
    }

    /// Where the step of this name stands.
    func index(of name: Key) -> Int? { steps.firstIndex { step in step.name == name } }

    package func policy(for kind: Run.Step.Class) -> Policy {
        switch kind {
        case .llm, .system, .timer, .humanGate: llm
        case .tool: tool
        case .command: command
        case .workflow: workflow
        }
    }

    /// How long an execution of this class may take to end once it was told: a workflow's child has its own to wait for.
    func grace(for kind: Run.Step.Class) -> Run.Milliseconds {
        kind == .workflow ? grace.addingClamped(grace) : grace
    }
}
