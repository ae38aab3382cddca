import PipelineCore

extension ModelChecker {
    /// The walk itself: states by breadth, the ways between them, and what the rules said.
    struct Search {
        private let checker: ModelChecker
        private var verdicts = Verdicts()
        private var premises: [Int]
        private var known: [Fingerprint: Int32] = [:]
        /// For each state, the state it was first reached from and the move that led here.
        private var parents: [Int32] = []
        private var moves: [UInt16] = []
        private var depths: [UInt16] = []
        private var graph = Graph()
        private var endings: [Run.Status: Int] = [:]
        private(set) var report: Report

        init(_ checker: ModelChecker) {
            self.checker = checker
            premises = checker.rules.map { _ in 0 }
            report = Report(template: checker.template.id)
        }

        /// The state in which the first request has begun.
        private var start: (node: Node, disposition: Run.Disposition) {
            var node = Node(conversation: Conversation(id: "check"))
            var directives: [Run.Directive] = []
            let disposition = node.conversation.reduce(checker.firstSignal, into: &directives)
            node.conversation.seen = RecentSignals()
            return (node, disposition)
        }

        mutating func run() {
            let (first, disposition) = start
            guard disposition == .applied else {
                report.violation = Violation(
                    rule: "the template can be used",
                    explanation: "\(disposition.json) \(checker.template.problems)",
                    signals: [checker.firstSignal])
                return
            }
            var level = [add(first, from: -1, by: 0)]
            while !level.isEmpty, report.violation == nil {
                var next: [Node] = []
                for node in level where report.violation == nil {
                    guard parents.count < checker.bounds.states else { return finish(isComplete: false) }
                    expand(node, into: &next)
                }
                level = next
            }
            finish(isComplete: report.violation == nil)
        }

        /// Registers a new state.
        private mutating func add(_ node: Node, from parent: Int32, by move: Int) -> Node {
            var node = node
            node.index = parents.count
            known[node.fingerprint] = Int32(node.index)
            parents.append(parent)
            moves.append(UInt16(clamping: move))
            depths.append(parent < 0 ? 0 : depths[Int(parent)] + 1)
            graph.addState(node.conversation)
            return node
        }

        /// Tries everything that may happen in a state.
        private mutating func expand(_ node: Node, into next: inout [Node]) {
            let ledger = Ledger(node.conversation)
            for (number, move) in checker.moves(from: node).enumerated() {
                report.tried += 1
                var twin = node
                var directives: [Run.Directive] = []
                let disposition = twin.conversation.reduce(
                    checker.signal(of: move, in: node), into: &directives)
                let isApplied = disposition == .applied
                if isApplied { twin.conversation.seen = RecentSignals() }
                let implied = isApplied ? Ledger(twin.conversation) : ledger
                let edge = Edge(
                    kind: move.kind, role: move.role, before: node.conversation, after: twin.conversation,
                    disposition: disposition, directives: directives, ledger: ledger, implied: implied)
                edge.check(&verdicts, &twin.used)
                if isApplied { checker.count(move, &twin.used) }
                if isApplied, verdicts.broken == nil {
                    ModelChecker.check(twin.conversation, implied, &verdicts)
                }
                if let broken = verdicts.broken {
                    return violate(broken.rule.text, broken.explanation, at: node.index, by: number)
                }
                guard isApplied else { continue }
                report.edges += 1
                let target: Int
                if let index = known[twin.fingerprint] {
                    target = Int(index)
                } else {
                    let added = add(twin, from: Int32(node.index), by: number)
                    target = added.index
                    if let broken = checkOwnRules(added.conversation) {
                        return violate(broken, "it does not hold", at: node.index, by: number)
                    }
                    if added.conversation.isUnsettled || !added.conversation.queue.isEmpty {
                        next.append(added)
                    } else if let last = added.conversation.finished.last {
                        endings[last.status, default: 0] += 1
                        checkFinality(of: added)
                    }
                }
                if target == node.index, move.isEnding {
                    verdicts.check(.noCycle, false, "\(move.kind.summary) changes nothing that counts")
                }
                if let broken = verdicts.broken {
                    return violate(broken.rule.text, broken.explanation, at: node.index, by: number)
                }
                graph.addEdge(from: node.index, to: target, move)
            }
        }

        private mutating func checkOwnRules(_ conversation: Conversation) -> String? {
            for (index, rule) in checker.rules.enumerated() {
                guard let holds = rule.holds(conversation) else { continue }
                premises[index] += 1
                if !holds { return rule.name }
            }
            return nil
        }

        /// Nothing moves a run that has ended.
        private mutating func checkFinality(of node: Node) {
            guard let last = node.conversation.finished.last else { return }
            let id = Run.Execution.ID(run: last.run, ordinal: 2, attempt: 1)
            let late: [Run.Signal.Kind] = [
                .completed(id, Run.Result(output: "late")), .failed(id, ModelChecker.transport), .started(id),
                .interrupt(last.run, reason: "i"), .cancel(last.run, reason: "c"),
                .resume(last.run, .interruption(last.run, 1)),
                .gateAnswer(.gate(last.run, ordinal: 3, 1), .approve),
            ]
            for kind in late {
                var twin = node.conversation
                var directives: [Run.Directive] = []
                let disposition = twin.reduce(ModelChecker.signal(kind), into: &directives)
                let isResume = if case .resume = kind { node.conversation.cancellation != nil } else { false }
                let expected: Run.Disposition =
                    isResume
                    ? .rejected(.conversationCanceled)
                    : ModelChecker.signal(kind).isRequest ? .rejected(.runTerminal) : .stale
                verdicts.check(
                    .terminalIsFinal, disposition == expected && twin == node.conversation,
                    "\(kind.summary) of a run that has ended is \(disposition)")
            }
        }

        private mutating func finish(isComplete: Bool) {
            report.isComplete = isComplete
            if isComplete { checkGraph() }
            report.states = parents.count
            report.depth = Int(depths.max() ?? 0)
            report.premises =
                Rule.allCases.map { rule in (rule.text, verdicts.counts[rule.rawValue]) }
                + zip(checker.rules, premises).map { rule, count in (rule.name, count) }
            report.endings = [Run.Status.completed, .failed, .canceled].map { status in
                (status, endings[status] ?? 0)
            }
        }

        private mutating func checkGraph() {
            for (rule, state) in graph.stuckStates() {
                if let state {
                    return violate(rule.text, "this state has no such way on", at: state, by: nil)
                }
            }
            verdicts.count(.endsByItself, graph.count)
            verdicts.count(.noCycle, graph.count)
            verdicts.count(.canBeEnded, graph.count)
            verdicts.count(.canBeCompleted, graph.cleanCount)
        }

        /// Walks the way to the state once more, and writes its signals down with ids of their own.
        private mutating func violate(_ rule: String, _ explanation: String, at state: Int, by move: Int?) {
            var numbers: [Int] = move.map { move in [move] } ?? []
            var at = state
            while at >= 0, parents[at] >= 0 {
                numbers.append(Int(moves[at]))
                at = Int(parents[at])
            }
            var node = start.node
            var signals = [checker.firstSignal]
            for (step, number) in numbers.reversed().enumerated() {
                let possible = checker.moves(from: node)
                guard possible.indices.contains(number) else { break }
                let signal = checker.signal(of: possible[number], in: node)
                var named = Run.Signal(
                    id: Run.Signal.ID("s\(step + 1)"), signal.kind, by: signal.actor, at: 0)
                if case .userMessage = signal.kind { named = signal }
                signals.append(named)
                var directives: [Run.Directive] = []
                if node.conversation.reduce(signal, into: &directives) == .applied {
                    checker.count(possible[number], &node.used)
                }
                node.conversation.seen = RecentSignals()
            }
            report.violation = Violation(rule: rule, explanation: explanation, signals: signals)
            report.states = parents.count
        }
    }

    /// The request that opens the first run.
    var firstSignal: Run.Signal {
        let request = Run.Request("Do it.", template: template, isUnattended: bounds.isUnattended)
        return Run.Signal(id: "r", .userMessage(request), by: .host, at: 0)
    }

    /// The signal of a move in a state; a request's id names its run.
    func signal(of move: Move, in node: Node) -> Run.Signal {
        guard case .userMessage = move.kind else { return ModelChecker.signal(move.kind) }
        let name = String(repeating: "r", count: Int(node.used.requests) + 2)
        return Run.Signal(id: Run.Signal.ID(name), move.kind, by: .host, at: 0)
    }

    /// Takes note of what a move has used of the bounds.
    func count(_ move: Move, _ used: inout Used) {
        switch move.kind {
        case .interrupt, .switchMode: used.interrupts += 1
        case .cancel: used.cancels += 1
        case .restarted: used.crashes += 1
        case .gateAnswer(_, .rerun): used.reruns += 1
        case .policyDecided(_, let decision) where decision.verdict == .ask: used.asks += 1
        case .cancelStep: used.stepCancels += 1
        case .cancelConversation: used.conversationCancels += 1
        case .userMessage: used.requests += 1
        case .completed(_, let result):
            if !result.calls.isEmpty { used.hasCalled = true }
            if result.output == "no JSON" { used.badAnswers += 1 }
        default: break
        }
    }

    /// Reduces a recorded way and checks every rule about signals and states on it.
    ///
    /// - Throws: the first violation.
    public static func verify(_ recording: SignalRecording) throws(Violation) {
        var conversation = Conversation(id: "check")
        var verdicts = Verdicts()
        var used = Used()
        for (index, signal) in recording.signals.enumerated() {
            let before = conversation
            var directives: [Run.Directive] = []
            let disposition = conversation.reduce(signal, into: &directives)
            var (was, now) = (before, conversation)
            // The window of known ids may change with any request.
            was.seen = RecentSignals()
            now.seen = RecentSignals()
            let implied = Ledger(now)
            let edge = Edge(
                kind: signal.kind, role: .answer, before: was, after: now, disposition: disposition,
                directives: directives, ledger: Ledger(was), implied: implied)
            edge.check(&verdicts, &used)
            check(now, implied, &verdicts)
            if let broken = verdicts.broken {
                throw Violation(
                    rule: broken.rule.text, explanation: broken.explanation,
                    signals: Array(recording.signals.prefix(index + 1)))
            }
        }
    }
}
