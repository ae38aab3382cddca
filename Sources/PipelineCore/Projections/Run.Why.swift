extension Run {
    /// Why a step is there, why it was started last, and why it ended or waits.
    public struct Why: Hashable, Sendable {
        /// Why the planner added it, and the signal that made it.
        public let planned: Step.Reason
        public let plannedBy: Signal.ID
        public let predecessors: [Int]
        /// How often it was started, and why the last time; nil before the first.
        public let attempts: Int
        public let started: Step.Motive?
        public let status: Step.Status
        /// What went wrong last, or why it was not done.
        public let failure: Failure?
        public let approvedBy: [Actor]
    }

    /// The story of a step that is still kept.
    public func why(_ ordinal: Int) -> Why? {
        step(ordinal).map { step in
            Why(
                planned: step.reason, plannedBy: step.cause, predecessors: step.predecessors,
                attempts: step.attempts, started: step.started, status: step.status,
                failure: step.failure, approvedBy: step.approval?.by ?? [])
        }
    }
}

extension Run.Why: CustomStringConvertible {
    /// A sentence or two.
    public var description: String {
        var text = "Planned because of \(planned.rawValue), by \(plannedBy)."
        if let started { text += " Attempt \(attempts): \(started.rawValue)." }
        if !approvedBy.isEmpty {
            text += " Approved by \(approvedBy.map { actor in actor.description }.joined(separator: ", "))."
        }
        text += " Now \(status.rawValue)"
        if let failure { text += ": \(failure.message)" }
        return text
    }
}
