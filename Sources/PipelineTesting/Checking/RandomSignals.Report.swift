import PipelineCore

extension RandomSignals {
    /// How often each signal met each phase, and what became of it.
    public struct Report: Sendable, CustomStringConvertible {
        public private(set) var signals = 0
        public private(set) var applied = 0
        /// Signals that were checked against the rules.
        public internal(set) var checked = 0
        private var cells = [Int](repeating: 0, count: Phase.allCases.count * words.count)

        /// The phase of the run that a signal is about.
        public enum Phase: String, Sendable, CaseIterable {
            case none, pending, running
            case interrupting = "stopping·interrupt"
            case failing = "stopping·fail"
            case canceling = "stopping·cancel"
            case interrupted, completed, failed, canceled
        }

        static let words = [
            "message.user", "run.interrupt", "run.resume", "run.cancel", "step.cancel", "request.withdraw",
            "conversation.cancel", "conversation.resume", "mode.switch", "gate.answer", "policy.decided",
            "execution.started", "execution.progress", "execution.exceeded", "execution.completed",
            "execution.failed", "execution.canceled", "timer.fired", "engine.restarted",
        ]

        mutating func note(_ kind: Run.Signal.Kind, _ phase: Phase, _ disposition: Run.Disposition) {
            signals += 1
            if disposition == .applied { applied += 1 }
            cells[kind.column * Phase.allCases.count + phase.row] += 1
        }

        /// How often this signal met this phase.
        public func count(_ word: String, _ phase: Phase) -> Int {
            guard let column = Report.words.firstIndex(of: word) else { return 0 }
            return cells[column * Phase.allCases.count + phase.row]
        }

        /// The cell that was met least often, among those that can be.
        public var rarest: (word: String, phase: Phase, count: Int) {
            var rarest = (word: "", phase: Phase.none, count: Int.max)
            for word in Report.words {
                for phase in Phase.allCases where phase != .none || word == "message.user" {
                    let count = count(word, phase)
                    if count < rarest.count { rarest = (word, phase, count) }
                }
            }
            return rarest
        }

        /// A table in Markdown.
        public var description: String {
            let phases = Phase.allCases
            var lines = [
                "\(signals) signals, \(applied) applied (\(applied * 100 / max(1, signals)) %), \(checked) checked; "
                    + "rarest \(rarest.word) while \(rarest.phase.rawValue): \(rarest.count)", "",
                "| signal | \(phases.map { phase in phase.rawValue }.joined(separator: " | ")) |",
                "| --- |\(String(repeating: " ---: |", count: phases.count))",
            ]
            for word in Report.words {
                let counts = phases.map { phase in "\(count(word, phase))" }
                lines.append("| \(word) | \(counts.joined(separator: " | ")) |")
            }
            return lines.joined(separator: "\n")
        }
    }
}

extension RandomSignals.Report.Phase {
    init(_ run: Run) {
        switch run.stop?.kind {
        case .interrupt: self = .interrupting
        case .fail: self = .failing
        case .cancel: self = .canceling
        case nil: self.init(run.status)
        }
    }

    init(_ status: Run.Status) {
        switch status {
        case .pending: self = .pending
        case .running: self = .running
        case .interrupted: self = .interrupted
        case .completed: self = .completed
        case .failed: self = .failed
        case .canceled: self = .canceled
        }
    }

    fileprivate var row: Int {
        switch self {
        case .none: 0
        case .pending: 1
        case .running: 2
        case .interrupting: 3
        case .failing: 4
        case .canceling: 5
        case .interrupted: 6
        case .completed: 7
        case .failed: 8
        case .canceled: 9
        }
    }
}

extension Run.Signal.Kind {
    fileprivate var column: Int {
        switch self {
        case .userMessage: 0
        case .interrupt: 1
        case .resume: 2
        case .cancel: 3
        case .cancelStep: 4
        case .withdraw: 5
        case .cancelConversation: 6
        case .resumeConversation: 7
        case .switchMode: 8
        case .gateAnswer: 9
        case .policyDecided: 10
        case .started: 11
        case .progress: 12
        case .exceeded: 13
        case .completed: 14
        case .failed: 15
        case .canceled: 16
        case .timerFired: 17
        case .restarted: 18
        }
    }
}
