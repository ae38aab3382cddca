import PipelineCore
import Testing

/// Approvals and confirmations: who is asked, what an answer does, and what becomes of a question that nobody answers.
struct GateScenarioTests {
    private let ask = Run.Ticket.gate("r", ordinal: 3, 1)

    /// Run `r` waits for approval of step 3.
    private func approval(_ gate: Template.Gate = Template.Gate(), isUnattended: Bool = false) -> World {
        var world = World()
        let template = Template.coding { template in template.gates = gate }
        let request = Run.Request("Fix it.", template: template, isUnattended: isUnattended)
        world.send(.userMessage(request), id: "r")
        world.complete("r/2/1", calls: [.gated("a", "deploy")])
        return world
    }

    /// Run `r` waits for a word on what became of step 3.
    private func confirmation(_ gate: Template.Gate = Template.Gate()) -> World {
        var world = World()
        world.open(.coding { template in template.gates = gate })
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.restarted)
        return world
    }

    @Test func `C24 an approval that is answered while the run is interrupted takes effect at resume`() {
        var world = World(.interrupted)
        let answered = world.send(.gateAnswer(.gate("r", ordinal: 4, 1), .approve))
        #expect(answered.lines == ["publish gate.approved r/4/gate/1", "withdraw r/4/gate/1"])
        #expect(world.steps.suffix(2) == ["3 tool ready 1", "4 tool ready 0"])
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.deeds.suffix(2) == ["start r/3/2 read_file", "start r/4/1 deploy"])
        #expect(world.run?.step(4)?.approval?.ticket == .gate("r", ordinal: 4, 1))
    }

    @Test func `C24 an open approval does not block a resume, and is asked again under its ticket`() {
        var world = World(.interrupted)
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.deeds.contains("ask approval r/4/gate/1"))
        #expect(!resumed.deeds.contains("withdraw r/4/gate/1"))
        #expect(world.send(.gateAnswer(.gate("r", ordinal: 4, 1), .approve)).disposition == .applied)
    }

    @Test func `C24 the expiry of a gate stands still from the interrupt until the resume`() {
        var world = approval(Template.Gate(timeout: 10_000))
        #expect(world.run?.timers.map { timer in "\(timer.id) at \(timer.at)" } == ["r/3/1/gate/0 at 11000"])
        world.time = 5_000
        let interrupted = world.send(.interrupt("r", reason: "x"))
        #expect(interrupted.deeds == ["disarm r/3/1/gate/0"])
        #expect(world.run?.interruption?.inFlight == .gate)
        world.time = 100_000
        #expect(world.fire("r/3/1/gate/0").disposition == .stale)
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.deeds == ["arm r/3/1/gate/1 at 106000", "ask approval r/3/gate/1"])
        #expect(world.fire("r/3/1/gate/0").disposition == .stale)
        let expired = world.fire("r/3/1/gate/1")
        #expect(
            expired.events.prefix(3) == [
                "timer.fired r/3/1/gate/1", "gate.expired r/3/gate/1", "step.failed 3",
            ])
        #expect(world.run?.step(3)?.failure?.category == .gateExpired)
        #expect(world.refused(.gateAnswer(ask, .approve)) == .rejected(.staleTicket))
    }

    @Test func `C24 the expiry of a confirmation begins when the run goes on, and is a skip`() {
        var world = World()
        world.open(.coding { template in template.gates = Template.Gate(timeout: 10_000) })
        world.complete("r/2/1", calls: [.once("a", "deploy"), .gated("b", "deploy")])
        world.time = 2_000
        world.send(.interrupt("r", reason: "x"))
        world.time = 4_000
        #expect(world.cancelAnswer("r/3/1").deeds.last == "ask confirmation r/3/gate/1")
        #expect(world.run?.timers == [])
        #expect(
            world.run?.step(3)?.question?.expires == 12_000, "as of the interrupt: from then it stands still")
        world.time = 50_000
        world.send(.gateAnswer(ask, .rerun))
        world.send(.resume("r", .interruption("r", 1)))
        #expect(
            world.run?.timers.last.map { timer in "\(timer.id) at \(timer.at)" } == "r/4/1/gate/1 at 59000")

        var crashed = confirmation(Template.Gate(timeout: 10_000))
        #expect(
            crashed.run?.timers.map { timer in "\(timer.id) at \(timer.at)" } == ["r/3/1/gate/0 at 11000"])
        #expect(crashed.fire("r/3/1/gate/0").events[1...2] == ["gate.expired r/3/gate/1", "step.failed 3"])
        #expect(crashed.run?.step(3)?.failure?.category == .outcomeUnknown)
    }

    @Test func `C4 an interrupt at a gate or in back-off takes effect at once`() {
        var gated = approval()
        #expect(
            gated.send(.interrupt("r", reason: "x")).lines == [
                "publish run.stopping", "publish run.interrupted",
            ])
        #expect(gated.run?.interruption?.inFlight == .gate && gated.run?.gates.count == 1)
        var waiting = World()
        waiting.open()
        waiting.fail("r/2/1", .transport)
        #expect(
            waiting.send(.interrupt("r", reason: "x")).lines == [
                "publish run.stopping", "publish run.interrupted", "disarm r/2/1/backoff/0",
            ])
        #expect(waiting.run?.interruption?.inFlight == .timer)
        #expect(waiting.run?.step(2)?.due == 1_100, "an instant, kept over the interruption")
        waiting.time = 9_000
        #expect(waiting.send(.resume("r", .interruption("r", 1))).deeds == ["arm r/2/1/backoff/1 at 1100"])
        #expect(waiting.fire("r/2/1/backoff/1").deeds.last == "start r/2/2 code_generation")
        #expect(waiting.run?.step(2)?.tries == 1)
    }

    @Test func `an approval: approve starts, deny is handed on, and each ticket counts once`() {
        var approved = approval()
        #expect(
            approved.send(.gateAnswer(ask, .approve)).deeds == [
                "withdraw r/3/gate/1", "arm r/3/1/attempt/0 at 31000", "start r/3/1 deploy",
            ])
        #expect(approved.refused(.gateAnswer(ask, .deny(message: "x"))) == .rejected(.staleTicket))
        var denied = approval()
        let answer = denied.send(.gateAnswer(ask, .deny(message: "too late")))
        #expect(answer.events.prefix(2) == ["gate.denied r/3/gate/1", "step.failed 3"])
        #expect(answer.deeds.last == "start r/4/1 code_generation")
        #expect(denied.run?.step(3)?.failure?.category == .gateDenied)
        #expect(denied.run?.step(3)?.failure?.message == "operator:ada denied it: too late")
        for kind: Run.Gate.Answer in [.rerun, .skip, .supply(1), .failRun] {
            var world = approval()
            #expect(world.refused(.gateAnswer(ask, kind)) == .rejected(.payloadInvalid))
        }
    }

    @Test func `a confirmation: rerun, skip, supply and fail`() throws {
        var rerun = confirmation()
        let again = rerun.send(.gateAnswer(ask, .rerun))
        #expect(again.deeds.last == "start r/3/2 deploy")
        guard case .startExecution(let execution)? = again.directives.last else { throw Missing() }
        #expect(execution.idempotencyKey == "r/3" && rerun.run?.step(3)?.recoveries == 0)
        #expect(rerun.refused(.completed(rerun.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        var skipped = confirmation()
        #expect(
            skipped.send(.gateAnswer(ask, .skip)).events.prefix(2) == [
                "gate.denied r/3/gate/1", "step.failed 3",
            ])
        #expect(skipped.run?.step(3)?.failure?.category == .outcomeUnknown)
        var supplied = confirmation()
        #expect(
            supplied.send(.gateAnswer(ask, .supply(["url": "x"]))).events.prefix(2) == [
                "gate.approved r/3/gate/1", "step.completed 3",
            ])
        #expect(supplied.run?.step(3)?.result?.output == ["url": "x"])
        #expect(supplied.run?.step(4)?.reason == .continueAfterTools)
        var failed = confirmation()
        #expect(
            failed.send(.gateAnswer(ask, .failRun)).events == [
                "gate.denied r/3/gate/1", "step.failed 3", "run.stopping", "run.failed",
            ])
        #expect(failed.conversation.finished.last?.failure?.category == .outcomeUnknown)
        for kind: Run.Gate.Answer in [.approve, .deny(message: "")] {
            var world = confirmation()
            #expect(world.refused(.gateAnswer(ask, kind)) == .rejected(.payloadInvalid))
        }
    }

    @Test func `failing the run at a gate cancels what is open, also while the run is being interrupted`() {
        for interrupts in [false, true] {
            var world = World()
            world.open()
            world.complete("r/2/1", calls: [.once("a", "deploy"), .safe("b", "read_file")])
            world.send(.restarted)
            if interrupts { world.send(.interrupt("r", reason: "x")) }
            let failed = world.send(.gateAnswer(ask, .failRun))
            #expect(failed.deeds.contains("cancel r/4/2") == !interrupts)
            #expect(world.run?.stop?.kind == .fail)
            #expect(world.complete("r/4/2").events.last == "run.failed")
        }
    }

    @Test func `a gate that is withdrawn by a stop, an expiry or evidence takes no answer`() {
        var canceled = approval()
        #expect(
            canceled.send(.cancel("r", reason: "x")).lines == [
                "publish run.stopping", "publish gate.withdrawn r/3/gate/1", "publish step.canceled 3",
                "publish run.canceled", "withdraw r/3/gate/1",
            ])
        #expect(canceled.refused(.gateAnswer(ask, .approve)) == .rejected(.runTerminal))
        var proven = confirmation()
        #expect(
            proven.complete("r/3/1", "deployed").events.prefix(2) == [
                "gate.withdrawn r/3/gate/1", "step.completed 3",
            ])
        #expect(proven.refused(.gateAnswer(ask, .rerun)) == .rejected(.staleTicket))
        #expect(proven.refused(.gateAnswer(.gate("r", ordinal: 3, 2), .rerun)) == .rejected(.staleTicket))
        #expect(proven.refused(.gateAnswer(.interruption("r", 1), .rerun)) == .rejected(.staleTicket))
        #expect(proven.refused(.gateAnswer(.gate("none", ordinal: 3, 1), .rerun)) == .rejected(.gateNotFound))
    }

    @Test func `nobody is asked in an unattended run: approvals are denied, confirmations skipped`() {
        let world = approval(isUnattended: true)
        #expect(world.run?.step(3)?.failure?.category == .gateDenied && world.run?.gates.isEmpty == true)
        var asked = World(.running, isUnattended: true)
        #expect(asked.run?.step(4)?.status == .failed)
        let policy = Run.Decision(.ask, rule: "x")
        #expect(
            asked.send(.policyDecided(asked.execution("r/3/1"), policy)).events.prefix(3) == [
                "policy.decided r/3/1", "tool.canceled r/3/1", "step.failed 3",
            ])
        #expect(asked.run?.step(3)?.failure?.category == .gateDenied)
        var crashed = World()
        let request = Run.Request("Fix it.", isUnattended: true)
        crashed.send(.userMessage(request), id: "r")
        crashed.complete("r/2/1", calls: [.once("a", "deploy")])
        #expect(crashed.send(.restarted).deeds.last == "start r/4/1 code_generation")
        #expect(crashed.run?.step(3)?.failure?.category == .outcomeUnknown)
    }
}
