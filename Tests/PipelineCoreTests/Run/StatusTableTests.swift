import PipelineCore
import Testing

/// The transition table of a run's status: each cell, legal or not, tried with the signal that would bring it about.
struct StatusTableTests {
    /// Run `r`, with its strategy in flight where it has begun.
    private func world(_ status: Run.Status) -> World {
        var world = World()
        if status == .pending { world.send(.userMessage(Run.Request("First.")), id: "q") }
        world.open()
        if status != .pending, status != .running { strive(for: status, in: &world) }
        return world
    }

    /// Does everything that leads to this status from one from which it can be reached.
    private func strive(for status: Run.Status, in world: inout World) {
        switch status {
        case .pending: world.send(.userMessage(Run.Request("Fix it.")), id: "r")
        case .running:
            world.send(.resume("r", .interruption("r", 1)))
            if world.status(of: "q") != nil { world.complete("q/2/1") }
        case .interrupted:
            world.send(.interrupt("r", reason: "x"))
            world.cancelAnswer("r/2/1")
        case .completed: world.complete("r/2/1")
        case .failed: world.fail("r/2/1", .auth)
        case .canceled:
            world.send(.cancel("r", reason: "x"))
            world.cancelAnswer("r/2/1")
        }
    }

    private static let all: [Run.Status] = [
        .pending, .running, .interrupted, .completed, .failed, .canceled,
    ]

    // From pending to failed, and from interrupted to failed or completed, a run goes by way of others in one signal.
    private static let legal: [Run.Status: Set<Run.Status>] = [
        .pending: [.running, .canceled], .running: [.interrupted, .completed, .failed, .canceled],
        .interrupted: [.running, .canceled],
    ]

    @Test(arguments: all) func `R2 every cell of the transition table`(from: Run.Status) {
        for to in StatusTableTests.all {
            var world = world(from)
            #expect(world.status(of: "r") == from)
            strive(for: to, in: &world)
            let isLegal = StatusTableTests.legal[from]?.contains(to) ?? false
            #expect(world.status(of: "r") == (isLegal ? to : from), "\(from) to \(to)")
        }
    }

    @Test func `R2 an interrupted run fails by an answer, or goes by running to its end in one signal`() {
        var failing = World()
        failing.open()
        failing.complete("r/2/1", calls: [.once("a", "deploy")])
        failing.send(.interrupt("r", reason: "x"))
        failing.cancelAnswer("r/3/1")
        let failed = failing.send(.gateAnswer(.gate("r", ordinal: 3, 1), .failRun))
        #expect(
            failed.events == ["gate.denied r/3/gate/1", "step.failed 3", "run.stopping", "run.failed"])
        #expect(failing.status(of: "r") == .failed)

        var ending = World()
        ending.open()
        ending.send(.interrupt("r", reason: "x"))
        ending.complete("r/2/1", " ")
        let resumed = ending.send(.resume("r", .interruption("r", 1)))
        #expect(resumed.events == ["run.resumed", "run.stopping", "run.failed"])
    }

    @Test func `R2 a pending run that cannot begin fails by way of running`() {
        var world = World()
        world.send(.userMessage(Run.Request("First.")), id: "q")
        let gate = Template.of([Template.Step("ask", .gate(Template.Gate("May I?")))])
        world.send(.userMessage(Run.Request("Fix it.", template: gate, isUnattended: true)), id: "r")
        let ended = world.complete("q/2/1")
        #expect(
            ended.events.suffix(6) == [
                "user.message", "run.started", "step.ready 1", "step.failed 1", "run.stopping", "run.failed",
            ])
        #expect(world.conversation.finished.last?.failure?.category == .gateDenied)
    }
}
