extension Run {
    /// What has opened a child run.
    public struct Parent: Hashable, Sendable {
        /// The execution of a workflow, of another run.
        public let execution: Execution.ID
        /// How many runs are above it.
        public let depth: Int
        /// Whether the child run ends when its parent gives it up; one that is left alone is nobody's but its own.
        public let isAttached: Bool

        public init(execution: Execution.ID, depth: Int, isAttached: Bool = true) {
            self.execution = execution
            self.depth = depth
            self.isAttached = isAttached
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
        object.set("attached", isAttached)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        execution = try members.value("execution_id")
        depth = try members.value("depth")
        isAttached = try members.value("attached")
    }
}
