import PipelineCore
import Testing

/// Each limit that a run comes to is told to subscribers, with what was measured and what is allowed.
struct LimitEventTests {
    private func limits(_ world: World) -> [Run.Event.Limit] {
        world.directives.compactMap { directive in
            if case .publish(let event) = directive, case .limitReached(_, let limit) = event.kind {
                limit
            } else {
                nil
            }
        }
    }

    @Test func `the time of a run`() {
        var world = World()
        world.open(.coding { template in template.limits.wall = 500 })
        world.fire("r/0/0/run/0")
        #expect(limits(world) == [Run.Event.Limit(name: .wall, used: 500, allowed: 500, refused: [])])
    }

    @Test func `a call that fails again and again`() {
        var world = World()
        world.open()
        for turn in 0..<5 {
            world.complete("r/\(2 * turn + 2)/1", calls: [.once("a", "deploy")])
            world.fail("r/\(2 * turn + 3)/1", .auth)
        }
        #expect(world.conversation.finished.last?.failure?.code == "loopDetected")
        #expect(limits(world) == [Run.Event.Limit(name: .loops, used: 5, allowed: 5, refused: [])])
    }

    @Test func `a step of the template that is taken too often`() {
        var template = Template.coding
        template.steps[1].most = 1
        template.steps[1].onFailure = "code"
        var world = World()
        world.open(template)
        world.fail("r/2/1", .auth)
        #expect(limits(world).map { limit in limit.name } == [.visits])
        #expect(world.conversation.finished.last?.status == .failed)
    }

    @Test func `more calls in one answer than are carried out, and far more`() {
        var world = World()
        world.open(.coding { template in template.callsPerAnswer = 1 })
        world.complete("r/2/1", calls: [.safe("a", "look"), .safe("b", "read"), .safe("c", "list")])
        #expect(
            limits(world) == [
                Run.Event.Limit(name: .callsPerAnswer, used: 3, allowed: 1, refused: ["read", "list"])
            ])
        var other = World()
        other.open(.coding { template in template.callsPerAnswer = 1 })
        other.complete("r/2/1", calls: (0..<5).map { number in .safe("\(number)", "look") })
        #expect(limits(other) == [Run.Event.Limit(name: .callsPerAnswer, used: 5, allowed: 1, refused: [])])
    }

    @Test func `G11 each of several people who agree is told, and only the last one decides the gate`() {
        var world = World()
        world.open(.coding { template in template.gates.approvers = 2 })
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.policyDecided(world.execution("r/3/1"), Run.Decision(.ask, rule: "x")))
        let ticket = Run.Ticket.gate("r", ordinal: 3, 1)
        let first = world.send(.gateAnswer(ticket, .approve), by: .operator("ada"))
        #expect(first.events.map { line in line.split(separator: " ")[0] } == ["gate.agreed"])
        let second = world.send(.gateAnswer(ticket, .approve), by: .operator("grace"))
        #expect(second.events.first?.hasPrefix("gate.approved") == true)
    }
}
