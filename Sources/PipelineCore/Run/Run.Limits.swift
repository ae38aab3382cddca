extension Run {
    /// How much a run may use. What is nil is not limited.
    public struct Limits: Hashable, Sendable {
        /// Strategies, tools, commands and workflows that are planned; 1 to 1,000,000.
        public var steps: Int
        /// Attempts of all steps together.
        public var attempts: Int?
        /// In and out together.
        public var tokens: Int64?
        /// In millionths of the host's currency.
        public var cost: Int64?
        /// Running time; interruptions do not count, downtime after a crash does.
        public var wall: Milliseconds?

        public init(
            steps: Int, attempts: Int? = nil, tokens: Int64? = nil, cost: Int64? = nil,
            wall: Milliseconds? = nil
        ) {
            self.steps = steps
            self.attempts = attempts
            self.tokens = tokens
            self.cost = cost
            self.wall = wall
        }

        var isValid: Bool {
            (1...1_000_000).contains(steps) && attempts ?? 1 >= 1 && tokens ?? 1 >= 1 && cost ?? 1 >= 1
                && wall ?? 1 >= 1
        }

        /// These, with what is named set anew; nil when that would lower one, or set one where there is none.
        func raised(by raise: Raise) -> Limits? {
            var limits = self
            guard raise.steps ?? steps >= steps, raise.attempts ?? attempts ?? 0 >= attempts ?? 0,
                raise.tokens ?? tokens ?? 0 >= tokens ?? 0, raise.cost ?? cost ?? 0 >= cost ?? 0,
                raise.attempts == nil || attempts != nil, raise.tokens == nil || tokens != nil,
                raise.cost == nil || cost != nil
            else { return nil }
            limits.steps = raise.steps ?? steps
            limits.attempts = raise.attempts ?? attempts
            limits.tokens = raise.tokens ?? tokens
            limits.cost = raise.cost ?? cost
            return limits.isValid ? limits : nil
        }
    }

    /// Limits that a resume sets anew; what is nil stays as it is.
    public struct Raise: Hashable, Sendable {
        public var steps: Int?
        public var attempts: Int?
        public var tokens: Int64?
        public var cost: Int64?

        public init(steps: Int? = nil, attempts: Int? = nil, tokens: Int64? = nil, cost: Int64? = nil) {
            self.steps = steps
            self.attempts = attempts
            self.tokens = tokens
            self.cost = cost
        }
    }

    /// What a run has used of its ``Limits``.
    public struct Spent: Hashable, Sendable {
        public internal(set) var steps = 0
        public internal(set) var attempts = 0
        public internal(set) var usage = Usage()

        init() {}
    }

    /// The limits that stop a run, by the reason that it then has.
    public enum LimitName: String, Hashable, Sendable, JSONRepresentable {
        case steps = "maxStepsExceeded"
        case attempts = "maxAttemptsExceeded"
        case tokens = "maxTokensExceeded"
        case cost = "maxCostExceeded"
        case loops = "loopDetected"
        case wall = "runDeadline"
        /// A step of the template that may be taken only so often.
        case visits = "maxVisitsExceeded"
        case callsPerAnswer
        /// Places of the gateway; what finds none waits.
        case concurrency
        /// Bytes of an execution's output; what is more is cut off.
        case output
        /// Bytes of an artifact in a record; a larger one is kept elsewhere.
        case artifact
        /// Reports of one execution, and milliseconds between two of them; then it is told to end.
        case reports, idle
        /// Requests that wait, and runs that are parked; one more is rejected.
        case queue, parked
    }
}

extension Run.Limits: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("steps", steps)
        object.set("attempts", attempts)
        object.set("tokens", tokens)
        object.set("cost", cost)
        object.set("wall", wall)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json, only: ["steps", "attempts", "tokens", "cost", "wall"])
        self.init(
            steps: try members.value("steps"), attempts: try members.optional("attempts"),
            tokens: try members.optional("tokens"), cost: try members.optional("cost"),
            wall: try members.optional("wall"))
    }
}

extension Run.Raise: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("steps", steps)
        object.set("attempts", attempts)
        object.set("tokens", tokens)
        object.set("cost", cost)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            steps: try members.optional("steps"), attempts: try members.optional("attempts"),
            tokens: try members.optional("tokens"), cost: try members.optional("cost"))
    }
}

extension Run.Spent: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("steps", steps, unless: 0)
        object.set("attempts", attempts, unless: 0)
        object.set("usage", usage, unless: Run.Usage())
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        steps = try members.value("steps", or: 0)
        attempts = try members.value("attempts", or: 0)
        usage = try members.value("usage", or: Run.Usage())
        guard (0...Int.max / 2).contains(steps), (0...Int.max / 2).contains(attempts) else {
            throw JSON.FormatError("a count is out of range")
        }
    }
}
