/// A policy that cannot be used, with everything that is wrong with it.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one, in the order of the JSON form.
    public let problems: [Problem]

    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// Where, as a JSON Pointer (RFC 6901); empty for the whole policy.
        public let pointer: String
        public let reason: String
        /// What to do about it.
        public let hint: String

        init(_ pointer: String, _ reason: String, hint: String) {
            self.pointer = pointer
            self.reason = reason
            self.hint = hint
        }

        public var description: String {
            pointer.isEmpty ? "\(reason); \(hint)" : "\(pointer): \(reason); \(hint)"
        }
    }

    public var description: String {
        problems.reduce(into: "The policy cannot be used:") { text, problem in text += "\n- \(problem)" }
    }
}
