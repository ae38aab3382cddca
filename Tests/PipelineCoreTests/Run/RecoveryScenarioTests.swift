import PipelineCore
import Testing

/// What becomes of a step when nobody knows its outcome: probes, recoveries, evidence.
struct RecoveryScenarioTests {
    private func lost(_ calls: [Run.Call] = [.probed("a", "deploy")]) -> World {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: calls)
        world.send(.restarted)
        return world
    }

    private func found(_ finding: Run.Finding?, _ output: JSON = .null) -> Run.Signal.Kind {
        .completed(
            Run.Execution.ID(run: "r", ordinal: 3, attempt: 1, probe: 1),
            Run.Result(output: output, finding: finding))
    }

    @Test func `a lost step is looked after before anything else is done with it`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.probed("a", "deploy")])
        let probing = world.send(.restarted)
        #expect(
            probing.lines == [
                "publish engine.restarted", "publish tool.failed r/3/1", "publish step.unknown 3",
                "publish tool.requested r/3/1/probe/1", "arm r/3/1/probe/1/attempt/0 at 31000",
                "start r/3/1/probe/1 deploy",
            ])
        #expect(world.run?.step(3)?.recoveries == 1 && world.run?.step(3)?.attempts == 1)
        #expect(world.run?.gates.isEmpty == true)
    }

    @Test func `a probe finds it done, not done, failed, or cannot tell`() {
        var done = lost()
        #expect(done.send(found(.done, "deployed")).deeds.last == "start r/4/1 code_generation")
        #expect(done.run?.step(3)?.result?.output == "deployed")
        var not = lost()
        #expect(not.send(found(.notDone)).deeds.last == "start r/3/2 deploy")
        var failed = lost()
        #expect(failed.send(found(.failed)).deeds.last == "start r/4/1 code_generation")
        #expect(failed.run?.step(3)?.status == .failed)
        for finding in [Run.Finding.unknown, nil] {
            var unknown = lost()
            #expect(
                unknown.send(found(finding, "x")).deeds == [
                    "disarm r/3/1/probe/1/attempt/0", "ask confirmation r/3/gate/1",
                ])
        }
    }

    @Test func `a probe that fails, is canceled, denied or abandoned cannot tell`() {
        let probe = Run.Execution.ID(run: "r", ordinal: 3, attempt: 1, probe: 1)
        for kind: Run.Signal.Kind in [
            .failed(probe, Run.Failure(.transport, "x")), .canceled(probe, effectBegan: true),
            .policyDecided(probe, Run.Decision(.deny, rule: "x")),
            .policyDecided(probe, Run.Decision(.ask, rule: "x")),
        ] {
            var world = lost()
            #expect(world.send(kind).deeds.last == "ask confirmation r/3/gate/1", "\(kind.word)")
            #expect(world.run?.step(3)?.tries == 0 && world.run?.step(3)?.attempts == 1)
        }
        var slow = lost()
        #expect(
            slow.fire("r/3/1/probe/1/attempt/0").deeds == [
                "disarm r/3/1/probe/1/attempt/0", "cancel r/3/1/probe/1",
                "arm r/3/1/probe/1/grace/0 at 6000",
            ])
        #expect(slow.fire("r/3/1/probe/1/grace/0").deeds.last == "ask confirmation r/3/gate/1")
        #expect(slow.refused(found(.done)) == .stale)
    }

    @Test func `a probe that a stop cuts short leaves the step unknown, and is repeated after the resume`() {
        var world = lost()
        #expect(world.send(.interrupt("r", reason: "x")).deeds.contains("cancel r/3/1/probe/1"))
        let parked = world.cancelAnswer("r/3/1/probe/1")
        #expect(parked.events.last == "run.interrupted")
        #expect(world.steps.last == "3 tool unknown 1" && world.run?.gates.isEmpty == true)
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.deeds.last == "start r/3/1/probe/2 deploy")
        #expect(world.run?.step(3)?.recoveries == 1)
    }

    @Test func `a probe that answers while the run is interrupted is heard`() {
        var not = lost()
        not.send(.interrupt("r", reason: "x"))
        #expect(not.send(found(.notDone)).events.last == "run.interrupted")
        #expect(not.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/3/2 deploy")
        var done = lost()
        done.send(.interrupt("r", reason: "x"))
        done.send(found(.done, "deployed"))
        #expect(done.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/4/1 code_generation")
    }

    @Test func `a probe in a run that ends decides between done and unknown`() {
        for (finding, status) in [
            (Run.Finding.done, Run.Step.Status.completed), (.notDone, .canceled), (.unknown, .failed),
        ] {
            var world = lost([.probed("a", "deploy"), .safe("b", "read_file")])
            world.send(.cancel("r", reason: "x"))
            world.send(found(finding, "x"))
            #expect(world.run?.step(3)?.status == status, "\(finding)")
            #expect(world.cancelAnswer("r/4/2").events.last == "run.canceled")
        }
    }

    @Test func `an interrupted run begins its probe after the resume, without a question`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.probed("a", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        #expect(world.cancelAnswer("r/3/1").events.suffix(2) == ["step.unknown 3", "run.interrupted"])
        #expect(world.run?.gates.isEmpty == true && world.run?.step(3)?.recoveries == 0)
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/3/1/probe/1 deploy")
    }

    @Test func `C11 evidence that comes while a probe looks ends the probe and counts`() {
        var world = lost()
        let evidence = world.complete("r/3/1", "deployed")
        #expect(evidence.disposition == .applied)
        #expect(
            evidence.deeds == [
                "disarm r/3/1/probe/1/attempt/0", "cancel r/3/1/probe/1", "arm r/3/1/probe/1/grace/0 at 6000",
            ])
        #expect(world.refused(.completed(world.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        world.send(found(.notDone))
        #expect(world.run?.step(3)?.status == .completed && world.run?.step(3)?.result?.output == "deployed")
    }

    @Test func `C11 evidence counts in back-off and before the next start, never after it`() {
        var template = Template.coding
        template.tool.maxAttempts = 3
        var world = World()
        world.open(template)
        world.complete("r/2/1", calls: [.safe("a", "read_file")])
        world.fire("r/3/1/attempt/0")
        let abandoned = world.fire("r/3/1/grace/0")
        #expect(abandoned.deeds.last == "arm r/3/1/backoff/0 at 1100")
        #expect(world.run?.step(3)?.tries == 1 && world.run?.step(3)?.recoveries == 0)
        var evident = world
        #expect(evident.complete("r/3/1", "text").deeds.prefix(1) == ["disarm r/3/1/backoff/0"])
        #expect(evident.run?.step(3)?.status == .completed)
        world.fire("r/3/1/backoff/0")
        #expect(world.refused(.completed(world.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        world.send(.interrupt("r", reason: "x"))
        world.fire("r/3/2/grace/0")
        #expect(world.status(of: "r") == .interrupted && world.run?.step(3)?.status == .ready)
        #expect(world.refused(.completed(world.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        #expect(world.complete("r/3/2", "text").events == ["step.completed 3"])
        #expect(world.fail("r/3/2", .transport).disposition == .stale)
    }

    @Test func `C23 a probe that says not done, again and again, is recovered three times`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.probed("a", "deploy")])
        for attempt in 1...3 {
            world.fire("r/3/\(attempt)/attempt/0")
            let probing = world.fire("r/3/\(attempt)/grace/0")
            #expect(probing.deeds.last == "start r/3/\(attempt)/probe/\(attempt) deploy")
            let probe = world.execution("r/3/\(attempt)/probe/\(attempt)")
            let again = world.send(.completed(probe, Run.Result(output: .null, finding: .notDone)))
            #expect(again.deeds.last == "start r/3/\(attempt + 1) deploy")
            #expect(world.run?.step(3)?.recoveries == attempt)
        }
        world.fire("r/3/4/attempt/0")
        #expect(world.fire("r/3/4/grace/0").deeds.last == "start r/4/1 code_generation")
        #expect(world.run?.step(3)?.failure?.category == .outcomeUnknown)
    }

    @Test func `C23 crashes while probing are recovered three times, and interruptions count for nothing`() {
        var world = lost()
        for probe in 2...3 {
            #expect(world.send(.restarted).deeds.last == "start r/3/1/probe/\(probe) deploy")
        }
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/3/1/probe/3")
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/3/1/probe/4 deploy")
        #expect(world.run?.step(3)?.recoveries == 3)
        #expect(world.send(.restarted).deeds.last == "start r/4/1 code_generation")
        #expect(world.run?.step(3)?.failure?.category == .outcomeUnknown)
    }

    @Test func `a probe waits for its turn like every execution`() {
        var world = World()
        world.open(.coding { template in template.concurrency = 1 })
        world.complete("r/2/1", calls: [.gated("a", "deploy"), .probed("b", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/4/1")
        world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .approve))
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.deeds.suffix(1) == ["start r/3/1 deploy"])
        #expect(world.run?.openExecutions.count == 1 && world.run?.gates.isEmpty == true)
        #expect(world.complete("r/3/1").deeds.last == "start r/4/1/probe/1 deploy")
    }

    @Test func `C11 evidence that comes while a run ends counts no more, also while a probe is open`() {
        for stop: Run.Signal.Kind in [.cancel("r", reason: "x"), .interrupt("r", reason: "x")] {
            var world = lost()
            world.send(stop)
            let isEnding = world.run?.stop?.kind == .cancel
            let late = world.complete("r/3/1", "deployed")
            #expect(late.disposition == (isEnding ? .stale : .applied))
            world.cancelAnswer("r/3/1/probe/1")
            #expect(isEnding || world.run?.step(3)?.status == .completed)
        }
    }

    @Test func `a probe that cannot tell, though it was told to end, opens a gate and is not repeated`() {
        var world = lost()
        world.send(.interrupt("r", reason: "x"))
        let parked = world.send(found(.unknown))
        #expect(parked.deeds.last == "ask confirmation r/3/gate/1")
        #expect(world.run?.status == .interrupted && world.run?.step(3)?.needsProbe == false)
    }

    @Test func `what a probe used counts, whatever it found`() {
        for finding in [Run.Finding.done, .notDone, .failed, .unknown] {
            var world = lost()
            let probe = Run.Execution.ID(run: "r", ordinal: 3, attempt: 1, probe: 1)
            let result = Run.Result(output: "x", usage: Run.Usage(tokensIn: 7), finding: finding)
            world.send(.completed(probe, result))
            #expect(world.run?.spent.usage.tokens == 7, "\(finding)")
        }
    }
}
