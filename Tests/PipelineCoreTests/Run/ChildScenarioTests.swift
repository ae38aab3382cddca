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

    @Test(.bothModes) func `an attempt that never got to the child keeps it, and its failure ends it`() {
        for isCanceled in [true, false] {
            var world = world()
            world.send(.interrupt("r", reason: "lunch"))
            let canceled = Run.Cancellation(effectBegan: true, continues: "r/3/1")
            world.send(.canceled(world.execution("r/3/1"), canceled))
            world.send(.resume("r", .interruption("r", 1)))
            if isCanceled {
                world.send(.interrupt("r", reason: "again"))
                world.send(.canceled(world.execution("r/3/2"), effectBegan: false))
                #expect(world.run?.step(3)?.child == "r/3/1" && world.run?.keeps("r/3/1") == true)
            } else {
                let failed = world.send(
                    .failed(world.execution("r/3/2"), Run.Failure(.policyDenied, "No.")))
                #expect(failed.deeds.contains("cancel child r/3/1"))
                #expect(world.run?.keeps("r/3/1") == false)
            }
        }
    }

    @Test(.bothModes) func `a workflow that was too slow is tried again with another child`() {
        var world = World()
        var template = Template.coding
        template.workflow.startToClose = 1_000
        world.open(template)
        let call = Run.Call(
            id: "1", name: "workflow.run.sub", arguments: ["task": "x"], isIdempotent: true)
        world.complete("r/2/1", "Look.", calls: [call])
        world.send(.started(world.execution("r/3/1")))
        #expect(world.fire("r/3/1/attempt/0").deeds.contains("cancel r/3/1"))
        let canceled = Run.Cancellation(effectBegan: true, continues: "r/3/1")
        let late = world.send(.canceled(world.execution("r/3/1"), canceled))
        #expect(late.deeds.contains("cancel child r/3/1"))
        #expect(continued(world.fire("r/3/1/backoff/0")) == [nil])
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
        let alone = Run.Parent(execution: world.execution("p/3/2"), depth: 1, isAttached: false)
        world.send(.userMessage(Run.Request("Dig.", parent: alone)), id: "p/3/2", by: .engine)
        #expect(
            world.refused(.cancel("p/3/2", reason: "x"), by: .engine) == .rejected(.unauthorized),
            "one that is left alone is not the engine's")
    }
}
