import PipelineCore
import Testing

/// The scenarios of interrupt, resume, cancel and recovery, by their ids.
@Suite(.bothModes)
struct ControlScenarioTests {
    @Test func `C1 interrupt with a strategy in flight, then resume`() {
        var world = World()
        world.open()
        let interrupt = world.send(.interrupt("r", reason: "ctrl-c"), id: "stop")
        #expect(
            interrupt.lines == [
                "publish run.stopping", "disarm r/2/1/attempt/0", "cancel r/2/1", "arm r/2/1/grace/0 at 6000",
            ])
        #expect(world.run?.stop?.inFlight == .strategy)
        let settled = world.cancelAnswer("r/2/1")
        #expect(
            settled.lines == [
                "publish strategy.canceled r/2/1", "publish run.interrupted", "disarm r/2/1/grace/0",
            ])
        #expect(world.run?.status == .interrupted)
        #expect(world.run?.interruption?.inFlight == .strategy)
        #expect(world.run?.interruption?.reason == "ctrl-c")
        #expect(world.run?.interruption?.cause == "stop")
        #expect(world.run?.interruption?.ticket.description == "r/i1")
        #expect(world.conversation.active == nil && world.conversation.parked.count == 1)

        let resume = world.send(.resume("r", .interruption("r", 1)))
        #expect(
            resume.lines == [
                "publish run.resumed", "publish strategy.requested r/2/2", "arm r/2/2/attempt/1 at 121000",
                "start r/2/2 code_generation",
            ])
        #expect(world.run?.step(2)?.tries == 0)
        #expect(world.complete("r/2/2").events.last == "run.completed")
    }

    @Test func `C2 a tool that completes while the run is interrupted is not run again`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        let settled = world.complete("r/3/1", "deployed")
        #expect(settled.events.last == "run.interrupted")
        #expect(settled.deeds == ["disarm r/3/1/grace/0"])
        #expect(world.run?.interruption?.inFlight == .tool)
        let resume = world.send(.resume("r", .interruption("r", 1)))
        #expect(resume.deeds == ["arm r/4/1/attempt/1 at 121000", "start r/4/1 code_generation"])
        #expect(world.run?.step(3)?.attempts == 1)
    }

    @Test func `C3 a canceled tool runs again only when it is idempotent, else a person decides`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.safe("a", "read_file"), .once("b", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/3/1")
        let settled = world.cancelAnswer("r/4/1")
        #expect(settled.deeds == ["disarm r/4/1/grace/0", "ask confirmation r/4/gate/1"])
        let resume = world.send(.resume("r", .interruption("r", 1)))
        #expect(resume.disposition == .rejected(.confirmationRequired))
        #expect(
            world.send(.gateAnswer(.gate("r", ordinal: 4, 1), .approve)).disposition
                == .rejected(.payloadInvalid))
        let answer = world.send(.gateAnswer(.gate("r", ordinal: 4, 1), .rerun))
        #expect(answer.deeds == ["withdraw r/4/gate/1"])
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.deeds.suffix(2) == ["start r/3/2 read_file", "start r/4/2 deploy"])
        for case .startExecution(let execution) in resumed.directives where execution.id.ordinal == 4 {
            #expect(execution.idempotencyKey == "r/4")
        }
    }

    @Test func `C3 a skipped step is handed on as failed`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("b", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/3/1")
        world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .skip))
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.deeds.last == "start r/4/1 code_generation")
        #expect(world.run?.step(3)?.failure?.category == .outcomeUnknown)
        #expect(world.run?.step(3)?.status == .failed)
    }

    @Test func `C3 a tool whose effect never began runs again without a question`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("b", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        #expect(world.cancelAnswer("r/3/1", effectBegan: false).events.last == "run.interrupted")
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/3/2 deploy")
    }

    @Test func `C5 repeated requests are duplicate, unchanged or rejected, and start nothing`() {
        var world = World()
        world.open()
        let first = Run.Signal(id: "stop", .interrupt("r", reason: "x"), by: .host, at: 1_000)
        world.send(first)
        #expect(world.send(first).disposition == .duplicate)
        let again = world.send(.interrupt("r", reason: "x"))
        #expect(again.disposition == .unchanged && again.deeds.isEmpty)
        world.cancelAnswer("r/2/1")
        world.send(.resume("r", .interruption("r", 1)))
        #expect(world.send(.resume("r", .interruption("r", 1))).disposition == .rejected(.notInterrupted))
        world.send(.interrupt("r", reason: "y"))
        world.cancelAnswer("r/2/2")
        #expect(world.send(.resume("r", .interruption("r", 1))).disposition == .rejected(.staleTicket))
        #expect(world.send(.resume("r", .interruption("r", 2))).disposition == .applied)
    }

    @Test func `C8 cancel with a tool and a command in flight settles each once, the run last`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "command.run.test")])
        let cancel = world.send(.cancel("r", reason: "enough"))
        #expect(
            cancel.deeds == [
                "disarm r/3/1/attempt/0", "disarm r/4/1/attempt/0", "cancel r/3/1", "cancel r/4/1",
                "arm r/3/1/grace/0 at 6000", "arm r/4/1/grace/0 at 6000",
            ])
        #expect(world.cancelAnswer("r/4/1").events == ["tool.canceled r/4/1", "step.canceled 4"])
        #expect(
            world.cancelAnswer("r/3/1").events == ["tool.canceled r/3/1", "step.canceled 3", "run.canceled"])
        #expect(world.conversation.finished.last?.status == .canceled)
        #expect(world.conversation.finished.last?.reason == "enough")
    }

    @Test func `C8 cancel with a strategy in flight`() {
        var world = World()
        world.open()
        #expect(world.send(.cancel("r", reason: "enough")).deeds.contains("cancel r/2/1"))
        #expect(
            world.cancelAnswer("r/2/1").events == [
                "strategy.canceled r/2/1", "step.canceled 2", "run.canceled",
            ])
    }

    @Test func `C10 a result after the cancel is kept, one after the end is stale`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "deploy")])
        world.send(.cancel("r", reason: "enough"))
        let kept = world.complete("r/3/1", "deployed")
        #expect(kept.disposition == .applied)
        #expect(kept.deeds == ["disarm r/3/1/grace/0"])
        #expect(world.run?.step(3)?.status == .completed)
        #expect(world.complete("r/4/1", "deployed").events.last == "run.canceled")
        let before = world.conversation
        #expect(world.complete("r/4/1", "again").disposition == .stale)
        #expect(world.conversation == before)
    }

    @Test func `C11 an execution that ignores its cancel is abandoned after the grace time`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        let abandoned = world.fire("r/3/1/grace/0")
        #expect(
            abandoned.events == [
                "timer.fired r/3/1/grace/0", "execution.abandoned r/3/1", "tool.failed r/3/1",
                "step.unknown 3",
                "run.interrupted", "gate.opened r/3/gate/1",
            ])
        let evidence = world.complete("r/3/1", "deployed after all")
        #expect(evidence.disposition == .applied)
        #expect(evidence.deeds == ["withdraw r/3/gate/1"])
        #expect(world.complete("r/3/1", "and again").disposition == .stale)
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/4/1 code_generation")
    }

    @Test func `C12 cancel during back-off and at a gate ends the run at once`() {
        var world = World()
        world.open()
        world.fail("r/2/1", .transport)
        let cancel = world.send(.cancel("r", reason: "x"))
        #expect(cancel.deeds == ["disarm r/2/1/backoff/0"])
        #expect(cancel.events.last == "run.canceled")
        #expect(world.fire("r/2/1/backoff/0").disposition == .stale)

        var gated = World()
        gated.open()
        gated.complete("r/2/1", calls: [.once("a", "deploy")])
        gated.send(
            .policyDecided(gated.execution("r/3/1"), Run.Decision(.ask, rule: "deploys", reason: "live")))
        #expect(gated.send(.cancel("r", reason: "x")).deeds == ["withdraw r/3/gate/1"])
        #expect(gated.conversation.finished.last?.status == .canceled)
    }

    @Test func `C16 a gate answer that no operator gives is rejected and audited`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        let asked = world.send(
            .policyDecided(world.execution("r/3/1"), Run.Decision(.ask, rule: "deploys", reason: "live")))
        #expect(asked.deeds == ["disarm r/3/1/attempt/0", "ask approval r/3/gate/1"])
        let answer = Run.Signal.Kind.gateAnswer(.gate("r", ordinal: 3, 1), .approve)
        let before = world.conversation
        for actor in [Run.Actor.host, .runner, .timer, .engine] {
            let effect = world.send(answer, by: actor)
            #expect(effect.disposition == .rejected(.unauthorized))
            #expect(effect.lines == ["publish request.rejected unauthorized"])
        }
        #expect(world.send(.interrupt("r", reason: "x"), by: .runner).disposition == .rejected(.unauthorized))
        #expect(world.conversation == before)
        let approved = world.send(answer, by: .operator("ada"))
        #expect(approved.deeds.last == "start r/3/2 deploy")
        guard case .startExecution(let execution)? = approved.directives.last else {
            return #expect(Bool(false))
        }
        #expect(execution.approval?.by == [.operator("ada")])
        #expect(world.run?.step(3)?.tries == 0)
        #expect(world.send(answer).disposition == .rejected(.staleTicket))
    }

    @Test func `C21 an interrupted run is parked, and eight of them are the most`() {
        var world = World()
        for number in 1...8 {
            #expect(world.send(.userMessage(Run.Request("Do it.")), id: "r\(number)").disposition == .applied)
            world.send(.interrupt(Run.ID("r\(number)"), reason: "x"))
            world.cancelAnswer("r\(number)/2/1")
        }
        #expect(world.send(.userMessage(Run.Request("More."))).disposition == .rejected(.parkedFull))
        #expect(world.send(.resume("r3", .interruption("r3", 1))).disposition == .applied)
        #expect(world.send(.resume("r4", .interruption("r4", 1))).disposition == .rejected(.anotherRunActive))
        #expect(world.send(.resume("r4", .interruption("r4", 9))).disposition == .rejected(.staleTicket))
        world.complete("r3/2/2")
        #expect(world.send(.resume("r4", .interruption("r4", 1))).disposition == .applied)
    }

    @Test func `C22 a wider stop replaces a narrower one and tells nobody twice`() {
        var world = World()
        world.open()
        world.send(.interrupt("r", reason: "x"))
        let cancel = world.send(.cancel("r", reason: "y"))
        #expect(cancel.disposition == .applied && cancel.deeds.isEmpty)
        #expect(world.send(.interrupt("r", reason: "z")).disposition == .rejected(.stillStopping))
        #expect(world.send(.resume("r", .interruption("r", 1))).disposition == .rejected(.stillStopping))
        #expect(world.complete("r/2/1").events.last == "run.canceled")

        var failing = World()
        failing.open()
        failing.send(.interrupt("r", reason: "x"))
        failing.fail("r/2/1", .transport)
        #expect(failing.run?.step(2)?.tries == 0 && failing.run?.step(2)?.status == .ready)
    }

    @Test func `C22 a run whose last step completed while interrupting completes at resume without a start`()
    {
        var world = World()
        world.open()
        world.send(.interrupt("r", reason: "x"))
        #expect(world.complete("r/2/1", "Done.").events.last == "run.interrupted")
        let resume = world.send(.resume("r", .interruption("r", 1)))
        #expect(resume.deeds.isEmpty)
        #expect(resume.events.last == "run.completed")
    }

    @Test func `C23 an outcome that stays unknown is recovered three times, then fails`() {
        var world = World()
        world.open()
        for attempt in 1...3 {
            let effect = world.send(.restarted)
            #expect(effect.deeds.last == "start r/2/\(attempt + 1) code_generation")
        }
        #expect(world.send(.restarted).events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .outcomeUnknown)
    }

    @Test func `a run that was killed repeats what is safe and asks about the rest`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.safe("a", "read_file"), .once("b", "deploy")])
        let effect = world.send(.restarted)
        #expect(
            effect.lines == [
                "publish engine.restarted", "publish tool.failed r/3/1", "publish step.ready 3",
                "publish tool.failed r/4/1", "publish step.unknown 4", "publish tool.requested r/3/2",
                "publish gate.opened r/4/gate/1", "arm r/3/2/attempt/0 at 31000",
                "ask confirmation r/4/gate/1", "start r/3/2 read_file",
            ])
        #expect(world.send(.resume("r", .interruption("r", 1))).disposition == .rejected(.notInterrupted))
        world.complete("r/3/2")
        #expect(world.send(.resume("r", .interruption("r", 1))).disposition == .rejected(.gateUnresolved))
        #expect(world.send(.gateAnswer(.gate("r", ordinal: 4, 1), .rerun)).deeds.last == "start r/4/2 deploy")
    }

    @Test func `a crash while stopping ends the stop, and one while interrupted only asks again`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("b", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        let crashed = world.send(.restarted)
        #expect(crashed.events.suffix(2) == ["run.interrupted", "gate.opened r/3/gate/1"])
        let again = world.send(.restarted)
        #expect(
            again.lines == [
                "publish engine.restarted", "publish gate.opened r/3/gate/1", "ask confirmation r/3/gate/1",
            ])
        #expect(world.run?.status == .interrupted)
    }

    @Test func `an attempt that runs too long is told, and the next waits until it has settled`() {
        var world = World()
        world.open()
        let told = world.fire("r/2/1/attempt/0")
        #expect(told.deeds == ["disarm r/2/1/attempt/0", "cancel r/2/1", "arm r/2/1/grace/0 at 6000"])
        let settled = world.cancelAnswer("r/2/1")
        #expect(settled.deeds == ["disarm r/2/1/grace/0", "arm r/2/1/backoff/0 at 1100"])
        #expect(world.run?.step(2)?.failure?.category == .startToClose && world.run?.step(2)?.tries == 1)
        #expect(world.fire("r/2/1/grace/0").disposition == .stale)
    }

    @Test func `G4 an execution that its runner finds silent is told once, and has its grace time`() {
        var world = World()
        world.open()
        let silent = Run.Failure(
            .idle, "It was silent.", code: "idle", details: ["used": 120, "allowed": 100])
        let told = world.send(.exceeded(world.execution("r/2/1"), silent))
        #expect(
            told.lines == [
                "publish limit.reached", "disarm r/2/1/attempt/0", "cancel r/2/1",
                "arm r/2/1/grace/0 at 6000",
            ])
        guard case .publish(let event)? = told.directives.first, case .limitReached(_, let limit) = event.kind
        else { return #expect(Bool(false)) }
        #expect(limit == Run.Event.Limit(name: .idle, used: 120, allowed: 100, refused: []))
        #expect(world.send(.exceeded(world.execution("r/2/1"), silent)).disposition == .stale)
        world.fire("r/2/1/grace/0")
        #expect(world.run?.step(2)?.failure?.category == .idle && world.run?.step(2)?.tries == 1)
        #expect(world.run?.step(2)?.status == .backoff)
        // What it says late still counts.
        world.send(.completed(world.execution("r/2/1"), Run.Result(output: "Done.")))
        #expect(world.conversation.finished.last?.status == .completed)
    }

    @Test func `an execution that is silent, and ends with a failure of its own, has failed of silence`() {
        var world = World()
        world.open()
        world.send(.exceeded(world.execution("r/2/1"), Run.Failure(.idle, "It was silent.")))
        world.fail("r/2/1", .auth)
        #expect(world.run?.step(2)?.failure?.category == .idle && world.run?.step(2)?.status == .backoff)
    }

    @Test func `a crash is no try, also of an attempt that was told to end because of its timeout`() {
        var world = World()
        world.open()
        world.fire("r/2/1/attempt/0")
        #expect(world.send(.restarted).deeds.last == "start r/2/2 code_generation")
        #expect(world.run?.step(2)?.tries == 0 && world.run?.step(2)?.recoveries == 1)
    }

    @Test
    func `a gate that was answered is not withdrawn too, and a withdrawn one comes before the run's end`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "deploy")])
        let ask = Run.Decision(.ask, rule: "deploys", reason: "live")
        world.send(.policyDecided(world.execution("r/3/1"), ask))
        world.send(.policyDecided(world.execution("r/4/1"), ask))
        let denied = world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .deny(message: "no")))
        #expect(denied.events == ["gate.denied r/3/gate/1", "step.failed 3"])
        let canceled = world.send(.cancel("r", reason: "x"))
        #expect(
            canceled.events == [
                "run.stopping", "gate.withdrawn r/4/gate/1", "step.canceled 4", "run.canceled",
            ])
    }

    @Test func `a policy decides once, before the start, and an approval is not asked for again`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        let ask = Run.Signal.Kind.policyDecided(world.execution("r/3/1"), Run.Decision(.ask, rule: "d"))
        world.send(.started(world.execution("r/3/1")))
        let allow = Run.Signal.Kind.policyDecided(world.execution("r/3/1"), Run.Decision(.allow, rule: "d"))
        #expect(world.send(allow).disposition == .stale)
        #expect(world.send(ask).deeds.last == "start r/4/1 code_generation")
        #expect(world.run?.step(3)?.status == .canceled && world.run?.gates.isEmpty == true)

        var approved = World()
        approved.open()
        approved.complete("r/2/1", calls: [.once("a", "deploy")])
        approved.send(ask)
        approved.send(.gateAnswer(.gate("r", ordinal: 3, 1), .approve))
        let again = approved.send(.policyDecided(approved.execution("r/3/2"), Run.Decision(.ask, rule: "d")))
        #expect(again.deeds.last == "start r/4/1 code_generation")
        #expect(approved.run?.step(3)?.failure?.category == .policyDenied)
    }

    @Test func `what may not be asked is unauthorized also under a known id, and long texts are refused`() {
        var world = World()
        world.open()
        #expect(
            world.send(.interrupt("r", reason: "x"), id: "r", by: .runner).disposition
                == .rejected(.unauthorized))
        let long = String(repeating: "x", count: 16_385)
        #expect(world.send(.interrupt("r", reason: long)).disposition == .rejected(.payloadInvalid))
        #expect(world.send(.cancel("r", reason: "x"), id: long).disposition == .rejected(.payloadInvalid))
    }

    @Test func `an attempt that has answered gives no evidence later, though the one before was lost`() {
        var world = World()
        world.open()
        world.send(.restarted)
        #expect(world.fail("r/2/2", .transport).deeds.last == "arm r/2/2/backoff/0 at 1100")
        #expect(world.complete("r/2/2").disposition == .stale)
        #expect(world.complete("r/2/1").disposition == .stale)
        #expect(world.run?.step(2)?.status == .backoff)
    }

    @Test func `no time and no number in a signal can trap`() {
        var world = World()
        world.time = .min
        world.open()
        world.time = .max
        world.complete("r/2/1", calls: [.safe("a", "x")])
        world.time = .min
        world.send(.interrupt("r", reason: "x"))
        world.time = .max
        world.fire("r/3/1/grace/0")
        for ordinal in [Int.min, -1, 0, .max] {
            let id = Run.Execution.ID(run: "r", ordinal: ordinal, attempt: ordinal)
            #expect(world.send(.completed(id, Run.Result(output: "x"))).disposition == .stale)
            let timer = Run.Timer.ID(owner: id, kind: .grace, interruptions: ordinal)
            #expect(world.send(.timerFired(timer)).disposition == .stale)
            let gate = Run.Signal.Kind.gateAnswer(.gate("r", ordinal: ordinal, ordinal), .skip)
            #expect(world.send(gate).disposition == .rejected(.staleTicket))
        }
    }

    @Test func `requests about runs that are not there have their own codes`() {
        var world = World()
        #expect(world.send(.interrupt("r", reason: "x")).disposition == .rejected(.runNotFound))
        #expect(
            world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .approve)).disposition
                == .rejected(.gateNotFound))
        world.open()
        world.complete("r/2/1")
        #expect(world.send(.cancel("r", reason: "x")).disposition == .rejected(.runTerminal))
        #expect(world.send(.resume("r", .interruption("r", 1))).disposition == .rejected(.runTerminal))
        #expect(world.send(.userMessage(Run.Request("  "))).disposition == .rejected(.emptyMessage))
        let long = String(repeating: "x", count: 16_385)
        #expect(world.send(.userMessage(Run.Request(long))).disposition == .rejected(.payloadInvalid))
    }
}
