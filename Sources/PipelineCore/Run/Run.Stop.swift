extension Run {
    /// Why a run is coming to a stop while what it has in flight settles.
    public struct Stop: Hashable, Sendable {
        /// What the run becomes once nothing is open. Ordered: a wider stop replaces a narrower one.
        public enum Kind: String, Hashable, Sendable, Comparable, JSONRepresentable {
            case interrupt, fail, cancel

            public static func < (a: Kind, b: Kind) -> Bool { a.width < b.width }

            private var width: Int {
                switch self {
                case .interrupt: 0
                case .fail: 1
                case .cancel: 2
                }
            }
        }

        public let kind: Kind
        public let reason: String
        /// The signal that asked for it.
        public let cause: Signal.ID
        /// What was in flight at the moment of an interrupt.
        public let inFlight: InFlight
        /// Why the run fails, where it does.
        public let failure: Failure?
    }

    /// What an interrupt met: the first of these that was in flight.
    public enum InFlight: String, Hashable, Sendable, JSONRepresentable {
        case tool, command, workflow, strategy, gate, timer, none
    }

    /// A finished interruption: the run is parked and waits for a resume with this ticket.
    public struct Interruption: Hashable, Sendable {
        public let ticket: Ticket
        public let reason: String
        public let cause: Signal.ID
        public let inFlight: InFlight
    }
}

extension Run.Stop: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("kind", kind)
        object.set("reason", reason)
        object.set("cause_id", cause)
        object.set("inFlight", inFlight)
        object.set("failure", failure)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        kind = try members.value("kind")
        reason = try members.value("reason")
        cause = try members.value("cause_id")
        inFlight = try members.value("inFlight")
        failure = try members.optional("failure")
    }
}

extension Run.Interruption: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("ticket", ticket)
        object.set("reason", reason)
        object.set("cause_id", cause)
        object.set("inFlight", inFlight)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        ticket = try members.value("ticket")
        reason = try members.value("reason")
        cause = try members.value("cause_id")
        inFlight = try members.value("inFlight")
    }
}
