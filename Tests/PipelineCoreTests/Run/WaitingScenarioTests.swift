import PipelineCore
import PipelineTesting
import Testing

/// Executions that are allowed and wait for room in the gateway.
struct WaitingScenarioTests {
    private static let waits = Run.Decision(.allow, rule: "all", waitsBehind: 64)

    /// A run whose one call, which may not be repeated, waits for room.
    private func world(_ call: Run.Call = .once("1", "deploy")) -> World {
        var world = World()
        world.open()
        world.complete("r/2/1", "Look.", calls: [call])
        world.send(.policyDecided(world.execution("r/3/1"), Self.waits))
        return world
    }

    @Test(.bothModes) func `an execution that waits for room says so, and its time does not run`() {
        var world = World()
        world.open()
        world.complete("r/2/1", "Look.", calls: [.once("1", "deploy")])
        let waiting = world.send(.policyDecided(world.execution("r/3/1"), Self.waits))
        #expect(
            waiting.lines == [
                "publish policy.decided r/3/1", "publish limit.reached", "publish degraded r/3/1",
                "disarm r/3/1/attempt/0",
            ])
        #expect(world.run?.blockers == [.capacity(world.execution("r/3/1"), since: world.time)])
        world.time += 7_000
        let begun = world.send(.started(world.execution("r/3/1")))
        #expect(
            begun.lines == [
                "publish tool.started r/3/1", "arm r/3/1/attempt/0 at \(world.time + 30_000)",
            ])
        let waited = begun.directives.compactMap { directive -> Run.Milliseconds? in
            guard case .publish(let event) = directive, case .execution(_, let change) = event.kind else {
                return nil
            }
            return change.waited
        }
        #expect(waited == [7_000])
        #expect(world.run?.blockers == [.execution(world.execution("r/3/1"), until: world.time + 30_000)])
    }

    @Test(.bothModes)
    func `what waited when its process died had not begun: it starts again, and nobody is asked`() {
        var world = world()
        let taken = world.send(.restarted)
        #expect(taken.deeds == ["arm r/3/2/attempt/0 at 31000", "start r/3/2 deploy"])
        #expect(taken.events.contains("tool.canceled r/3/1"))
        let step = world.run?.step(3)
        #expect(step?.tries == 0 && step?.recoveries == 0 && step?.question == nil)
    }

    @Test(.bothModes) func `what had begun when its process died is unknown, also when it waited before`() {
        var world = world()
        world.send(.started(world.execution("r/3/1")))
        world.send(.restarted)
        #expect(world.run?.step(3)?.status == .unknown)
        #expect(world.run?.gates.map(\.kind) == [.confirmation])
    }

    @Test(.bothModes) func `a crash while what waits is being ended ends it as it should end`() {
        var canceled = world()
        canceled.send(.cancelStep("r", ordinal: 3, reason: "no"))
        canceled.send(.restarted)
        #expect(canceled.run?.step(3)?.status == .canceled)

        var interrupted = world()
        interrupted.send(.interrupt("r", reason: "lunch"))
        interrupted.send(.restarted)
        #expect(interrupted.run?.status == .interrupted && interrupted.run?.step(3)?.status == .ready)
        #expect(interrupted.run?.gates == [])

        var stopped = world()
        stopped.send(.cancel("r", reason: "enough"))
        stopped.send(.restarted)
        #expect(stopped.conversation.finished.last?.status == .canceled)
    }

    @Test(.bothModes) func `what waits can be told to end, and then only its grace runs`() {
        var world = world()
        let told = world.send(.interrupt("r", reason: "lunch"))
        #expect(told.deeds == ["cancel r/3/1", "arm r/3/1/grace/0 at 6000"])
        world.cancelAnswer("r/3/1", effectBegan: false)
        #expect(world.run?.step(3)?.status == .ready)
    }

    @Test(.bothModes) func `what a canceled execution has used counts`() {
        var world = world()
        world.send(.interrupt("r", reason: "lunch"))
        let usage = Run.Usage(tokensIn: 3, tokensOut: 4, cost: 5)
        world.send(.canceled(world.execution("r/3/1"), Run.Cancellation(effectBegan: true, usage: usage)))
        #expect(world.run?.spent.usage == usage)
    }

    @Test(.bothModes)
    func `a call that cannot be made as it was written fails at once, and the model is told why`() {
        var world = World()
        world.open()
        let defect = Run.Failure(.validation, "The arguments are no JSON.")
        let broken = Run.Call(id: "2", name: "deploy", arguments: "{", defect: defect)
        let effect = world.complete("r/2/1", "Look.", calls: [.safe("1", "look"), broken])
        #expect(effect.deeds.filter { deed in deed.hasPrefix("start") } == ["start r/3/1 look"])
        #expect(world.run?.step(4)?.failure?.message == "The arguments are no JSON.")
        world.complete("r/3/1", "seen")
        #expect(world.steps.last == "5 llm open 1")
    }
}
