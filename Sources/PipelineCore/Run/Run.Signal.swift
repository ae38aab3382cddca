extension Run {
    /// Something that happened or is asked for: the only way in which anything reaches a reducer.
    public struct Signal: Hashable, Sendable {
        public let id: ID
        public let kind: Kind
        public let actor: Actor
        /// When it happened, as the host's clock says; the engine never lets it go back.
        public var time: Milliseconds
        /// The signal or event that led to this one, where the sender knows it.
        public let cause: ID?
        /// What the sender files this and everything that follows from it under; the signal's own id otherwise.
        public let correlation: ID?

        public init(
            id: ID, _ kind: Kind, by actor: Actor, at time: Milliseconds, cause: ID? = nil,
            correlation: ID? = nil
        ) {
            self.id = id
            self.kind = kind
            self.actor = actor
            self.time = time
            self.cause = cause
            self.correlation = correlation
        }

        /// Names a signal: given by the host for requests, derived for everything else.
        public struct ID: Identifier {
            public let key: Key
            public init(key: Key) { self.key = key }
        }
    }
}

extension Run.Signal {
    /// Requests come from a host or an operator, answers from the runner, the timer and the engine.
    public enum Kind: Hashable, Sendable {
        /// Opens a run with what a person wrote.
        case userMessage(Run.Request)
        case interrupt(Run.ID, reason: String)
        /// Goes on with an interrupted run; counts once, for the interruption whose ticket it names. May raise the
        /// limit of steps.
        case resume(Run.ID, Run.Ticket, maxSteps: Int? = nil)
        case cancel(Run.ID, reason: String)
        case gateAnswer(Run.Ticket, Run.Gate.Answer)

        case policyDecided(Run.Execution.ID, Run.Decision)
        case started(Run.Execution.ID)
        case progress(Run.Execution.ID, String)
        case completed(Run.Execution.ID, Run.Result)
        case failed(Run.Execution.ID, Run.Failure)
        /// The sub-runner has really ended; `effectBegan` is false only when it never was called.
        case canceled(Run.Execution.ID, effectBegan: Bool)
        case timerFired(Run.Timer.ID)
        /// The engine has opened a conversation that another process left with work in flight.
        case restarted
    }

    /// Whether a host or an operator sends it, and so whether its id is remembered.
    public var isRequest: Bool {
        switch kind {
        case .userMessage, .interrupt, .resume, .cancel, .gateAnswer: true
        case .policyDecided, .started, .progress, .completed, .failed, .canceled, .timerFired, .restarted:
            false
        }
    }

    /// Whether the texts of a request are short enough to be kept in the state.
    var fits: Bool {
        let text =
            switch kind {
            case .interrupt(_, let reason), .cancel(_, let reason): reason
            case .gateAnswer(_, .deny(let message)): message
            case .userMessage, .resume, .gateAnswer, .policyDecided, .started, .progress, .completed, .failed,
                .canceled, .timerFired, .restarted:
                ""
            }
        return text.utf8.count <= Conversation.mostBytes && id.text.utf8.count <= 1_024
            && (correlation?.text.utf8.count ?? 0) <= 1_024
    }

    /// Whether this actor may send this kind of signal. What a model says is never a signal.
    var isAuthorized: Bool {
        switch (kind, actor) {
        case (.gateAnswer, .operator): true
        case (.userMessage, .host), (.userMessage, .operator), (.interrupt, .host), (.interrupt, .operator),
            (.resume, .host), (.resume, .operator), (.cancel, .host), (.cancel, .operator):
            true
        case (.policyDecided, .runner), (.started, .runner), (.progress, .runner), (.completed, .runner),
            (.failed, .runner), (.canceled, .runner):
            true
        case (.timerFired, .timer), (.restarted, .engine): true
        case (_, .host), (_, .operator), (_, .runner), (_, .timer), (_, .engine): false
        }
    }
}

extension Run {
    /// What a run is asked to do, and the definition that it keeps to its end.
    public struct Request: Hashable, Sendable {
        public let text: String
        public let template: Template
        /// The host's own notes about the run; kept, never read by the core.
        public let metadata: JSON

        public init(_ text: String, template: Template = .coding, metadata: JSON = .null) {
            self.text = text
            self.template = template
            self.metadata = metadata
        }
    }
}
