extension Run {
    /// What one signal brings about, gathered while the state changes and then given out in contract order.
    ///
    /// Timers and gates are the difference between the state before and after, so what is armed and disarmed
    /// within one signal cancels out.
    struct Transition {
        let cause: Signal.ID
        let time: Milliseconds
        private let timersBefore: [Timer]
        private let gatesBefore: [Gate]
        /// Whoever looked away while the run was interrupted is asked again.
        private let asksAgain: Bool
        private var events: [Event] = []
        private var cancels: [Execution.ID] = []
        private var orphans: [ID] = []
        private var starts: [Execution] = []

        /// The signal only tells how an execution gets on: no timer, no gate and no plan can change by it.
        let isNews: Bool

        /// - Parameter run: as it stands before the signal.
        init(_ signal: Signal, from run: Run) {
            cause = signal.id
            time = signal.time
            asksAgain = if case .resume = signal.kind { true } else { false }
            switch signal.kind {
            case .started(let id)
            where run.awaiting(id).map { index in run.steps[index].attempt?.waitingSince } != .some(nil):
                // The time of what had to wait for room begins.
                isNews = false
                timersBefore = run.timers
                gatesBefore = run.gates
            case .started, .progress:
                isNews = true
                timersBefore = []
                gatesBefore = []
            case .restarted:
                // A new process has nothing armed and nobody asked.
                isNews = false
                timersBefore = []
                gatesBefore = []
            case .userMessage, .interrupt, .resume, .cancel, .cancelStep, .withdraw, .cancelConversation,
                .resumeConversation, .switchMode, .gateAnswer, .policyDecided, .exceeded, .completed, .failed,
                .canceled, .timerFired:
                isNews = false
                timersBefore = run.timers
                gatesBefore = run.gates
            }
        }

        mutating func publish(_ kind: Event.Kind) {
            events.append(Event(kind: kind, cause: cause, time: time))
        }

        mutating func cancel(_ execution: Execution.ID) { cancels.append(execution) }

        mutating func cancel(child: ID) { orphans.append(child) }

        mutating func start(_ execution: Execution) { starts.append(execution) }

        /// - Parameter run: as it stands after the signal.
        consuming func finish(with run: Run, into directives: inout [Directive]) {
            let timersAfter = isNews ? [] : run.timers
            let gatesAfter = isNews ? [] : run.gates
            let opened = gatesAfter.filter { gate in asksAgain || !gatesBefore.contains(gate) }
            let withdrawn = gatesBefore.filter { gate in !gatesAfter.contains(gate) }
            let armed = timersAfter.filter { timer in !timersBefore.contains(timer) }
            for gate in opened { publish(.gateOpened(gate)) }
            for timer in armed where timer.id.kind.isWaiting { publish(.timerArmed(timer)) }
            for event in events { directives.append(.publish(event)) }
            for timer in timersBefore where !timersAfter.contains(timer) {
                directives.append(.disarmTimer(timer.id))
            }
            for gate in withdrawn { directives.append(.withdrawGate(gate.ticket)) }
            for execution in cancels { directives.append(.cancelExecution(execution)) }
            for child in orphans { directives.append(.cancelChild(child)) }
            for timer in armed { directives.append(.armTimer(timer)) }
            for gate in opened { directives.append(.openGate(gate)) }
            for execution in starts { directives.append(.startExecution(execution)) }
        }
    }
}

extension Run.Timer.Kind {
    /// Subscribers are told of what a run waits for; the bounds of its executions are in their envelopes.
    fileprivate var isWaiting: Bool {
        switch self {
        case .backoff, .wait: true
        case .attempt, .grace, .gate, .step, .run: false
        }
    }
}
