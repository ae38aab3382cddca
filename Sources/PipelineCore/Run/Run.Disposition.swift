extension Run {
    /// What became of a signal.
    public enum Disposition: Hashable, Sendable {
        case applied
        /// A request for what already holds or is being done.
        case unchanged
        /// A signal with this id was applied before.
        case duplicate
        /// An answer that nothing open awaits.
        case stale
        /// A request that cannot be granted; nothing has changed.
        case rejected(Rejection)
    }

    /// Why a request cannot be granted.
    public enum Rejection: String, Error, Hashable, Sendable, JSONRepresentable {
        /// This actor may not send this signal.
        case unauthorized
        /// Another run is active.
        case busy
        /// Too many interrupted runs wait already.
        case parkedFull
        /// Too many requests wait already.
        case queueFull
        case unknownMode
        /// The template has problems; `Template.problems` names them all.
        case definitionInvalid
        /// The conversation was canceled; resume it first.
        case conversationCanceled
        /// It was not canceled.
        case notCanceled
        case emptyMessage
        case payloadInvalid
        case runNotFound
        case runTerminal
        /// The run is coming to a stop; wait for it.
        case stillStopping
        case notStarted
        case notInterrupted
        /// The run is not interrupted: it waits for an answer at a gate.
        case gateUnresolved
        /// The ticket is of an earlier interruption or gate.
        case staleTicket
        case anotherRunActive
        /// A person must first say what became of a step.
        case confirmationRequired
        case gateNotFound
        case stepNotFound
        case stepTerminal
        /// A strategy, or what the reducer does itself, cannot be canceled alone.
        case stepNotCancelable
        /// The run is not waiting in the queue.
        case requestNotQueued
        /// A run is active; end it first, or force the switch.
        case activeRunConflict
        /// The run has another definition than the resumer expects.
        case templateMismatch
        /// The run's state has another form than the resumer knows.
        case snapshotIncompatible
        /// What is left of a limit does not suffice; raise it.
        case budgetExhausted
    }
}

extension Run.Disposition: JSONRepresentable {
    public var json: JSON {
        switch self {
        case .applied: "applied"
        case .unchanged: "unchanged"
        case .duplicate: "duplicate"
        case .stale: "stale"
        case .rejected(let code): .object(["rejected": code.json])
        }
    }

    public init(json: JSON) throws(JSON.FormatError) {
        switch json {
        case "applied": self = .applied
        case "unchanged": self = .unchanged
        case "duplicate": self = .duplicate
        case "stale": self = .stale
        default: self = .rejected(try JSON.Members(json).value("rejected"))
        }
    }
}
