import PipelineCore
import PipelineTesting
import Testing

/// Random signals of every kind, true and false ones, against the rules that hold in every state.
struct RandomWalkTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `no order of signals breaks a rule`(seed: UInt64) {
        var walk = Walk(seed: seed)
        for step in 1...1_200 {
            let problems = walk.step()
            guard problems.isEmpty else {
                Issue.record("seed \(seed), signal \(step): \(problems) after \(walk.last.kind)")
                return
            }
        }
        #expect(walk.applied > 240)
    }

    @Test(arguments: 25...30 as ClosedRange<UInt64>)
    func `R17 going on from a decoded state gives the same bytes and directives`(seed: UInt64) throws {
        var walk = Walk(seed: seed)
        for _ in 1...100 {
            var twin = walk.world
            twin.conversation = try twin.conversation.restored()
            _ = walk.step()
            let effect = twin.send(walk.last)
            #expect(effect == walk.effect)
            #expect(twin.conversation.json.canonicalBytes == walk.world.conversation.json.canonicalBytes)
        }
    }

    @Test func `equal signals give equal bytes, also through their own text`() throws {
        var walk = Walk(seed: 99)
        var signals: [Run.Signal] = []
        for _ in 1...600 {
            _ = walk.step()
            signals.append(walk.last)
        }
        var again = World()
        for signal in signals {
            again.send(try Run.Signal(json: try JSON(parsing: signal.json.canonicalBytes)))
        }
        #expect(again.conversation.json.canonicalBytes == walk.world.conversation.json.canonicalBytes)
        #expect(again.directives == walk.world.directives)
    }
}

/// One seeded walk: mostly what could happen next, at times nonsense.
struct Walk {
    var world = World()
    private(set) var last = Run.Signal(id: "none", .restarted, by: .engine, at: 0)
    private(set) var effect = World.Effect(disposition: .stale, directives: [])
    private(set) var applied = 0
    private var ledger = Ledger()
    private var random: SeededGenerator
    private var number = 0
    private var template = Template.coding

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        template.limits.steps = 12
        template.llm.maxAttempts = 2
        template.tool.maxAttempts = 2
        template.command.maxAttempts = 2
    }

    /// Sends one signal and gives what is wrong afterwards.
    mutating func step() -> [String] {
        number += 1
        world.time += Run.Milliseconds.random(in: 0...50, using: &random)
        let again = Int.random(in: 0..<20, using: &random) == 0
        let kind = again ? last.kind : next()
        let id = again ? last.id : Run.Signal.ID("s\(number)")
        let stranger = Int.random(in: 0..<40, using: &random) == 0
        last = Run.Signal(id: id, kind, by: stranger ? .engine : kind.usualActor, at: world.time)
        let before = world.conversation
        effect = world.send(last)
        if effect.disposition == .applied { applied += 1 }
        if effect.disposition != .applied, world.conversation != before {
            return ["changed though \(effect.disposition)"]
        }
        ledger.take(last, effect)
        return ledger.differences(from: world.conversation)
    }

    private mutating func next() -> Run.Signal.Kind {
        guard let run = pick() else { return .userMessage(Run.Request("Work.", template: template)) }
        let open = run.openExecutions
        let execution =
            Int.random(in: 0..<6, using: &random) == 0 || open.isEmpty
            ? Run.Execution.ID(
                run: run.id, ordinal: Int.random(in: -1...9, using: &random),
                attempt: Int.random(in: 0...3, using: &random))
            : open.randomElement(using: &random) ?? Run.Execution.ID(run: run.id, ordinal: 1, attempt: 1)
        switch Int.random(in: 0..<34, using: &random) {
        case 0...8: return .completed(execution, Run.Result(output: "ok", calls: calls()))
        case 9...11:
            let category: [Run.Failure.Category] = [.transport, .auth, .validation, .crashed]
            return .failed(
                execution, Run.Failure(category.randomElement(using: &random) ?? .unknown, "broke"))
        case 12...13: return .canceled(execution, effectBegan: Bool.random(using: &random))
        case 14...15: return .started(execution)
        case 16: return .progress(execution, "…")
        case 17...18:
            let verdicts: [Run.Decision.Verdict] = [.allow, .ask, .deny]
            return .policyDecided(
                execution,
                Run.Decision(verdicts.randomElement(using: &random) ?? .allow, rule: "r", reason: "why"))
        case 19...22:
            guard let timer = run.timers.randomElement(using: &random) else {
                return .interrupt(run.id, reason: "x")
            }
            return .timerFired(timer.id)
        case 23...24: return .interrupt(run.id, reason: "stop")
        case 25...27:
            let raised = Bool.random(using: &random) ? run.limits.steps + 6 : nil
            return .resume(
                run.id, run.interruption?.ticket ?? .interruption(run.id, 1), .raising(steps: raised))
        case 28: return .cancel(run.id, reason: "enough")
        case 29...31:
            let answers: [Run.Gate.Answer] = [.approve, .deny(message: "no"), .rerun, .skip]
            let gate = run.gates.randomElement(using: &random)
            let fitting: [Run.Gate.Answer] =
                gate?.kind == .approval ? [.approve, .deny(message: "no")] : [.rerun, .skip]
            let answer =
                (Bool.random(using: &random) ? answers : fitting).randomElement(using: &random) ?? .skip
            return .gateAnswer(gate?.ticket ?? .gate(run.id, ordinal: 3, 1), answer)
        case 32: return .restarted
        default: return .userMessage(Run.Request("More.", template: template))
        }
    }

    private mutating func pick() -> Run? {
        let runs =
            world.conversation.parked + (world.conversation.active.map { run in [run, run, run] } ?? [])
        return Int.random(in: 0..<30, using: &random) == 0 ? nil : runs.randomElement(using: &random)
    }

    private mutating func calls() -> [Run.Call] {
        let count = [0, 1, 1, 2, 3, 6].randomElement(using: &random) ?? 0
        return (0..<count).map { index in
            let name = ["read_file", "deploy", "command.run.test"].randomElement(using: &random) ?? "x"
            return Run.Call(
                id: "\(index)", name: name, arguments: [:], isIdempotent: Bool.random(using: &random))
        }
    }
}
