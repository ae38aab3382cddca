import PipelineCore

extension RandomSignals {
    func actor(of kind: Run.Signal.Kind) -> Run.Actor {
        let usual = number % 2 == 0 ? kind.usualActor : kind.usualActor.other
        // Now and then somebody sends what only others may.
        return number % 101 == 0 ? .runner : number % 103 == 0 ? .host : usual
    }

    /// A signal, and the phase of the run that it is about.
    mutating func nextKind() -> (Run.Signal.Kind, Report.Phase) {
        if conversation.active == nil, conversation.cancellation == nil, random.below(3) == 0 {
            return (request(), .none)
        }
        let dice = random.below(100)
        // Stops are short; whatever can come in the middle of one must come often enough.
        if let run = conversation.active, run.stop != nil, dice < 60 {
            return (anything(about: run.id, run), Report.Phase(run))
        }
        if dice < 70, let run = conversation.active, let kind = enabled(run) {
            return (kind, Report.Phase(run))
        }
        if dice < 76, let run = random.pick(conversation.parked), let kind = enabled(run) {
            return (kind, Report.Phase(run))
        }
        if dice >= 98 {
            return (conversationSignal(), conversation.active.map { run in Report.Phase(run) } ?? .none)
        }
        let (id, run) = target()
        return (anything(about: id, run), run.map { run in Report.Phase(run) } ?? endedPhase(of: id))
    }

    /// Any run that there is or was, or that never was.
    private mutating func target() -> (Run.ID, Run?) {
        switch random.below(8) {
        case 0...2: if let run = conversation.active { return (run.id, run) }
        case 3: if let run = random.pick(conversation.parked) { return (run.id, run) }
        case 4, 5: if let run = random.pick(Array(conversation.queue.prefix(4))) { return (run.id, run) }
        case 6: break
        default: return ("nobody", nil)
        }
        if let id = random.pick(ended) { return (id, nil) }
        return ("nobody", nil)
    }

    private func endedPhase(of id: Run.ID) -> Report.Phase {
        conversation.finished.last { summary in summary.run == id }.map { summary in
            Report.Phase(summary.status)
        } ?? .none
    }

    private mutating func request() -> Run.Signal.Kind {
        var template = templates[random.below(templates.count)]
        template.concurrency = 1 + random.below(4)
        template.onLimit = random.below(4) == 0 ? .fail : .interrupt
        return .userMessage(
            Run.Request(
                "Do it.", template: template, whenBusy: random.below(8) == 0 ? .reject : .enqueue,
                isUnattended: random.below(8) == 0))
    }

    private mutating func conversationSignal() -> Run.Signal.Kind {
        switch random.below(12) {
        case 0: .cancelConversation(reason: "enough")
        case 1...5: .resumeConversation
        case 6: .switchMode(Run.ModeSwitch(to: .named("planning"), isForced: random.below(2) == 0))
        case 7: .restarted
        default: request()
        }
    }

    /// Something that this run waits for.
    private mutating func enabled(_ run: Run) -> Run.Signal.Kind? {
        if conversation.cancellation != nil, random.below(2) == 0 { return .resumeConversation }
        switch random.below(10) {
        case 0...5:
            guard let id = random.pick(run.openExecutions), let step = run.step(id.ordinal) else { break }
            return answer(id, step, run)
        case 6, 7:
            if let timer = random.pick(run.timers), timer.id.kind != .run || random.below(8) == 0 {
                return .timerFired(timer.id)
            }
        case 8:
            if let gate = random.pick(run.gates) { return .gateAnswer(gate.ticket, gateAnswer(gate.kind)) }
        default: break
        }
        if run.status == .interrupted, let ticket = run.interruption?.ticket {
            if let gate = random.pick(run.gates), gate.kind == .confirmation {
                return .gateAnswer(gate.ticket, gateAnswer(gate.kind))
            }
            return .resume(run.id, ticket, .raising(steps: min(run.limits.steps + 4, 1_000)))
        }
        guard let id = run.openExecutions.first, let step = run.step(id.ordinal) else { return nil }
        return answer(id, step, run)
    }

    private mutating func answer(_ id: Run.Execution.ID, _ step: Run.Step, _ run: Run) -> Run.Signal.Kind {
        let began = step.attempt?.lifecycle != .requested
        switch random.below(20) {
        case 0...2: return .started(id)
        case 3: return .progress(id, "…")
        case 4:
            let taken = random.below(2) == 0 ? 64 : nil
            return .policyDecided(id, Run.Decision(began ? .deny : .allow, rule: "any", waitsBehind: taken))
        case 5: return .policyDecided(id, Run.Decision(.ask, rule: "any"))
        case 6: return .failed(id, Run.Failure(.transport, "reset"))
        case 7: return .failed(id, Run.Failure(.auth, "no"))
        case 8: return .canceled(id, effectBegan: began)
        case 9: return .canceled(id, effectBegan: false, continues: step.kind == .workflow ? "child" : nil)
        case 10: return .exceeded(id, Run.Failure(random.pick([.idle, .limitExceeded]) ?? .idle, "enough"))
        default: return .completed(id, result(for: step, run))
        }
    }

    private mutating func result(for step: Run.Step, _ run: Run) -> Run.Result {
        if step.attempt?.probe ?? 0 > 0 {
            return Run.Result(output: "x", finding: random.pick([.done, .notDone, .failed, .unknown]))
        }
        guard step.kind == .llm, run.template.steps.indices.contains(run.position),
            case .strategy(let strategy) = run.template.steps[run.position].action
        else { return Run.Result(output: ["exitCode": .integer(Int64(random.below(2)))], usage: usage()) }
        if strategy.tools != nil, random.below(2) == 0 {
            return Run.Result(
                output: "Look.", calls: (0...random.below(3)).map { _ in call() }, usage: usage())
        }
        if random.below(6) == 0 { return Run.Result(output: " ", usage: usage()) }
        let checker = ModelChecker(run.template)
        return Run.Result(
            output: checker.answer(to: run.template.steps[run.position], strategy), usage: usage())
    }

    private mutating func usage() -> Run.Usage { Run.Usage(tokensIn: Int64(random.below(40)), cost: 3) }

    private mutating func call() -> Run.Call {
        let names = ["read_file", "deploy", "command.run.test", "workflow.run.review"]
        return Run.Call(
            id: "c", name: names[random.below(4)], arguments: [:], isIdempotent: random.below(2) == 0,
            isReadOnly: random.below(4) == 0, needsApproval: random.below(6) == 0,
            recovery: random.pick([nil, nil, nil, .probe, .ask, .fail, .retry]) ?? nil)
    }

    private mutating func gateAnswer(_ kind: Run.Gate.Kind) -> Run.Gate.Answer {
        switch kind {
        case .approval:
            random.pick([.approve, .approve(arguments: ["edited": true]), .deny(message: "no")]) ?? .approve
        case .confirmation: random.pick([.rerun, .rerun, .skip, .supply("x"), .failRun]) ?? .skip
        }
    }

    /// Any signal at all about a run, with ids that may be right.
    private mutating func anything(about id: Run.ID, _ run: Run?) -> Run.Signal.Kind {
        let step = run?.steps.last
        let ordinal = random.below(2) == 0 ? (step?.ordinal ?? 2) : random.below(6)
        let attempt = random.below(2) == 0 ? (step?.attempts ?? 1) : random.below(4)
        let execution = Run.Execution.ID(
            run: id, ordinal: ordinal, attempt: attempt, probe: random.below(8) == 0 ? 1 : 0)
        switch random.below(18) {
        case 0: return .interrupt(id, reason: "stop")
        case 1: return .cancel(id, reason: "enough")
        case 2: return .cancelStep(id, ordinal: ordinal, reason: "not this")
        case 3: return .withdraw(id, reason: "never mind")
        case 4: return .resume(id, run?.interruption?.ticket ?? .interruption(id, random.below(3)))
        case 5:
            let gate = run?.gates.first?.ticket ?? .gate(id, ordinal: ordinal, random.below(3))
            return .gateAnswer(gate, gateAnswer(random.below(2) == 0 ? .approval : .confirmation))
        case 6: return .started(execution)
        case 7: return .progress(execution, "…")
        case 8: return .completed(execution, Run.Result(output: "late"))
        case 9: return .failed(execution, Run.Failure(.transport, "late"))
        case 10: return .canceled(execution, effectBegan: random.below(2) == 0)
        case 11: return .policyDecided(execution, Run.Decision(.ask, rule: "any"))
        case 12:
            let kinds: [Run.Timer.Kind] = [.attempt, .grace, .backoff, .wait, .gate, .step, .run]
            return .timerFired(
                Run.Timer.ID(
                    owner: execution, kind: kinds[random.below(7)], interruptions: run?.interruptions ?? 0))
        case 13: return .restarted
        case 14: return .switchMode(Run.ModeSwitch(to: random.below(2) == 0 ? .current : .named("nonsense")))
        case 15: return .exceeded(execution, Run.Failure(.idle, "late"))
        case 16: return random.below(6) == 0 ? .cancelConversation(reason: "enough") : .resumeConversation
        default: return request()
        }
    }
}

extension Run.Actor {
    /// Another person, where it is one.
    fileprivate var other: Run.Actor { if case .operator = self { .operator("bob") } else { self } }
}
