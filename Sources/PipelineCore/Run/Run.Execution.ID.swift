extension Run.Execution {
    /// `<run>/<ordinal>/<attempt>`: joins a start with its answers. A probe of the attempt adds `/probe/<n>`.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        public let run: Run.ID
        /// The step, counted from 1 within its run.
        public let ordinal: Int
        /// The attempt, counted from 1 within its step.
        public let attempt: Int
        /// Which look at the attempt's effect it is, counted from 1; 0 for the attempt itself.
        public let probe: Int

        public init(run: Run.ID, ordinal: Int, attempt: Int, probe: Int = 0) {
            self.run = run
            self.ordinal = ordinal
            self.attempt = attempt
            self.probe = probe
        }

        /// The child run that a workflow's attempt opens, in the conversation that its step names.
        public var child: Run.ID { Run.ID("\(run)/\(ordinal)/\(attempt)") }

        /// It only looks whether the attempt took effect.
        public var isProbe: Bool { probe > 0 }

        public var description: String {
            probe > 0 ? "\(run)/\(ordinal)/\(attempt)/probe/\(probe)" : "\(run)/\(ordinal)/\(attempt)"
        }

        public init?(_ text: String) {
            var parts = IDParts(text)
            guard let id = parts.removeLastExecution(), id.description.utf8.elementsEqual(text.utf8) else {
                return nil
            }
            self = id
        }
    }
}

extension IDParts {
    /// Takes an execution's id from the end, with everything before it as the run's.
    mutating func removeLastExecution() -> Run.Execution.ID? {
        guard let last = removeLastInt() else { return nil }
        var probed = self
        if probed.removeLast() == "probe", let attempt = probed.removeLastInt(),
            let ordinal = probed.removeLastInt(),
            last > 0
        {
            return Run.Execution.ID(run: probed.rest, ordinal: ordinal, attempt: attempt, probe: last)
        }
        guard let ordinal = removeLastInt() else { return nil }
        return Run.Execution.ID(run: rest, ordinal: ordinal, attempt: last)
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
