import PipelineCore
import PipelineTesting
import Testing

/// Answers in any order, signals twice, states through their own text, and many runs that are stopped anywhere.
struct OrderScenarioTests {
    /// The same four answers in this order, each of them sent twice where wanted.
    private func ended(_ order: [Int], twice: Bool) -> World {
        var world = World()
        world.open()
        let calls = [Run.Call.safe("a", "x"), .once("b", "y"), .safe("c", "z"), .once("d", "w")]
        world.complete("r/2/1", calls: calls)
        let answers: [Run.Signal.Kind] = [
            .completed(world.execution("r/3/1"), Run.Result(output: 1)),
            .failed(world.execution("r/4/1"), Run.Failure(.validation, "x")),
            .canceled(world.execution("r/5/1"), effectBegan: true),
            .completed(world.execution("r/6/1"), Run.Result(output: 2, usage: Run.Usage(tokensIn: 3))),
        ]
        for index in order {
            // The same ids in every order: whoever comes last is the cause of what follows.
            world.send(answers[index], id: "answer")
            if twice { #expect(world.refused(answers[index]) == .stale) }
        }
        return world
    }

    @Test func `R16 answers of executions that are open together in any order lead to one state`() {
        let first = ended([0, 1, 2, 3], twice: false)
        #expect(first.run?.openExecutions == [first.execution("r/7/1")])
        var orders: [[Int]] = [[]]
        for _ in 0..<4 {
            orders = orders.flatMap { order in
                (0..<4).filter { next in !order.contains(next) }.map { next in order + [next] }
            }
        }
        #expect(orders.count == 24)
        for order in orders { #expect(ended(order, twice: true).bytes == first.bytes, "\(order)") }
    }

    @Test func `R16 a request that comes twice is a duplicate and changes nothing`() {
        var world = World(.running)
        for kind: Run.Signal.Kind in [
            .userMessage(Run.Request("More.")), .cancelStep("r", ordinal: 3, reason: "x"),
            .interrupt("r", reason: "x"), .cancel("r", reason: "x"), .cancelConversation(reason: "x"),
        ] {
            #expect(world.send(kind, id: kind.word).disposition == .applied)
            let before = world.bytes
            #expect(
                world.send(kind, id: kind.word) == World.Effect(disposition: .duplicate, directives: []))
            #expect(world.bytes == before)
        }
    }

    @Test func `R17 every mode is the same after a way through its own text`() throws {
        let call = Run.Call(id: "other", name: "deploy", arguments: ["x": 1], recovery: .probe)
        let own = Template.of([
            Template.Step("build", .call(call), next: "end", onFailure: "ask", most: 3),
            Template.Step("ask", .gate(Template.Gate("Again?", timeout: 5, approvers: 2)), next: "build"),
            Template.Step("end", .wait(5)),
        ])
        for template in [own, .coding, .planning, .engineering] {
            let again = try Template(json: try JSON(parsing: template.json.canonicalBytes))
            #expect(again == template && again.reference == template.reference)
        }
        guard case .call(let kept) = own.steps[0].action else { throw Missing() }
        #expect(kept.id == "build", "the model's name for a call is the step's")
    }

    // Ten thousand runs: a hundred conversations, which share the cores, of a hundred runs each.
    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `C19 no run leaves an execution behind, and each has one terminal, wherever it is stopped`(
        seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        var world = World()
        for number in 1...100 {
            let id = Run.ID("r\(number)")
            let first = world.directives.count
            world.send(.userMessage(Run.Request("Go.")), id: "r\(number)")
            // A run that does not end is a failure here, and not a test that hangs.
            for _ in 1...1_000 {
                guard let run = world.conversation.run(id) else { break }
                world.send(next(run, &random))
            }
            guard world.conversation.run(id) == nil else {
                Issue.record("\(id) does not end")
                return
            }
            var open: Set<Run.Execution.ID> = []
            var ends: [Run.Execution.ID: Int] = [:]
            for directive in world.directives[first...] {
                switch directive {
                case .startExecution(let execution): open.insert(execution.id)
                case .publish(let event):
                    guard case .execution(let id, let change) = event.kind, change.duration != nil else {
                        continue
                    }
                    ends[id, default: 0] += 1
                default: continue
                }
            }
            #expect(open == Set(ends.keys) && ends.values.allSatisfy { count in count == 1 }, "\(id)")
        }
        #expect(world.conversation.active == nil && world.conversation.parked.isEmpty)
    }

    private func next(_ run: Run, _ random: inout SeededGenerator) -> Run.Signal.Kind {
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return .interrupt(run.id, reason: "x")
        case 1: return .cancel(run.id, reason: "x")
        case 2: return .restarted
        case 3: return .cancelStep(run.id, ordinal: run.steps.last?.ordinal ?? 1, reason: "x")
        case 4...8: if let timer = run.timers.randomElement(using: &random) { return .timerFired(timer.id) }
        default: break
        }
        if run.status == .interrupted, let ticket = run.interruption?.ticket {
            guard let gate = run.gates.first else {
                return .resume(run.id, ticket, .raising(steps: run.limits.steps + 9))
            }
            return .gateAnswer(gate.ticket, gate.kind == .approval ? .approve : .skip)
        }
        guard let id = run.openExecutions.randomElement(using: &random) else {
            guard let gate = run.gates.first else { return .cancel(run.id, reason: "x") }
            return .gateAnswer(gate.ticket, gate.kind == .approval ? .approve : .rerun)
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .failed(id, Run.Failure(.transport, "x"))
        case 1: return .canceled(id, effectBegan: Bool.random(using: &random))
        default:
            let calls = [Run.Call.safe("a", "x"), .once("b", "y"), .probed("c", "z"), .gated("d", "w")]
            let some = calls.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))
            return .completed(id, Run.Result(output: "ok", calls: Array(some), finding: .notDone))
        }
    }
}
