extension ModelChecker {
    /// The rules that every template keeps, in the order in which a report lists them.
    enum Rule: Int, CaseIterable {
        case timersArmed, executionsLive, gatesAsked, settledWhenStopped, stoppingIsTold, hasBlocker,
            triesLeft
        case effectsOnce, oneTerminal
        case terminalIsFinal, stopNeverWeakens, startsAreAllowed, completedCompletes, canceledOnce,
            unchangedIsUnchanged
        case ticketsOnce, backoffEnds, triesRise, approvedOnce, canceledStaysCanceled, crashChangesOpenOnly,
            queueIsKept
        case directivesInOrder, noiseIsIgnored, stepsEndWithRun
        case endsByItself, noCycle, canBeEnded, canBeCompleted

        var text: String {
            switch self {
            case .timersArmed: "timers armed are those that the state implies"
            case .executionsLive: "live executions are the open attempts, told where a cancel was sent"
            case .gatesAsked: "gates asked are the gates that are open"
            case .settledWhenStopped: "parked or ended: nothing is open"
            case .stoppingIsTold: "stopping: something is open, and all of it was told"
            case .hasBlocker: "what has not ended has a blocker, and each one is real"
            case .triesLeft: "a step that goes on has tries left"
            case .effectsOnce: "an effect that may not happen twice begins again only by a person or a proof"
            case .oneTerminal: "one terminal event for a run, a step, an attempt, a gate"
            case .terminalIsFinal: "what has ended does not change"
            case .stopNeverWeakens: "a stop never weakens, and never ends in completed"
            case .startsAreAllowed: "starts while running, after the last attempt, with the approval it needs"
            case .completedCompletes: "completed of an open attempt completes its step"
            case .canceledOnce: "one cancel for an execution"
            case .unchangedIsUnchanged: "what is not applied changes nothing"
            case .ticketsOnce: "a ticket counts once, and only while it is current"
            case .backoffEnds: "back-off ends by its timer, a cancel or late evidence"
            case .triesRise: "tries rise by an unprompted failure or a timeout, and never fall"
            case .approvedOnce: "an approval is not asked twice"
            case .canceledStaysCanceled: "a step that was canceled does not go on"
            case .crashChangesOpenOnly: "a crash changes open attempts alone"
            case .queueIsKept: "a request leaves the queue by starting or with an event"
            case .directivesInOrder: "directives come in their groups"
            case .stepsEndWithRun: "a run that ends leaves no step undecided"
            case .noiseIsIgnored: "late, duplicate and premature signals change nothing"
            case .endsByItself: "answers and timers alone lead to an end, an interruption or a gate"
            case .noCycle: "answers and timers alone do not go round"
            case .canBeEnded: "with a helpful world every state reaches an end"
            case .canBeCompleted: "with a helpful world a run that nothing stopped or failed completes"
            }
        }
    }

    /// Counts what rules say, and keeps the first that does not hold.
    struct Verdicts {
        private(set) var counts = [Int](repeating: 0, count: Rule.allCases.count)
        private(set) var broken: (rule: Rule, explanation: String)?

        /// The rule says something here; notes when it does not hold.
        mutating func check(_ rule: Rule, _ holds: Bool, _ explanation: @autoclosure () -> String) {
            counts[rule.rawValue] += 1
            if !holds, broken == nil { broken = (rule, explanation()) }
        }

        /// The rule was checked for so many states at once.
        mutating func count(_ rule: Rule, _ times: Int) { counts[rule.rawValue] += times }
    }
}
