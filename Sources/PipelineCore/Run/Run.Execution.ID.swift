extension Run.Execution {
    /// `<run>/<ordinal>/<attempt>`: joins a start with its answers.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        public let run: Run.ID
        /// The step, counted from 1 within its run.
        public let ordinal: Int
        /// The attempt, counted from 1 within its step.
        public let attempt: Int

        public init(run: Run.ID, ordinal: Int, attempt: Int) {
            self.run = run
            self.ordinal = ordinal
            self.attempt = attempt
        }

        public var description: String { "\(run)/\(ordinal)/\(attempt)" }

        public init?(_ text: String) {
            var parts = IDParts(text)
            guard let attempt = parts.removeLastInt(), let ordinal = parts.removeLastInt() else { return nil }
            self.init(run: parts.rest, ordinal: ordinal, attempt: attempt)
            guard description.utf8.elementsEqual(text.utf8) else { return nil }
        }
    }
}

extension Run.Execution.ID: JSONRepresentable {
    public var json: JSON { .string(description) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .string(let text) = json, let id = Run.Execution.ID(text) else {
            throw JSON.FormatError("expected an execution id, <run>/<ordinal>/<attempt>")
        }
        self = id
    }
}
