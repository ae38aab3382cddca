import PipelineCore
import PipelineTesting
import Testing

/// What the reducer says of child runs: which one an attempt goes on with, and which one is left behind.
struct ChildScenarioTests {
    private func world(restartable: Bool = false) -> World {
        var world = World()
        world.open()
        let call = Run.Call(
            id: "1", name: "workflow.run.sub", arguments: ["task": "x"], isIdempotent: restartable)
        world.complete("r/2/1", "Look.", calls: [call])
        return world
    }

    private func continued(_ effect: World.Effect) -> [Run.ID?] {
        effect.directives.compactMap { directive in
            if case .startExecution(let execution) = directive { .some(execution.continues) } else { nil }
        }
    }

    @Test(.bothModes) func `a workflow that was cut off goes on with its child run`() {
        var world = world()
        world.send(.started(world.execution("r/3/1")))
        #expect(continued(world.send(.restarted)) == ["r/3/1"])
        // A second crash changes nothing about that: the child is still the first one.
        #expect(continued(world.send(.restarted)) == ["r/3/1"])
        let done = world.complete("r/3/3", "dug")
        #expect(!done.lines.contains { line in line.hasPrefix("cancel child") })
        #expect(world.run?.step(3)?.status == .completed && world.run?.step(3)?.child == nil)
    }

    @Test(.bothModes) func `a child that was left interrupted is resumed with its parent`() {
        var world = world()
        world.send(.interrupt("r", reason: "lunch"))
        let canceled = Run.Cancellation(effectBegan: true, continues: "r/3/1")
        world.send(.canceled(world.execution("r/3/1"), canceled))
        #expect(world.run?.step(3)?.status == .ready && world.run?.step(3)?.child == "r/3/1")
        #expect(continued(world.send(.resume("r", .interruption("r", 1)))) == ["r/3/1"])
    }

    @Test(.bothModes) func `a child that nobody needs any more is canceled, once`() {
        var world = world()
        world.send(.interrupt("r", reason: "lunch"))
        let canceled = Run.Cancellation(effectBegan: true, continues: "r/3/1")
        world.send(.canceled(world.execution("r/3/1"), canceled))
        let ended = world.send(.cancel("r", reason: "enough"))
        #expect(ended.deeds == ["cancel child r/3/1"])
        #expect(world.send(.restarted).deeds.isEmpty)
    }

    @Test(.bothModes) func `a workflow that did not end in time leaves its child behind`() {
        var world = world()
        world.send(.cancel("r", reason: "enough"))
        let abandoned = world.fire("r/3/1/grace/0")
        #expect(abandoned.deeds.contains("cancel child r/3/1"))
        #expect(world.conversation.finished.last?.status == .canceled)
    }

    @Test(.bothModes) func `a workflow that fails is tried again with a child of its own, where it may be`() {
        var world = world(restartable: true)
        world.fail("r/3/1", .crashed)
        let again = world.fire("r/3/1/backoff/0")
        #expect(continued(again) == [nil])
    }

    @Test(.bothModes) func `nobody but the engine opens a child run`() {
        var world = World()
        let parent = Run.Parent(execution: world.execution("p/3/1"), depth: 1)
        let request = Run.Request("Dig.", parent: parent)
        for actor in [Run.Actor.host, .operator("ada"), .runner, .timer] {
            #expect(world.refused(.userMessage(request), by: actor) == .rejected(.unauthorized), "\(actor)")
        }
        #expect(world.refused(.userMessage(Run.Request("Dig.")), by: .engine) == .rejected(.unauthorized))
        #expect(world.send(.userMessage(request), id: "p/3/1", by: .engine).disposition == .applied)
        #expect(world.run?.parent == parent)
        #expect(world.send(.cancel("p/3/1", reason: "x"), by: .engine).disposition == .applied)
    }
}
