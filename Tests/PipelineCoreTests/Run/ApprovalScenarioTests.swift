import PipelineCore
import Testing

/// Approvals with edited arguments, and those that several people must give.
struct ApprovalScenarioTests {
    private let ask = Run.Ticket.gate("r", ordinal: 3, 1)

    private func world(approvers: Int = 1) -> World {
        var world = World()
        world.open(.coding { template in template.gates.approvers = approvers })
        world.complete("r/2/1", calls: [.gated("a", "deploy")])
        return world
    }

    @Test func `an approval with edited arguments starts with these, for all attempts`() throws {
        var world = world()
        for arguments: JSON in ["text", [1], .null] {
            #expect(
                world.refused(.gateAnswer(ask, .approve(arguments: arguments))) == .rejected(.payloadInvalid))
        }
        let edited: JSON = ["for": "b"]
        let started = world.send(.gateAnswer(ask, .approve(arguments: edited)))
        guard case .startExecution(let execution)? = started.directives.last else { throw Missing() }
        #expect(execution.arguments == edited)
        #expect(execution.approval == world.run?.step(3)?.approval)
        world.send(.interrupt("r", reason: "x"))
        world.cancelAnswer("r/3/1", effectBegan: false)
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        guard case .startExecution(let again)? = resumed.directives.last else { throw Missing() }
        #expect(again.id == world.execution("r/3/2"))
        #expect(again.arguments == edited && again.approval == execution.approval)
    }

    @Test func `two people must agree: each once, and one no is enough`() {
        var world = world(approvers: 2)
        let first = world.send(.gateAnswer(ask, .approve), by: .operator("ada"))
        #expect(first.disposition == .applied && first.deeds.isEmpty)
        #expect(world.refused(.gateAnswer(ask, .approve), by: .operator("ada")) == .unchanged)
        #expect(world.run?.step(3)?.status == .gate)
        let second = world.send(.gateAnswer(ask, .approve), by: .operator("bob"))
        #expect(second.deeds.last == "start r/3/1 deploy")
        #expect(world.run?.step(3)?.approval?.by == [.operator("ada"), .operator("bob")])

        var denied = self.world(approvers: 2)
        denied.send(.gateAnswer(ask, .approve), by: .operator("ada"))
        denied.send(.gateAnswer(ask, .deny(message: "")), by: .operator("bob"))
        #expect(denied.run?.step(3)?.failure?.category == .gateDenied)
    }

    @Test func `whoever edits the arguments has agreed alone`() {
        var world = world(approvers: 2)
        world.send(.gateAnswer(ask, .approve), by: .operator("ada"))
        let edited = Run.Gate.Answer.approve(arguments: ["for": "b"])
        #expect(
            world.send(.gateAnswer(ask, edited), by: .operator("bob")).deeds.last == "ask approval r/3/gate/1"
        )
        #expect(world.run?.gates.first?.arguments == ["for": "b"])
        #expect(world.run?.step(3)?.question?.agreed == [.operator("bob")])
        #expect(world.refused(.gateAnswer(ask, edited), by: .operator("bob")) == .unchanged)
        #expect(
            world.send(.gateAnswer(ask, .approve), by: .operator("ada")).deeds.last == "start r/3/1 deploy")
        #expect(world.run?.step(3)?.approval?.by == [.operator("bob"), .operator("ada")])
    }

    @Test func `what some have said stays said over an interruption and a crash`() {
        var world = world(approvers: 2)
        world.send(.gateAnswer(ask, .approve), by: .operator("ada"))
        world.send(.interrupt("r", reason: "x"))
        world.send(.restarted)
        world.send(.resume("r", .interruption("r", 1)))
        #expect(
            world.send(.gateAnswer(ask, .approve), by: .operator("bob")).deeds.last == "start r/3/1 deploy")
    }

    @Test func `only the operators of a run may answer its gates and control it`() {
        var world = World()
        world.send(.userMessage(Run.Request("Fix it.", operators: ["ada"])), id: "r")
        world.complete("r/2/1", calls: [.gated("a", "deploy")])
        let controls: [Run.Signal.Kind] = [
            .gateAnswer(ask, .approve), .interrupt("r", reason: "x"), .cancel("r", reason: "x"),
            .cancelStep("r", ordinal: 3, reason: "x"), .withdraw("r", reason: "x"),
            .cancelConversation(reason: "x"), .switchMode(Run.ModeSwitch(to: .current, isForced: true)),
        ]
        for control in controls {
            #expect(world.refused(control, by: .operator("bob")) == .rejected(.unauthorized))
            #expect(world.refused(control, by: .host) == .rejected(.unauthorized))
        }
        // A request concerns no run yet, and whoever closes the engine may stop what runs in it.
        #expect(world.send(.userMessage(Run.Request("More.")), by: .operator("bob")).disposition == .applied)
        #expect(world.send(.gateAnswer(ask, .approve), by: .operator("ada")).disposition == .applied)
        #expect(world.send(.interrupt("r", reason: "x"), by: .engine).disposition == .applied)
    }

    @Test func `C16 an interrupt by somebody else is turned away and audited`() {
        var world = World()
        world.send(.userMessage(Run.Request("Fix it.", operators: ["ada"])), id: "r")
        let before = world.bytes
        let turned = world.send(.interrupt("r", reason: "x"), id: "try", by: .operator("bob"))
        #expect(turned.disposition == .rejected(.unauthorized))
        guard case .publish(let event)? = turned.directives.first else { return #expect(Bool(false)) }
        #expect(event.kind == .request("run.interrupt", .rejected(.unauthorized)) && event.cause == "try")
        #expect(world.bytes == before && turned.directives.count == 1)
    }

    @Test func `a strategy may need approval too, and a no fails the run`() {
        var world = World()
        world.open()
        let ask = Run.Decision(.ask, rule: "models", reason: "costly")
        world.send(.policyDecided(world.execution("r/2/1"), ask))
        #expect(world.run?.gates.first?.reason == "costly" && world.run?.step(2)?.tries == 0)
        #expect(
            world.refused(
                .gateAnswer(.gate("r", ordinal: 2, 1), .approve(arguments: ["x": 1])))
                == .rejected(.payloadInvalid))
        var denied = world
        #expect(
            denied.send(.gateAnswer(.gate("r", ordinal: 2, 1), .deny(message: "x"))).events.last
                == "run.failed")
        let approved = world.send(.gateAnswer(.gate("r", ordinal: 2, 1), .approve))
        #expect(approved.deeds.last == "start r/2/2 code_generation")
    }
}
