extension Run {
    /// What has opened a child run.
    public struct Parent: Hashable, Sendable {
        /// The execution of a workflow, of another run.
        public let execution: Execution.ID
        /// How many runs are above it.
        public let depth: Int

        public init(execution: Execution.ID, depth: Int) {
            self.execution = execution
            self.depth = depth
        }

        /// Runs above a run, at most: workflows that call each other come to an end.
        public static let greatestDepth = 8
    }
}

extension Run.Parent: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("execution_id", execution)
        object.set("depth", depth)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        execution = try members.value("execution_id")
        depth = try members.value("depth")
    }
}
