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
