extension Schema {
    /// JSON that is no schema, or one with keywords that are not known here: everything that is wrong with it.
    public struct Invalid: Error, Hashable, Sendable {
        /// At least one; outer schemas before inner ones, what is wrong with `$ref`s last.
        public let problems: [Problem]

        /// How many problems are listed; more of them are left out.
        public static let greatestCount = 1_000
    }
}

extension Schema.Invalid: CustomStringConvertible {
    /// A line for each problem.
    public var description: String {
        let head = "The JSON Schema cannot be used, for \(Schema.counted(problems.count, "reason")):"
        return problems.reduce(into: head) { text, problem in text += "\n- \(problem.description)" }
    }
}
