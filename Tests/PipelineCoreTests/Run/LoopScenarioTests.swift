import PipelineCore
import PipelineTesting
import Testing

/// Calls that fail again and again in the same way.
struct LoopScenarioTests {
    /// Lets the strategy ask for one call, and the call end like this; the ordinal of the next strategy.
    private func turn(
        _ world: inout World, _ strategy: Int, _ call: Run.Call, failure: Run.Failure? = nil,
        output: JSON = "ok"
    ) -> World.Effect {
        world.complete("r/\(strategy)/1", calls: [call])
        let id = world.execution("r/\(strategy + 1)/1")
        return world.send(
            failure.map { failure in .failed(id, failure) } ?? .completed(id, Run.Result(output: output)))
    }

    private let broken = Run.Failure(.validation, "no such file")
    private let call = Run.Call(id: "a", name: "command.run.test", arguments: ["x": 1])

    private func begun() -> World {
        var world = World()
        world.open(.coding { template in template.limits.steps = 200 })
        return world
    }

    @Test func `R12 the same failure three times is told, five times fails the run`() {
        var world = begun()
        for time in 1...5 {
            let effect = turn(&world, 2 * time, call, failure: broken)
            let told = effect.events.contains { event in event.hasPrefix("degraded") }
            #expect(told == (time == 3), "time \(time)")
            #expect((effect.events.last == "run.failed") == (time == 5), "time \(time)")
        }
        let failure = world.conversation.finished.last?.failure
        #expect(failure?.category == .limitExceeded && failure?.code == "loopDetected")
    }

    @Test func `R12 a red test, an edit and the test again is no loop`() {
        var world = begun()
        var strategy = 2
        for _ in 1...8 {
            _ = turn(&world, strategy, call, output: ["exitCode": 1])
            _ = turn(&world, strategy + 2, .once("w", "write_file"), output: ["path": "a"])
            strategy += 4
        }
        #expect(world.status(of: "r") == .running)
        #expect(!world.directives.contains { directive in directive.line.contains("degraded") })
    }

    @Test func `R12 a red test without an edit is a loop, also when something is read between`() {
        var world = begun()
        var strategy = 2
        let read = Run.Call(id: "r", name: "read_file", arguments: [:], isReadOnly: true)
        for time in 1...5 {
            let effect = turn(&world, strategy, call, output: ["exitCode": 1])
            guard time < 5 else { return #expect(effect.events.last == "run.failed") }
            _ = turn(&world, strategy + 2, read)
            strategy += 4
        }
    }

    @Test func `R12 other arguments, another failure or another name are no loop`() {
        let variants: [(Run.Call, Run.Failure)] = [
            (call, broken), (Run.Call(id: "a", name: call.name, arguments: ["x": 2]), broken),
            (Run.Call(id: "a", name: "command.run.lint", arguments: ["x": 1]), broken),
            (call, Run.Failure(.validation, "another")), (call, Run.Failure(.config, "no such file")),
        ]
        var world = begun()
        for time in 0..<10 {
            let (call, failure) = variants[time % 5]
            _ = turn(&world, 2 * time + 2, call, failure: failure)
        }
        #expect(!world.directives.contains { directive in directive.line.contains("degraded") })
        #expect(turn(&world, 22, call, failure: broken).events.contains("degraded 23 3"))
    }

    @Test func `R12 a retry within one step counts once`() {
        var world = begun()
        for round in 0..<2 {
            let (strategy, tool) = (2 * round + 2, 2 * round + 3)
            world.complete("r/\(strategy)/1", calls: [.safe("a", "read_file")])
            for attempt in 1...2 {
                world.fail("r/\(tool)/\(attempt)", .transport)
                world.fire("r/\(tool)/\(attempt)/backoff/0")
            }
            #expect(world.fail("r/\(tool)/3", .transport).deeds.last?.hasPrefix("start") == true)
        }
        #expect(!world.directives.contains { directive in directive.line.contains("degraded") })
    }

    @Test func `R12 a round that a limit holds up is counted once, also when it goes on later`() {
        var world = World()
        world.open(.coding { template in template.limits.steps = 2 })
        for time in 1...4 {
            let effect = turn(&world, 2 * time, call, failure: broken)
            #expect(effect.events.last == "run.interrupted")
            let resumed = world.send(
                .resume("r", .interruption("r", time), .raising(steps: 2 * time + 2)))
            #expect(resumed.deeds.last == "start r/\(2 * time + 2)/1 code_generation")
            let told = (effect.events + resumed.events).contains { event in event.hasPrefix("degraded") }
            #expect(told == (time == 3), "time \(time)")
        }
    }
}
