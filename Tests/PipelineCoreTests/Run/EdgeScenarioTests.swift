import PipelineCore
import Testing

/// What only a defect that nobody had thought of would show: each of these was found by a mutant that had survived.
struct EdgeScenarioTests {
    @Test func `a policy that asks after the start leaves the outcome unknown when the run is interrupted`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.started(world.execution("r/3/1")))
        world.send(.interrupt("r", reason: "x"))
        let asked = world.send(.policyDecided(world.execution("r/3/1"), Run.Decision(.ask, rule: "x")))
        #expect(asked.deeds.last == "ask confirmation r/3/gate/1")
        #expect(world.steps.last == "3 tool unknown 1")
    }

    @Test func `C11 no evidence counts once a person has ordered a rerun`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        #expect(world.fire("r/3/1/grace/0").deeds.last == "ask confirmation r/3/gate/1")
        var evident = world
        #expect(evident.complete("r/3/1", "deployed").events.last == "step.completed 3")
        world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .rerun))
        #expect(world.refused(.completed(world.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/3/2 deploy")
    }

    @Test func `while a run comes to an interruption, only the grace time runs`() {
        var world = World()
        world.open(
            .coding { template in
                template.gates.timeout = 10_000
                template.tool.scheduleToClose = 20_000
                template.limits.wall = 90_000
            })
        world.complete(
            "r/2/1", calls: [.once("a", "deploy"), .gated("b", "deploy"), .safe("c", "read_file")])
        world.fail("r/5/1", .transport)
        let stopping = world.send(.interrupt("r", reason: "x"))
        #expect(
            stopping.deeds == [
                "disarm r/0/0/run/0", "disarm r/3/1/attempt/0", "disarm r/3/0/step/0", "disarm r/4/1/gate/0",
                "disarm r/4/0/step/0", "disarm r/5/1/backoff/0", "disarm r/5/0/step/0", "cancel r/3/1",
                "arm r/3/1/grace/0 at 6000",
            ])
        for timer in ["r/0/0/run/0", "r/4/1/gate/0", "r/4/0/step/0", "r/5/1/backoff/0", "r/3/0/step/0"] {
            #expect(world.fire(timer).disposition == .stale, "\(timer)")
        }
    }

    @Test func `a timer of one interruption is stale after the next`() {
        var world = World()
        world.open(.coding { template in template.gates.timeout = 10_000 })
        world.complete("r/2/1", calls: [.gated("a", "deploy")])
        for number in 1...3 {
            world.send(.interrupt("r", reason: "x"))
            let resumed = world.send(.resume("r", .interruption("r", number)))
            #expect(resumed.deeds == ["arm r/3/1/gate/\(number) at 11000", "ask approval r/3/gate/1"])
            for older in 0..<number { #expect(world.fire("r/3/1/gate/\(older)").disposition == .stale) }
        }
        #expect(world.fire("r/3/1/gate/3").disposition == .applied)
    }

    @Test func `what is planned after a resume has its whole allowance`() {
        var world = World()
        world.open(
            .coding { template in
                template.gates.timeout = 10_000
                template.tool.scheduleToClose = 20_000
            })
        world.time = 2_000
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/2/1")
        world.time = 50_000
        world.send(.resume("r", .interruption("r", 1)))
        let planned = world.complete("r/2/2", calls: [.gated("a", "deploy")])
        #expect(
            planned.deeds.filter { deed in deed.hasPrefix("arm") } == [
                "arm r/3/1/gate/1 at 60000", "arm r/3/0/step/1 at 70000",
            ])
    }

    @Test func `a step that is being ended has no deadline any more`() {
        var world = World()
        world.open(.coding { template in template.tool.scheduleToClose = 20_000 })
        world.complete("r/2/1", calls: [.safe("a", "read_file"), .safe("b", "read_file")])
        let canceled = world.send(.cancelStep("r", ordinal: 3, reason: "x"))
        #expect(
            canceled.deeds == [
                "disarm r/3/1/attempt/0", "disarm r/3/0/step/0", "cancel r/3/1", "arm r/3/1/grace/0 at 6000",
            ])
        #expect(world.fire("r/3/0/step/0").disposition == .stale)
        world.cancelAnswer("r/3/1")
        #expect(world.run?.step(3)?.status == .canceled)
    }

    @Test func `R11 an overrun of tokens cancels what is in flight too`() {
        var world = World()
        world.open(.coding { template in template.limits.tokens = 100 })
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "deploy")])
        let result = Run.Result(output: "deployed", usage: Run.Usage(tokensIn: 90, tokensOut: 11))
        let stopped = world.send(.completed(world.execution("r/3/1"), result))
        #expect(stopped.deeds.contains("cancel r/4/1") && world.run?.stop?.reason == "maxTokensExceeded")
        #expect(world.run?.step(3)?.status == .completed)
    }

    @Test func `R14 a mode that fails with its calls does so with the last one too`() {
        var world = World()
        world.open(.coding { template in template.failsWithCall = true })
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "deploy")])
        world.complete("r/4/1")
        let failed = world.fail("r/3/1", .config)
        #expect(failed.events.last == "run.failed" && failed.deeds == ["disarm r/3/1/attempt/0"])
        #expect(world.conversation.finished.last?.failure?.category == .config)
    }

    @Test func `R14 a strategy without tools is told that it may call nothing`() {
        var world = World()
        world.open(
            .of([
                Template.Step("ask", .strategy(Template.Strategy("chat")), next: "commit"),
                Template.Step("commit", .commit),
            ]))
        let refused = world.complete("r/1/1", calls: [.safe("a", "read_file")])
        #expect(refused.deeds.suffix(2) == ["arm r/3/1/attempt/0 at 121000", "start r/3/1 chat"])
        #expect(world.run?.step(2)?.failure?.category == .policyDenied)
        #expect(world.run?.step(2)?.attempts == 0)
    }

    @Test func `R4 a run that has ended is not opened again when its request is forgotten`() {
        var world = World()
        world.open()
        world.complete("r/2/1")
        for _ in 1...300 { world.send(.switchMode(Run.ModeSwitch(to: .named("coding")))) }
        let again = world.open()
        #expect(again.disposition == .duplicate && again.directives.isEmpty)
        #expect(world.conversation.finished.count == 1)
    }

    @Test func `R14 a tool that is denied is not offered, though everything is allowed`() {
        let exposure = Template.Exposure(allow: ["*"], deny: ["shell.*"])
        #expect(exposure.refusal(of: .safe("a", "shell.run")) == "This mode denies shell.run.")
        #expect(exposure.refusal(of: .safe("a", "read_file")) == nil)
    }

    @Test func `R14 a step that is put before another stands on its failure paths too`() throws {
        let template = Template.of([
            Template.Step("ask", .strategy(Template.Strategy("chat")), next: "commit", onFailure: "pause"),
            Template.Step("pause", .wait(1), next: "commit"), Template.Step("commit", .commit),
        ])
        let approved = try template.inserting(
            Template.Step("approve", .gate(Template.Gate("Go on?"))), before: "pause")
        #expect(approved.steps.map { step in step.name } == ["ask", "approve", "pause", "commit"])
        #expect(approved.steps.first?.onFailure == "approve" && approved.steps[1].next == "pause")
    }

    @Test func `C12 the end of a run decides also what nobody knows`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.restarted)
        #expect(world.steps.last == "3 tool unknown 1")
        let canceled = world.send(.cancel("r", reason: "x"))
        #expect(
            canceled.events == ["run.stopping", "gate.withdrawn r/3/gate/1", "step.failed 3", "run.canceled"])
        #expect(canceled.deeds == ["withdraw r/3/gate/1"])
    }

    @Test func `each gate of a step has a ticket of its own`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        for number in 1...3 {
            #expect(world.send(.restarted).deeds.last == "ask confirmation r/3/gate/\(number)")
            let rerun = world.send(.gateAnswer(.gate("r", ordinal: 3, number), .rerun))
            #expect(rerun.deeds.last == "start r/3/\(number + 1) deploy")
        }
    }
}
