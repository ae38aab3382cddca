import PipelineCore
import Testing

/// Ways that surprise: runs that end as they begin, answers that are not the last word, calls that a person has changed.
struct SurpriseScenarioTests {
    @Test func `C21 a long queue of runs that end as they begin is worked off without depth`() {
        var world = World()
        world.open()
        let quick = Template.of([Template.Step("end", .artifact(from: []))])
        for number in 0..<2_000 {
            world.conversation.reduceQuietly(
                .userMessage(Run.Request("x", template: quick)), id: "q\(number)")
        }
        #expect(world.conversation.queue.count == 2_000)
        let ended = world.complete("r/2/1")
        #expect(ended.events.filter { line in line == "run.completed" }.count == 2_001)
        #expect(world.conversation.queue.isEmpty && world.conversation.active == nil)
        #expect(world.conversation.finished.count == 25)
    }

    @Test func `the conversation keeps what was committed, not what was answered after it`() {
        let template = Template.of([
            Template.Step("say", .strategy(Template.Strategy("a")), next: "keep"),
            Template.Step("keep", .commit, next: "review"),
            Template.Step("review", .strategy(Template.Strategy("b"))),
        ])
        var world = World()
        world.open(template)
        world.complete("r/1/1", "Said.")
        world.complete("r/3/1", "Reviewed.")
        #expect(world.conversation.messages.last == .assistant("Said.", calls: []))
    }

    @Test func `an edited call is declared by nobody: it is not repeated, and must still be exposed`() {
        let call = Run.Call(
            id: "a", name: "run", arguments: ["what": "list"], isIdempotent: true, needsApproval: true,
            recovery: .retry)
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [call])
        let ticket = Run.Ticket.gate("r", ordinal: 3, 1)
        world.send(.gateAnswer(ticket, .approve(arguments: ["what": "deploy"])))
        #expect(world.run?.step(3)?.call?.isIdempotent == false && world.run?.step(3)?.call?.recovery == nil)
        #expect(world.send(.restarted).deeds == ["ask confirmation r/3/gate/2"])

        var planning = World()
        planning.open(.planning)
        let look = Run.Call(id: "a", name: "look", arguments: [:], isReadOnly: true, needsApproval: true)
        planning.complete("r/2/1", calls: [look])
        let edited = Run.Gate.Answer.approve(arguments: ["x": 1])
        #expect(planning.send(.gateAnswer(ticket, edited)).disposition == .rejected(.payloadInvalid))
        #expect(planning.send(.gateAnswer(ticket, .approve)).deeds.last == "start r/3/1 look")
    }

    @Test func `a workflow that fails is retried only when declared, and a child is taken up once`() {
        for isIdempotent in [false, true] {
            var world = World()
            world.open()
            world.complete(
                "r/2/1",
                calls: [Run.Call(id: "a", name: "workflow.run.x", arguments: [:], isIdempotent: isIdempotent)]
            )
            world.send(.interrupt("r", reason: "x"))
            world.send(.canceled(world.execution("r/3/1"), effectBegan: true, continues: "child"))
            let resumed = world.send(.resume("r", .interruption("r", 1)))
            guard case .startExecution(let second)? = resumed.directives.last else {
                return #expect(Bool(false), "it does not start again")
            }
            #expect(second.continues == "child")
            world.send(.started(world.execution("r/3/2")))
            world.fail("r/3/2", .crashed)
            #expect(world.run?.step(3)?.status == (isIdempotent ? .backoff : .failed))
            #expect(world.run?.step(3)?.child == nil)
        }
    }

    @Test func `C23 a probe looks beyond a budget, and is not stopped for it`() {
        let probed = Run.Call(id: "a", name: "deploy", arguments: [:], recovery: .probe)
        var world = World()
        world.open(.coding { template in template.limits.tokens = 10 })
        world.complete("r/2/1", calls: [probed, .safe("b", "read")])
        world.send(.restarted)
        let used = Run.Result(output: "x", usage: Run.Usage(tokensIn: 50))
        world.send(.completed(world.execution("r/4/2"), used))
        let probe = Run.Execution.ID(run: "r", ordinal: 3, attempt: 1, probe: 1)
        #expect(world.run?.stop == nil && world.run?.openExecutions == [probe])
        world.send(.policyDecided(probe, Run.Decision(.allow, rule: "x")))
        #expect(world.run?.stop == nil)
        world.send(.completed(probe, Run.Result(output: "done", finding: .done)))
        #expect(
            world.run?.interruption?.reason == "maxTokensExceeded" && world.run?.step(3)?.status == .completed
        )
    }

    @Test func `what an attempt that failed has used counts`() {
        var world = World()
        world.open(.coding { template in template.limits.tokens = 10 })
        let failure = Run.Failure(.transport, "reset", usage: Run.Usage(tokensIn: 20))
        world.send(.failed(world.execution("r/2/1"), failure))
        world.fire("r/2/1/backoff/0")
        #expect(world.run?.interruption?.reason == "maxTokensExceeded")
    }

    @Test func `what is left of a run's time runs out, and stands still while it is interrupted`() {
        var world = World()
        world.open(.coding { template in template.limits.wall = 1_000 })
        world.time += 400
        #expect(world.run?.remaining(at: world.time).wall == 600)
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/2/1")
        #expect(world.run?.remaining(at: world.time + 5_000).wall == 600)
    }

    @Test func `why tells of the last start, not of the next one`() {
        var world = World()
        world.open()
        world.fail("r/2/1", .transport)
        #expect(world.run?.why(2)?.started == .first)
        world.fire("r/2/1/backoff/0")
        #expect(world.run?.why(2)?.started == .retry)
    }

    @Test func `a run that fewer may control than must agree is not taken`() {
        var world = World()
        let request = Run.Request(
            "x", template: .coding { template in template.gates.approvers = 2 }, operators: ["ada"])
        #expect(world.send(.userMessage(request)).disposition == .rejected(.payloadInvalid))
    }
}

extension Conversation {
    /// Reduces without keeping the directives.
    fileprivate mutating func reduceQuietly(_ kind: Run.Signal.Kind, id: String) {
        var directives: [Run.Directive] = []
        _ = reduce(Run.Signal(id: Run.Signal.ID(id), kind, by: .host, at: 1_000), into: &directives)
    }
}
