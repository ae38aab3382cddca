extension Run {
    /// An execution that is allowed waits for room: its time does not run, and its effect has certainly not begun.
    mutating func wait(_ index: Int, behind taken: Int, _ transition: inout Transition) {
        guard let execution = executionID(of: index), steps[index].attempt?.waitingSince == nil else {
            return
        }
        steps[index].attempt?.waitingSince = transition.time
        announce(.concurrency, used: Int64(taken), of: Int64(taken), &transition)
        transition.publish(.degraded(execution, .concurrency))
    }

    /// Tells subscribers what of a result was cut off, or is kept elsewhere.
    mutating func announce(_ result: Result, of index: Int, _ transition: inout Transition) {
        guard let execution = executionID(of: index) else { return }
        if let cut = result.truncation {
            announce(.output, used: Int64(cut.originalBytes), of: Int64(cut.keptBytes), &transition)
            transition.publish(.degraded(execution, .output))
        }
        for artifact in result.artifacts where artifact.content == nil {
            announce(.artifact, used: Int64(artifact.bytes), of: 0, &transition)
            transition.publish(.degraded(execution, .artifact))
        }
    }

    /// Tells subscribers that an execution must end, and which limit it went over.
    mutating func announce(_ failure: Failure, _ transition: inout Transition) {
        guard let name = LimitName(rawValue: failure.code) else { return }
        let used = failure.details["used"]?.integerValue ?? 0
        announce(name, used: used, of: failure.details["allowed"]?.integerValue ?? 0, &transition)
    }
}
