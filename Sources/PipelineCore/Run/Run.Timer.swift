extension Run {
    /// An instant at which the run wants to hear from the engine.
    public struct Timer: Hashable, Sendable {
        public let id: ID
        public let at: Milliseconds
    }
}

extension Run.Timer {
    /// `<run>/<ordinal>/<attempt>/<kind>/<interruptions>`.
    ///
    /// The interruption number makes one that fired before it was disarmed stale ever after.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        public let run: Run.ID
        public let ordinal: Int
        public let attempt: Int
        public let kind: Kind
        public let interruptions: Int

        public var description: String {
            "\(run)/\(ordinal)/\(attempt)/\(kind.rawValue)/\(interruptions)"
        }

        public init(run: Run.ID, ordinal: Int, attempt: Int, kind: Kind, interruptions: Int) {
            self.run = run
            self.ordinal = ordinal
            self.attempt = attempt
            self.kind = kind
            self.interruptions = interruptions
        }

        public init?(_ text: String) {
            var parts = IDParts(text)
            guard let interruptions = parts.removeLastInt(), let word = parts.removeLast(),
                let kind = Kind(rawValue: String(word)), let attempt = parts.removeLastInt(),
                let ordinal = parts.removeLastInt()
            else { return nil }
            self.init(
                run: parts.rest, ordinal: ordinal, attempt: attempt, kind: kind, interruptions: interruptions)
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
