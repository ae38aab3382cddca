import PipelineCore
import PipelineTesting

/// One seeded walk: mostly what could happen next, at times nonsense.
struct Walk {
    var world = World()
    private(set) var last = Run.Signal(id: "none", .restarted, by: .engine, at: 0)
    private(set) var effect = World.Effect(disposition: .stale, directives: [])
    private(set) var applied = 0
    private var ledger = Ledger()
    private var random: SeededGenerator
    private var number = 0
    private let templates: [Template]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        templates = Walk.templates
    }

    /// Short modes with everything that a mode can have.
    private static let templates: [Template] = {
        let plain = Template.coding { template in
            template.limits.steps = 12
            template.llm.maxAttempts = 2
            template.tool.maxAttempts = 2
            template.command.maxAttempts = 2
        }
        var timed = plain
        timed.gates = Template.Gate(timeout: 300, approvers: 2)
        timed.limits.wall = 4_000
        timed.tool.scheduleToClose = 500
        timed.llm.scheduleToClose = 900
        timed.concurrency = 2
        var poor = plain
        poor.limits.tokens = 200
        poor.limits.attempts = 9
        poor.tool.reserve = Run.Usage(tokensIn: 20)
        poor.failsWithCall = true
        poor.concurrency = 1
        let call = Run.Call(id: "x", name: "command.run.build", arguments: [:], recovery: .probe)
        var own = Template.of([
            Template.Step("build", .call(call), next: "nap", onFailure: "ask", most: 3),
            Template.Step("ask", .gate(Template.Gate("Again?", timeout: 200)), next: "build"),
            Template.Step("nap", .wait(100), next: "plan"),
            Template.Step(
                "plan",
                .strategy(
                    Template.Strategy(
                        "planning", tools: Template.Exposure(deny: ["deploy"], approve: ["write_*"]),
                        isStructured: true, rules: [.sections(["ok"])], repairs: 1)), next: "end"),
            Template.Step("end", .artifact(from: ["plan"])),
        ])
        own.onLimit = .fail
        own.limits.steps = 12
        return [plain, timed, poor, own]
    }()

    /// Sends one signal and gives what is wrong afterwards.
    mutating func step() -> [String] {
        number += 1
        world.time += Run.Milliseconds.random(in: 0...50, using: &random)
        let again = Int.random(in: 0..<20, using: &random) == 0
        let kind = again ? last.kind : next()
        let id = again ? last.id : Run.Signal.ID("s\(number)")
        last = Run.Signal(id: id, kind, by: actor(for: kind), at: world.time)
        let before = world.conversation
        effect = world.send(last)
        if effect.disposition == .applied { applied += 1 }
        if effect.disposition != .applied, world.conversation != before {
            return ["changed though \(effect.disposition)"]
        }
        ledger.take(last, effect, from: before, to: world.conversation)
        return ledger.differences(from: world.conversation)
    }

    private mutating func actor(for kind: Run.Signal.Kind) -> Run.Actor {
        if Int.random(in: 0..<40, using: &random) == 0 { return .engine }
        let usual = kind.usualActor
        guard usual == .host || usual == .operator("ada") else { return usual }
        return [usual, .operator("ada"), .operator("bob")].randomElement(using: &random) ?? usual
    }

    private mutating func next() -> Run.Signal.Kind {
        guard let run = pick() else { return request() }
        switch Int.random(in: 0..<46, using: &random) {
        case 0...20: return answer(in: run)
        case 21...25:
            guard let timer = run.timers.randomElement(using: &random) else { return resume(run) }
            return .timerFired(timer.id)
        case 26...27: return .interrupt(run.id, reason: "stop")
        case 28...31: return resume(run)
        case 32: return .cancel(run.id, reason: "enough")
        case 33...37:
            let gate = run.gates.randomElement(using: &random)
            return .gateAnswer(gate?.ticket ?? .gate(run.id, ordinal: 3, 1), say(to: gate?.kind))
        case 38: return .restarted
        case 39...40:
            let ordinal = run.steps.last?.ordinal ?? 1
            return .cancelStep(run.id, ordinal: ordinal - Int.random(in: 0...3, using: &random), reason: "x")
        case 41: return .withdraw(run.id, reason: "x")
        case 42:
            let modes: [Run.Mode] = [.named("planning"), .named("none"), .defined(templates[0])]
            let mode = modes.randomElement(using: &random) ?? .current
            return .switchMode(Run.ModeSwitch(to: mode, isForced: Bool.random(using: &random)))
        case 43:
            guard Int.random(in: 0..<4, using: &random) == 0 else { return .resumeConversation }
            return .cancelConversation(reason: "x")
        default: return request()
        }
    }

    private mutating func request() -> Run.Signal.Kind {
        if world.conversation.cancellation != nil, Bool.random(using: &random) { return .resumeConversation }
        let template = templates.randomElement(using: &random) ?? .coding
        return .userMessage(
            Run.Request(
                "Work.", template: template,
                whenBusy: Int.random(in: 0..<8, using: &random) == 0 ? .reject : .enqueue,
                isUnattended: Int.random(in: 0..<6, using: &random) == 0))
    }

    /// Something that the runner says, mostly about what is open.
    private mutating func answer(in run: Run) -> Run.Signal.Kind {
        let open = run.openExecutions
        let nowhere = Run.Execution.ID(
            run: run.id, ordinal: Int.random(in: -1...9, using: &random),
            attempt: Int.random(in: 0...3, using: &random), probe: Int.random(in: 0...1, using: &random))
        let isWild = Int.random(in: 0..<6, using: &random) == 0
        let execution = isWild ? nowhere : open.randomElement(using: &random) ?? nowhere
        switch Int.random(in: 0..<20, using: &random) {
        case 0...9:
            let findings: [Run.Finding] = [.done, .notDone, .failed, .unknown]
            let usage = Run.Usage(tokensIn: .random(in: 0...60, using: &random))
            return .completed(
                execution,
                Run.Result(
                    output: Bool.random(using: &random) ? "ok" : ["ok": 1], calls: calls(), usage: usage,
                    finding: execution.isProbe ? findings.randomElement(using: &random) : nil))
        case 10...12:
            let category: [Run.Failure.Category] = [.transport, .auth, .validation, .crashed]
            return .failed(
                execution, Run.Failure(category.randomElement(using: &random) ?? .unknown, "broke"))
        case 13...14: return .canceled(execution, effectBegan: Bool.random(using: &random))
        case 15...16: return .started(execution)
        case 17:
            return Bool.random(using: &random)
                ? .progress(execution, "…") : .exceeded(execution, Run.Failure(.idle, "It was silent."))
        default:
            let verdicts: [Run.Decision.Verdict] = [.allow, .ask, .deny]
            return .policyDecided(
                execution,
                Run.Decision(verdicts.randomElement(using: &random) ?? .allow, rule: "r", reason: "why"))
        }
    }

    private mutating func say(to kind: Run.Gate.Kind?) -> Run.Gate.Answer {
        let approvals: [Run.Gate.Answer] = [
            .approve, .approve, .approve(arguments: ["x": 2]), .deny(message: "no"),
        ]
        let confirmations: [Run.Gate.Answer] = [.rerun, .skip, .supply(1), .failRun]
        let fitting = kind == .approval ? approvals : confirmations
        let wild = Int.random(in: 0..<8, using: &random) == 0
        return (wild ? approvals + confirmations : fitting).randomElement(using: &random) ?? .skip
    }

    private mutating func resume(_ run: Run) -> Run.Signal.Kind {
        var resumption = Run.Resumption()
        if Bool.random(using: &random) { resumption.raise = Run.Raise(steps: run.limits.steps + 6) }
        if Bool.random(using: &random), run.limits.tokens != nil {
            resumption.raise.tokens = (run.limits.tokens ?? 0) + 300
            resumption.raise.attempts = (run.limits.attempts ?? 0) + 9
        }
        if Bool.random(using: &random) {
            resumption.replies = run.gates.filter { gate in gate.kind == .confirmation }
                .map { gate in Run.Gate.Reply(gate.ticket, say(to: gate.kind)) }
        }
        if Int.random(in: 0..<20, using: &random) == 0 { resumption.format = 99 }
        return .resume(run.id, run.interruption?.ticket ?? .interruption(run.id, 1), resumption)
    }

    private mutating func pick() -> Run? {
        let conversation = world.conversation
        var runs = conversation.parked + (conversation.active.map { run in [run, run, run, run] } ?? [])
        if let queued = conversation.queue.randomElement(using: &random) { runs.append(queued) }
        return Int.random(in: 0..<30, using: &random) == 0 ? nil : runs.randomElement(using: &random)
    }

    private mutating func calls() -> [Run.Call] {
        let count = [0, 0, 1, 1, 2, 3, 6].randomElement(using: &random) ?? 0
        return (0..<count).map { index in
            let names = ["read_file", "deploy", "command.run.test", "workflow.run.x", "write_file"]
            let recoveries: [Run.Recovery?] = [nil, nil, .probe, .ask, .fail, .retry]
            return Run.Call(
                id: "\(index)", name: names.randomElement(using: &random) ?? "x", arguments: [:],
                isIdempotent: Bool.random(using: &random),
                isReadOnly: Int.random(in: 0..<5, using: &random) == 0,
                needsApproval: Int.random(in: 0..<6, using: &random) == 0,
                recovery: recoveries.randomElement(using: &random) ?? nil)
        }
    }
}
