/// A mode as data: what the planner goes by. A run keeps the one it started with.
public struct Template: Hashable, Sendable {
    public var id: Key
    public var version: Key
    public var mode: String
    /// The strategy that answers for the run.
    public var strategy: String
    public var llm: Policy
    public var tool: Policy
    public var command: Policy
    /// Executions of one run that may be open at once; at least 1.
    public var concurrency: Int
    /// Calls of one answer that are carried out; the others fail, and the model is told.
    public var callsPerAnswer: Int
    /// Steps of a run that are not the reducer's own: strategies, tools, commands. At least 1.
    public var maxSteps: Int
    /// What becomes of a run that would need more.
    public var onLimit: OnLimit
    /// How long an attempt that was told to stop may take before it is given up.
    public var grace: Run.Milliseconds

    /// What becomes of a run at a limit.
    public enum OnLimit: String, Hashable, Sendable, JSONRepresentable {
        /// It is interrupted, and a resume that raises the limit goes on.
        case interrupt
        case fail
    }

    /// How the steps of a class are tried.
    public struct Policy: Hashable, Sendable {
        /// Tries, the first included, of a step that may be repeated; any other has one.
        public var maxAttempts: Int
        /// The pause before the second try; doubles up to 30 s.
        public var backoff: Run.Milliseconds
        /// How long one attempt may take.
        public var startToClose: Run.Milliseconds

        public init(maxAttempts: Int, backoff: Run.Milliseconds, startToClose: Run.Milliseconds) {
            self.maxAttempts = maxAttempts
            self.backoff = backoff
            self.startToClose = startToClose
        }

        /// The pause after this many tries.
        func pause(after tries: Int) -> Run.Milliseconds {
            let longest: Run.Milliseconds = 30_000
            return min(longest, max(0, backoff).clampedShift(left: max(0, tries - 1)))
        }
    }

    /// What names this definition exactly.
    public var reference: Reference {
        Reference(id: id, version: version, digest: ContentDigest(hashing: json.canonicalBytes))
    }

    public struct Reference: Hashable, Sendable {
        public let id: Key
        public let version: Key
        public let digest: ContentDigest
    }
}

extension Template {
    /// Strategy, tool calls, strategy again, until an answer without calls; then commit and artifact.
    public static let coding = Template(
        id: "coding.baseline", version: "1.0.0", mode: "coding", strategy: "code_generation",
        llm: Policy(maxAttempts: 3, backoff: 100, startToClose: 120_000),
        tool: Policy(maxAttempts: 3, backoff: 100, startToClose: 30_000),
        command: Policy(maxAttempts: 3, backoff: 100, startToClose: 600_000),
        concurrency: 4, callsPerAnswer: 64, maxSteps: 32, onLimit: .interrupt, grace: 5_000)

    func policy(for kind: Run.Step.Class) -> Policy {
        switch kind {
        case .llm, .system: llm
        case .tool: tool
        case .command: command
        }
    }

    /// The greatest concurrency, and the most calls of an answer.
    static let mostAtOnce = 1_024

    /// Whether every limit is in range.
    var isValid: Bool {
        (1...Template.mostAtOnce).contains(concurrency) && (1...Template.mostAtOnce).contains(callsPerAnswer)
            && Run.stepLimits.contains(maxSteps) && grace >= 0
            && [id.text, version.text, mode, strategy].allSatisfy { text in text.utf8.count <= 1_024 }
            && [llm, tool, command].allSatisfy { policy in
                policy.maxAttempts >= 1 && policy.backoff >= 0 && policy.startToClose >= 1
            }
    }
}

extension Int64 {
    /// This times two to the power of `bits`, or the largest value.
    fileprivate func clampedShift(left bits: Int) -> Int64 {
        bits >= leadingZeroBitCount - 1 ? (self == 0 ? 0 : .max) : self << Int64(bits)
    }
}

extension Template: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("id", id.text)
        object.set("version", version.text)
        object.set("mode", mode)
        object.set("strategy", strategy)
        object.set("llm", llm)
        object.set("tool", tool)
        object.set("command", command)
        object.set("concurrency", concurrency)
        object.set("callsPerAnswer", callsPerAnswer)
        object.set("maxSteps", maxSteps)
        object.set("onLimit", onLimit)
        object.set("grace", grace)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        id = Key(try members.value("id"))
        version = Key(try members.value("version"))
        mode = try members.value("mode")
        strategy = try members.value("strategy")
        llm = try members.value("llm")
        tool = try members.value("tool")
        command = try members.value("command")
        concurrency = try members.value("concurrency")
        callsPerAnswer = try members.value("callsPerAnswer")
        maxSteps = try members.value("maxSteps")
        onLimit = try members.value("onLimit")
        grace = try members.value("grace")
        guard isValid else {
            throw JSON.FormatError("a limit is out of range: counts and times must be positive")
        }
    }
}

extension Template.Policy: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("maxAttempts", maxAttempts)
        object.set("backoff", backoff)
        object.set("startToClose", startToClose)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        maxAttempts = try members.value("maxAttempts")
        backoff = try members.value("backoff")
        startToClose = try members.value("startToClose")
    }
}
