import PipelineCore

extension ModelChecker {
    /// Something that may happen in a state, and on whose account.
    struct Move {
        enum Role {
            /// An execution ends.
            case answer
            case timer
            /// A person goes on with a run.
            case person
            case stop
            case crash
            /// Late, duplicate, premature or without a right: it may change nothing.
            case noise
        }

        let kind: Run.Signal.Kind
        let role: Role
        /// What a helpful world would do next.
        var helps = false

        /// An execution has ended, or a timer is over: something must be another way than before.
        var isEnding: Bool {
            switch kind {
            case .completed, .failed, .canceled, .timerFired: role == .answer || role == .timer
            default: false
            }
        }
    }

    /// The signal of a move; ids and time are the same for all, so that they make no states different.
    static func signal(_ kind: Run.Signal.Kind) -> Run.Signal {
        Run.Signal(id: "s", kind, by: kind.usualActor, at: 0)
    }

    /// Everything that may happen next.
    func moves(from node: Node) -> [Move] {
        var moves: [Move] = []
        for run in node.conversation.runs { addMoves(of: run, node, to: &moves) }
        addRequests(node, to: &moves)
        return moves
    }

    private func addMoves(of run: Run, _ node: Node, to moves: inout [Move]) {
        let used = node.used
        for index in run.round { addMoves(of: run.steps[index], index, run, used, to: &moves) }
        for timer in run.timers where bounds.timeouts || timer.id.kind != .attempt {
            moves.append(Move(kind: .timerFired(timer.id), role: .timer, helps: timer.id.kind.helps))
        }
        for gate in run.gates { addAnswers(to: gate, used, &moves) }
        if run.status == .interrupted, let ticket = run.interruption?.ticket {
            let isShort = run.shortage != nil
            moves.append(Move(kind: .resume(run.id, ticket), role: .person, helps: !isShort))
            if isShort {
                let raise = Run.Resumption.raising(steps: run.limits.steps + 16)
                moves.append(Move(kind: .resume(run.id, ticket, raise), role: .person, helps: true))
            }
        }
        if used.interrupts < bounds.interrupts, run.status == .running, run.stop == nil {
            moves.append(Move(kind: .interrupt(run.id, reason: "i"), role: .stop))
            if bounds.isThorough {
                moves.append(
                    Move(kind: .switchMode(Run.ModeSwitch(to: .current, isForced: true)), role: .stop))
            }
        }
        if bounds.isThorough, run.status == .interrupted, let ticket = run.interruption?.ticket {
            let replies = run.gates.filter { gate in gate.kind == .confirmation }.map { gate in
                Run.Gate.Reply(gate.ticket, .supply("x"))
            }
            if !replies.isEmpty {
                let resumption = Run.Resumption(replies: replies)
                moves.append(Move(kind: .resume(run.id, ticket, resumption), role: .person))
            }
        }
        if used.cancels < bounds.cancels, run.stop?.kind != .cancel {
            moves.append(Move(kind: .cancel(run.id, reason: "c"), role: .stop))
        }
        if bounds.noise { addNoise(about: run, to: &moves) }
    }

    private func addMoves(of step: Run.Step, _ index: Int, _ run: Run, _ used: Used, to moves: inout [Move]) {
        if used.stepCancels < bounds.stepCancels, !step.status.isTerminal, step.kind != .llm,
            step.ending == nil
        {
            moves.append(Move(kind: .cancelStep(run.id, ordinal: step.ordinal, reason: "c"), role: .stop))
        }
        guard let attempt = step.attempt, let id = run.executionID(of: index) else { return }
        if attempt.probe > 0 {
            for finding in [Run.Finding.done, .notDone, .failed, .unknown] {
                let result = Run.Result(output: "x", finding: finding)
                moves.append(Move(kind: .completed(id, result), role: .answer, helps: finding == .done))
            }
        } else if step.kind == .llm {
            addAnswers(of: run, id, used, to: &moves)
        } else {
            moves.append(Move(kind: .completed(id, Run.Result(output: "x")), role: .answer, helps: true))
        }
        moves.append(Move(kind: .failed(id, ModelChecker.transport), role: .answer))
        moves.append(Move(kind: .canceled(id, effectBegan: true), role: .answer))
        if bounds.isThorough, step.kind == .workflow {
            moves.append(Move(kind: .canceled(id, effectBegan: true, continues: "child"), role: .answer))
        }
        if attempt.probe == 0 {
            moves.append(Move(kind: .failed(id, ModelChecker.auth), role: .answer))
            if step.kind != .llm {
                moves.append(Move(kind: .canceled(id, effectBegan: false), role: .answer))
                if used.asks < bounds.asks, attempt.lifecycle == .requested {
                    moves.append(Move(kind: .policyDecided(id, ModelChecker.ask), role: .answer))
                }
            }
        }
        if bounds.lifecycle {
            if attempt.lifecycle == .requested {
                moves.append(Move(kind: .started(id), role: .answer))
                if attempt.waitingSince == nil {
                    moves.append(Move(kind: .policyDecided(id, ModelChecker.wait), role: .answer))
                }
            } else if attempt.lifecycle == .started {
                moves.append(Move(kind: .progress(id, "x"), role: .answer))
            }
            if attempt.told == nil {
                moves.append(Move(kind: .exceeded(id, ModelChecker.idle), role: .answer))
            }
            moves.append(Move(kind: .policyDecided(id, ModelChecker.deny), role: .answer))
            if used.asks < bounds.asks {
                moves.append(Move(kind: .policyDecided(id, ModelChecker.ask), role: .answer))
            }
        }
    }

    /// What a strategy may say: calls once, then what fits, and so often what does not.
    private func addAnswers(of run: Run, _ id: Run.Execution.ID, _ used: Used, to moves: inout [Move]) {
        guard case .strategy(let strategy) = template.steps[run.position].action else { return }
        if strategy.tools != nil, !used.hasCalled, !bounds.calls.isEmpty {
            let result = Run.Result(output: "Look.", calls: bounds.calls)
            moves.append(Move(kind: .completed(id, result), role: .answer, helps: true))
            return
        }
        let good = Run.Result(output: answer(to: template.steps[run.position], strategy))
        moves.append(Move(kind: .completed(id, good), role: .answer, helps: true))
        if strategy.isStructured, used.badAnswers < bounds.badAnswers {
            moves.append(Move(kind: .completed(id, Run.Result(output: "no JSON")), role: .answer))
        }
    }

    private func addAnswers(to gate: Run.Gate, _ used: Used, _ moves: inout [Move]) {
        func add(_ answer: Run.Gate.Answer, helps: Bool = false) {
            moves.append(Move(kind: .gateAnswer(gate.ticket, answer), role: .person, helps: helps))
        }
        switch gate.kind {
        case .approval:
            add(.approve, helps: true)
            if bounds.isThorough, gate.arguments != ["edited": true] {
                add(.approve(arguments: ["edited": true]))
            }
            add(.deny(message: ""))
        case .confirmation:
            if used.reruns < bounds.reruns { add(.rerun) }
            add(.skip)
            add(.supply("x"), helps: true)
            add(.failRun)
        }
    }

    private func addRequests(_ node: Node, to moves: inout [Move]) {
        let (conversation, used) = (node.conversation, node.used)
        if used.crashes < bounds.crashes, conversation.isUnsettled {
            moves.append(Move(kind: .restarted, role: .crash))
        }
        if used.requests < bounds.requests {
            // The id of a request's run is its signal's; a longer one for each request.
            moves.append(Move(kind: .userMessage(Run.Request("More.", template: template)), role: .stop))
        }
        for run in conversation.queue {
            moves.append(Move(kind: .withdraw(run.id, reason: "w"), role: .stop))
            moves.append(Move(kind: .interrupt(run.id, reason: "i"), role: .noise))
        }
        if used.conversationCancels < bounds.conversationCancels, conversation.cancellation == nil {
            moves.append(Move(kind: .cancelConversation(reason: "c"), role: .stop))
        }
        if conversation.cancellation != nil {
            moves.append(Move(kind: .resumeConversation, role: .stop))
        }
    }

    /// Signals that nothing awaits: each must leave the state as it is.
    private func addNoise(about run: Run, to moves: inout [Move]) {
        func add(_ kind: Run.Signal.Kind) { moves.append(Move(kind: kind, role: .noise)) }
        for index in run.round {
            let step = run.steps[index]
            guard step.kind != .system, step.attempts > 0 else { continue }
            var late = Run.Result(output: "late")
            if step.kind == .llm, case .strategy(let strategy) = template.steps[run.position].action {
                late.output = answer(to: template.steps[run.position], strategy)
            }
            for number in max(1, step.attempts - 1)...(step.attempts + 1) {
                let isOpen = step.attempt?.number == number && step.attempt?.probe == 0
                let id = Run.Execution.ID(run: run.id, ordinal: step.ordinal, attempt: number)
                if !isOpen {
                    add(.completed(id, late))
                    add(.failed(id, ModelChecker.transport))
                    add(.canceled(id, effectBegan: false))
                    add(.started(id))
                    add(.policyDecided(id, ModelChecker.ask))
                }
            }
            if step.probes > 0, step.attempt?.probe != step.probes {
                let id = Run.Execution.ID(
                    run: run.id, ordinal: step.ordinal, attempt: step.attempts, probe: step.probes)
                add(.completed(id, Run.Result(output: "late", finding: .done)))
            }
            let owner = Run.Execution.ID(run: run.id, ordinal: step.ordinal, attempt: step.attempts)
            for kind in [Run.Timer.Kind.attempt, .grace, .backoff] {
                let before = Run.Timer.ID(owner: owner, kind: kind, interruptions: run.interruptions - 1)
                add(.timerFired(before))
                let now = Run.Timer.ID(owner: owner, kind: kind, interruptions: run.interruptions)
                if !run.timers.contains(where: { timer in timer.id == now }) { add(.timerFired(now)) }
            }
            if step.question == nil {
                add(.gateAnswer(.gate(run.id, ordinal: step.ordinal, step.gates), .skip))
            }
            if step.question != nil {
                add(.gateAnswer(.gate(run.id, ordinal: step.ordinal, step.gates - 1), .approve))
            }
        }
        add(.resume(run.id, .interruption(run.id, run.interruptions - 1)))
        if run.status != .interrupted { add(.resume(run.id, .interruption(run.id, run.interruptions))) }
        if run.status == .interrupted || run.stop != nil { add(.interrupt(run.id, reason: "i")) }
        if run.stop?.kind == .cancel { add(.cancel(run.id, reason: "c")) }
        add(.cancelStep(run.id, ordinal: 1_000, reason: "c"))
    }

    static let transport = Run.Failure(.transport, "connection reset")
    static let idle = Run.Failure(.idle, "silent")
    static let auth = Run.Failure(.auth, "forbidden")
    static let ask = Run.Decision(.ask, rule: "ask")
    static let wait = Run.Decision(.allow, rule: "wait", waitsBehind: 1)
    static let deny = Run.Decision(.deny, rule: "deny")
}

extension Run.Timer.Kind {
    /// Its firing takes a run on by itself.
    fileprivate var helps: Bool {
        switch self {
        case .backoff, .wait, .grace: true
        case .attempt, .gate, .step, .run: false
        }
    }
}
