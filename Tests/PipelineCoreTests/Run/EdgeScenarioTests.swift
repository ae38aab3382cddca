import PipelineCore
import Testing

/// What only a defect that nobody had thought of would show: each of these was found by a mutant that had survived.
struct EdgeScenarioTests {
    @Test func `a policy that asks after the start leaves the outcome unknown when the run is interrupted`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.started(world.execution("r/3/1")))
        world.send(.interrupt("r", reason: "x"))
        let asked = world.send(.policyDecided(world.execution("r/3/1"), Run.Decision(.ask, rule: "x")))
        #expect(asked.deeds.last == "ask confirmation r/3/gate/1")
        #expect(world.steps.last == "3 tool unknown 1")
    }

    @Test func `C11 no evidence counts once a person has ordered a rerun`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.interrupt("r", reason: "x"))
        #expect(world.fire("r/3/1/grace/0").deeds.last == "ask confirmation r/3/gate/1")
        var evident = world
        #expect(evident.complete("r/3/1", "deployed").events.last == "step.completed 3")
        world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .rerun))
        #expect(world.refused(.completed(world.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/3/2 deploy")
    }
}
