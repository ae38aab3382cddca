extension Template {
    /// One thing that is wrong with a template.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// A JSON Pointer to the place in the template's JSON form.
        public let pointer: String
        /// What is wrong, and what to do.
        public let message: String

        init(_ pointer: String, _ message: String) {
            self.pointer = pointer
            self.message = message
        }

        public var description: String { "\(pointer): \(message)" }
    }

    /// A template that cannot be used, with everything that is wrong with it.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        public let problems: [Problem]

        init(problems: [Problem]) { self.problems = problems }

        init(unknown name: Key) {
            self.init(problems: [Problem("/steps", "there is no step \"\(name)\"")])
        }

        public var description: String {
            problems.map { problem in problem.description }.joined(separator: "\n")
        }
    }
}
