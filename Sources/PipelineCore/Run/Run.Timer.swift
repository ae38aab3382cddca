extension Run {
    /// An instant at which the run wants to hear from the engine.
    public struct Timer: Hashable, Sendable {
        public let id: ID
        public let at: Milliseconds

        public init(id: ID, at: Milliseconds) {
            self.id = id
            self.at = at
        }
    }
}

extension Run.Timer {
    /// `<run>/<ordinal>/<attempt>/<kind>/<interruptions>`: its owner, what it is for, and the interruption number.
    ///
    /// The number makes one that fired before it was disarmed stale ever after. The attempt of a gate is the gate's
    /// number, that of a step's deadline 0; the run's own deadline has ordinal 0.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        public let owner: Run.Execution.ID
        public let kind: Kind
        public let interruptions: Int

        public var run: Run.ID { owner.run }
        public var ordinal: Int { owner.ordinal }

        public var description: String { "\(owner)/\(kind.rawValue)/\(interruptions)" }

        public init(owner: Run.Execution.ID, kind: Kind, interruptions: Int) {
            self.owner = owner
            self.kind = kind
            self.interruptions = interruptions
        }

        public init?(_ text: String) {
            var parts = IDParts(text)
            guard let interruptions = parts.removeLastInt(), let word = parts.removeLast(),
                let kind = Kind(rawValue: String(word)), let owner = parts.removeLastExecution()
            else { return nil }
            self.init(owner: owner, kind: kind, interruptions: interruptions)
            guard description.utf8.elementsEqual(text.utf8) else { return nil }
        }
    }

    public enum Kind: String, Hashable, Sendable {
        /// Start to close: the attempt has run too long.
        case attempt
        /// The attempt was told to stop and has not answered.
        case grace
        /// The pause before the next attempt is over.
        case backoff
        /// A timer step is over.
        case wait
        /// Nobody has answered a gate in time.
        case gate
        /// Schedule to close: all attempts of a step together have taken too long.
        case step
        /// The run has taken too long.
        case run
    }
}

extension Run.Timer.ID: JSONRepresentable {
    public var json: JSON { .string(description) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .string(let text) = json, let id = Run.Timer.ID(text) else {
            throw JSON.FormatError(
                "expected a timer id, <run>/<ordinal>/<attempt>/<kind>/<interruptions>")
        }
        self = id
    }
}
