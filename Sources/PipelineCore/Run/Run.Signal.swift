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
        /// Opens a run with what a person wrote, now or when the conversation is free.
        case userMessage(Run.Request)
        case interrupt(Run.ID, reason: String)
        /// Goes on with an interrupted run; counts once, for the interruption whose ticket it names.
        case resume(Run.ID, Run.Ticket, Run.Resumption = Run.Resumption())
        case cancel(Run.ID, reason: String)
        /// Ends one tool, command, workflow, timer or gate; its run goes on.
        case cancelStep(Run.ID, ordinal: Int, reason: String)
        /// Takes a request back that has not begun.
        case withdraw(Run.ID, reason: String)
        /// Ends every run, and takes no more requests until it is resumed.
        case cancelConversation(reason: String)
        case resumeConversation
        case switchMode(Run.ModeSwitch)
        case gateAnswer(Run.Ticket, Run.Gate.Answer)

        case policyDecided(Run.Execution.ID, Run.Decision)
        case started(Run.Execution.ID)
        case progress(Run.Execution.ID, String)
        /// It has gone over a limit that the runner alone measures, and must end: what it has failed with if it gives no result.
        case exceeded(Run.Execution.ID, Run.Failure)
        case completed(Run.Execution.ID, Run.Result)
        case failed(Run.Execution.ID, Run.Failure)
        /// The sub-runner has really ended, and has given no result.
        case canceled(Run.Execution.ID, Run.Cancellation)
        case timerFired(Run.Timer.ID)
        /// The engine has opened a conversation that another process left with work in flight.
        case restarted
    }

    /// Whether a host or an operator sends it, and so whether its id is remembered.
    public var isRequest: Bool {
        switch kind {
        case .userMessage, .interrupt, .resume, .cancel, .cancelStep, .withdraw, .cancelConversation,
            .resumeConversation, .switchMode, .gateAnswer:
            true
        case .policyDecided, .started, .progress, .exceeded, .completed, .failed, .canceled, .timerFired,
            .restarted:
            false
        }
    }

    /// Whether the texts of a request are short enough to be kept in the state.
    var fits: Bool {
        let reason: String
        switch kind {
        case .interrupt(_, let text), .cancel(_, let text), .cancelStep(_, _, let text),
            .withdraw(_, let text),
            .cancelConversation(let text):
            reason = text
        case .switchMode(let change): reason = change.reason
        case .gateAnswer(_, let answer):
            guard answer.fits else { return false }
            reason = ""
        case .userMessage, .resume, .resumeConversation, .policyDecided, .started, .progress, .exceeded,
            .completed, .failed, .canceled, .timerFired, .restarted:
            reason = ""
        }
        return reason.utf8.count <= Conversation.mostBytes && id.text.utf8.count <= 1_024
            && (correlation?.text.utf8.count ?? 0) <= 1_024
    }

    /// Whether this kind of actor may send this kind of signal. What a model says is never a signal.
    var isAuthorized: Bool {
        switch (kind, actor) {
        case (.gateAnswer, .operator): true
        case (.gateAnswer, .host), (.gateAnswer, .runner), (.gateAnswer, .timer), (.gateAnswer, .engine):
            false
        // What only a person may do takes a person also in the middle of something else.
        case (.switchMode(let change), .host): !change.isForced
        case (.resume(_, _, let resumption), .host): resumption.replies.isEmpty
        // Whoever closes an engine stops what runs in it.
        case (.interrupt, .engine), (.restarted, .engine): true
        // A child run is opened for a step of another run, and by nobody but the engine.
        case (.userMessage(let request), let actor):
            request.parent == nil ? actor.isPerson : actor == .engine
        // Of child runs alone: see ``Conversation/permits(_:)``.
        case (.resume(_, _, let resumption), .engine): resumption.replies.isEmpty
        case (.cancel, .engine): true
        case (.interrupt, let actor), (.resume, let actor), (.cancel, let actor),
            (.cancelStep, let actor), (.withdraw, let actor), (.cancelConversation, let actor),
            (.resumeConversation, let actor), (.switchMode, let actor):
            actor.isPerson
        case (.policyDecided, let actor), (.started, let actor), (.progress, let actor),
            (.exceeded, let actor), (.completed, let actor),
            (.failed, let actor), (.canceled, let actor):
            actor == .runner
        case (.timerFired, let actor): actor == .timer
        case (.restarted, _): false
        }
    }
}
