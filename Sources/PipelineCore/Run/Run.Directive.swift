extension Run {
    /// One deed that the runtime must do, once the record that decided it is durable.
    ///
    /// Within one signal they come in this order: publish, disarm, withdraw, cancel, arm, open, start.
    public enum Directive: Hashable, Sendable {
        /// Tells subscribers. Nothing answers.
        case publish(Event)
        /// Nothing answers; a timer that fires all the same is stale.
        case disarmTimer(Timer.ID)
        /// Nothing answers; a gate answer that comes all the same is rejected.
        case withdrawGate(Ticket)
        /// Answered by a terminal of the execution.
        case cancelExecution(Execution.ID)
        /// Ends the child run that a workflow's step has left behind. Nothing answers.
        case cancelChild(ID)
        /// Answered by `timerFired`.
        case armTimer(Timer)
        /// Answered by `gateAnswer`.
        case openGate(Gate)
        /// Answered by `policyDecided`, `started`, `progress` and exactly one terminal.
        case startExecution(Execution)
    }
}

extension Run.Directive {
    /// Its place in the order within one signal.
    package var rank: Int {
        switch self {
        case .publish: 0
        case .disarmTimer: 1
        case .withdrawGate: 2
        case .cancelExecution: 3
        case .cancelChild: 4
        case .armTimer: 5
        case .openGate: 6
        case .startExecution: 7
        }
    }

    static let ranks = 0...7
}
