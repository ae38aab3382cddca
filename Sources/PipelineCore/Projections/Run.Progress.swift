extension Run {
    /// How far a run is: a value to show.
    public struct Progress: Hashable, Sendable {
        public let status: Status
        /// The step of the template in turn.
        public let step: Key
        /// Steps that count against the limit, those in turn included.
        public let stepsUsed: Int
        /// What is open now.
        public let open: Int
        /// Questions that wait for a person.
        public let gates: Int
        public let remaining: Limits
    }

    /// - Parameter time: now, for what is left of the run's time.
    public func progress(at time: Milliseconds) -> Progress {
        Progress(
            status: status,
            step: template.steps.indices.contains(position) ? template.steps[position].name : "",
            stepsUsed: spent.steps, open: openExecutions.count, gates: gates.count,
            remaining: remaining(at: time))
    }
}

extension Run.Progress: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("status", status)
        object.set("step", step)
        object.set("stepsUsed", stepsUsed)
        object.set("open", open, unless: 0)
        object.set("gates", gates, unless: 0)
        object.set("remaining", remaining)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        status = try members.value("status")
        step = try members.value("step")
        stepsUsed = try members.value("stepsUsed")
        open = try members.value("open", or: 0)
        gates = try members.value("gates", or: 0)
        remaining = try members.value("remaining")
    }
}
