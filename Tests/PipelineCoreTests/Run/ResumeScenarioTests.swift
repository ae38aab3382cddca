import PipelineCore
import Testing

/// Each way in which a resume is turned down, in the order of the checks, and what it takes with it.
struct ResumeScenarioTests {
    /// Run `r` is interrupted, step 3 waits for a person's confirmation.
    private func asked(_ template: Template = .coding) -> World {
        var world = World()
        world.open(template)
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/3/1")
        return world
    }

    private let first = Run.Ticket.interruption("r", 1)
    private var foreign: Run.Resumption { Run.Resumption(template: Template.planning.reference) }

    @Test func `C6 unauthorized`() {
        var world = World()
        world.send(.userMessage(Run.Request("Do it.", operators: ["ada"])), id: "r")
        world.send(.interrupt("r", reason: "x"), by: .operator("ada"))
        world.cancelAnswer("r/2/1")
        for actor in [Run.Actor.host, .runner, .timer, .engine, .operator("bob")] {
            #expect(world.refused(.resume("r", first), by: actor) == .rejected(.unauthorized), "\(actor)")
        }
        #expect(world.send(.resume("r", first), by: .operator("ada")).disposition == .applied)
    }

    @Test func `C6 only an operator may answer gates with a resume`() {
        var world = asked()
        let replies = Run.Resumption(replies: [Run.Gate.Reply(.gate("r", ordinal: 3, 1), .rerun)])
        #expect(world.refused(.resume("r", first, replies), by: .host) == .rejected(.unauthorized))
        #expect(world.send(.resume("r", first, replies), by: .operator("ada")).disposition == .applied)
    }

    @Test func `C6 conversationCanceled`() {
        var world = asked()
        world.send(.cancelConversation(reason: "x"))
        #expect(world.refused(.resume("r", first)) == .rejected(.conversationCanceled))
        #expect(world.refused(.resume("none", first)) == .rejected(.conversationCanceled))
    }

    @Test func `C6 runNotFound`() {
        var world = asked()
        #expect(world.refused(.resume("none", first)) == .rejected(.runNotFound))
        #expect(world.refused(.resume("none", first, foreign)) == .rejected(.runNotFound))
    }

    @Test func `C6 runTerminal`() {
        var world = World(.ended)
        #expect(world.refused(.resume("r", first, foreign)) == .rejected(.runTerminal))
    }

    @Test(arguments: [Phase.stoppingToInterrupt, .stoppingToFail, .stoppingToCancel])
    func `C6 stillStopping`(phase: Phase) {
        var world = World(phase)
        #expect(world.refused(.resume("r", first, foreign)) == .rejected(.stillStopping))
    }

    @Test func `C6 notInterrupted`() {
        var world = World(.running)
        #expect(world.refused(.resume("r", first, foreign)) == .rejected(.notInterrupted))
        var pending = World(.pending)
        #expect(pending.refused(.resume("r", first, foreign)) == .rejected(.notInterrupted))
    }

    @Test func `C6 gateUnresolved`() {
        var world = World(.running)
        world.complete("r/3/1")
        #expect(world.refused(.resume("r", first)) == .rejected(.gateUnresolved))
    }

    @Test func `C6 staleTicket`() {
        var world = asked()
        for ticket: Run.Ticket in [
            .interruption("r", 0), .interruption("r", 2), .gate("r", ordinal: 3, 1), .interruption("q", 1),
        ] {
            #expect(world.refused(.resume("r", ticket, foreign)) == .rejected(.staleTicket), "\(ticket)")
        }
    }

    @Test func `C6 snapshotIncompatible`() {
        var world = asked()
        var resumption = foreign
        resumption.format = Conversation.format + 1
        #expect(world.refused(.resume("r", first, resumption)) == .rejected(.snapshotIncompatible))
        resumption = Run.Resumption(format: Conversation.format)
        #expect(world.refused(.resume("r", first, resumption)) == .rejected(.confirmationRequired))
    }

    @Test func `C6 templateMismatch`() {
        var world = asked()
        #expect(world.refused(.resume("r", first, foreign)) == .rejected(.templateMismatch))
        let changed = Template.coding { template in template.concurrency = 2 }
        let same = Run.Resumption(template: changed.reference)
        #expect(world.refused(.resume("r", first, same)) == .rejected(.templateMismatch))
    }

    @Test func `C6 anotherRunActive comes after ticket, form and definition, and before the questions`() {
        var world = asked()
        world.send(.userMessage(Run.Request("Other.")), id: "q")
        #expect(world.refused(.resume("r", .interruption("r", 7))) == .rejected(.staleTicket))
        let newer = Run.Resumption(format: Conversation.format + 1)
        #expect(world.refused(.resume("r", first, newer)) == .rejected(.snapshotIncompatible))
        #expect(world.refused(.resume("r", first, foreign)) == .rejected(.templateMismatch))
        #expect(world.refused(.resume("r", first)) == .rejected(.anotherRunActive))
        #expect(world.refused(.resume("r", first, .raising(steps: 1))) == .rejected(.anotherRunActive))
    }

    @Test func `C6 confirmationRequired`() {
        var world = asked()
        #expect(world.refused(.resume("r", first)) == .rejected(.confirmationRequired))
        #expect(world.refused(.resume("r", first, .raising(steps: 1))) == .rejected(.confirmationRequired))
        let wrong = Run.Resumption(replies: [Run.Gate.Reply(.gate("r", ordinal: 3, 2), .rerun)])
        #expect(
            world.refused(.resume("r", first, wrong), by: .operator("ada"))
                == .rejected(.confirmationRequired))
    }

    @Test func `C6 payloadInvalid, and then no answer of the resume counts`() {
        var world = asked()
        let ticket = Run.Ticket.gate("r", ordinal: 3, 1)
        let deep = (0..<200).reduce(JSON.null) { inner, _ in .array([inner]) }
        for replies: [Run.Gate.Reply] in [
            [Run.Gate.Reply(ticket, .approve)], [Run.Gate.Reply(ticket, .rerun), .init(ticket, .rerun)],
            [Run.Gate.Reply(ticket, .skip), .init(.gate("r", ordinal: 2, 1), .skip)],
            [Run.Gate.Reply(ticket, .supply(deep))],
        ] {
            let resumption = Run.Resumption(replies: replies)
            #expect(
                world.refused(.resume("r", first, resumption), by: .operator("ada"))
                    == .rejected(.payloadInvalid))
        }
        let lower = Run.Resumption(raise: Run.Raise(steps: 1), replies: [Run.Gate.Reply(ticket, .rerun)])
        #expect(
            world.refused(.resume("r", first, lower), by: .operator("ada")) == .rejected(.payloadInvalid))
    }

    @Test func `C6 budgetExhausted`() {
        var world = asked(.coding { template in template.limits.attempts = 2 })
        let replies = [Run.Gate.Reply(.gate("r", ordinal: 3, 1), .rerun)]
        let operatorAda = Run.Actor.operator("ada")
        #expect(
            world.refused(.resume("r", first, Run.Resumption(replies: replies)), by: operatorAda)
                == .rejected(.budgetExhausted))
        let raised = Run.Resumption(raise: Run.Raise(attempts: 3), replies: replies)
        #expect(
            world.send(.resume("r", first, raised), by: operatorAda).deeds.suffix(2)
                == ["arm r/3/2/attempt/1 at 31000", "start r/3/2 deploy"])
    }

    @Test func `C6 a raise never sets a limit where there is none`() {
        var world = World()
        world.open()
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/2/1")
        for raise in [Run.Raise(attempts: 100), Run.Raise(tokens: 100), Run.Raise(cost: 100)] {
            #expect(
                world.refused(.resume("r", first, Run.Resumption(raise: raise)))
                    == .rejected(.payloadInvalid))
        }
    }

    @Test func `C3 a question that a resume answers is withdrawn, every other one is asked again`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy"), .gated("b", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/3/1")
        let replies = Run.Resumption(replies: [Run.Gate.Reply(.gate("r", ordinal: 3, 1), .rerun)])
        let resumed = world.send(.resume("r", first, replies), by: .operator("ada"))
        #expect(
            resumed.lines == [
                "publish gate.approved r/3/gate/1", "publish run.resumed", "publish tool.requested r/3/2",
                "publish gate.opened r/4/gate/1", "withdraw r/3/gate/1", "arm r/3/2/attempt/1 at 31000",
                "ask approval r/4/gate/1", "start r/3/2 deploy",
            ])
    }

    @Test func `C3 a resume whose answer fails the run withdraws what was asked and asks nothing`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy"), .gated("b", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/3/1")
        let replies = Run.Resumption(replies: [Run.Gate.Reply(.gate("r", ordinal: 3, 1), .failRun)])
        let failed = world.send(.resume("r", first, replies), by: .operator("ada"))
        #expect(failed.deeds == ["withdraw r/3/gate/1", "withdraw r/4/gate/1"])
        #expect(
            failed.events == [
                "gate.denied r/3/gate/1", "step.failed 3", "run.stopping", "gate.withdrawn r/4/gate/1",
                "step.canceled 4", "run.failed",
            ])
        #expect(world.conversation.finished.last?.failure?.category == .outcomeUnknown)
    }
}
