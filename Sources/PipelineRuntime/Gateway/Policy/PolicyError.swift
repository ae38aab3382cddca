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

extension PolicyError.Problem {
    /// What is wrong with the form, and what is wrong with the meaning of all that has its form, in the order of the rules.
    static func merged(_ form: [PolicyError.Problem], _ meaning: [PolicyError.Problem]) -> [PolicyError
        .Problem]
    {
        let rest = meaning.filter { problem in !form.contains { other in other.covers(problem) } }
        return (form + rest).enumerated().sorted { a, b in
            (a.element.rule, a.offset) < (b.element.rule, b.offset)
        }.map { entry in entry.element }
    }

    /// Whether the other one is about the same thing, a part of it, or the whole of which it is a part.
    private func covers(_ other: PolicyError.Problem) -> Bool {
        pointer == other.pointer || "\(other.pointer)/".hasPrefix("\(pointer)/")
            || "\(pointer)/".hasPrefix("\(other.pointer)/")
    }

    /// The number of the rule; what is about no rule comes first.
    private var rule: Int {
        let parts = pointer.split(separator: "/")
        return parts.count > 1 ? Int(parts[1]) ?? -1 : -1
    }
}
