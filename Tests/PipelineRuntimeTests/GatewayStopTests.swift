import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Stops that meet the real gateway: a tool that completes although it was told to end, and one that never begins.
struct GatewayStopTests {
    @Test func `C2 a tool that completes although told is kept, and resume does not run it again`() {
        let (gateway, latch, called) = stubborn()
        let bench = Bench(gateway)
        bench.open()
        #expect(called.entries.count == 1)
        #expect(bench.request(.interrupt("r", reason: "lunch"), id: "stop") == .applied)
        #expect(bench.state()?.active?.stop?.kind == .interrupt)
        latch.open()
        bench.settle()
        let run = bench.state()?.parked.first
        #expect(run?.status == .interrupted && run?.step(3)?.status == .completed)
        #expect(run?.interruption?.inFlight == .tool)
        #expect(bench.request(.resume("r", .interruption("r", 1)), id: "go-on") == .applied)
        #expect(called.entries.count == 1)
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `C10 a result after an accepted cancel is recorded, and nothing follows it`() {
        let (gateway, latch, _) = stubborn()
        let bench = Bench(gateway)
        bench.open()
        #expect(bench.request(.cancel("r", reason: "enough"), id: "stop") == .applied)
        let listener = bench.listen()
        latch.open()
        bench.settle()
        #expect(bench.state()?.finished.last?.status == .canceled)
        #expect(
            listener.types.suffix(3) == [
                "conversation.tool.completed", "conversation.step.completed", "conversation.run.canceled",
            ])
        #expect(!bench.journal.lines.contains { line in line.contains("r/4/1") })
    }

    @Test func `C10 a result after the run is canceled is stale and changes nothing`() {
        let (gateway, latch, _) = stubborn()
        let bench = Bench(gateway)
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")
        bench.advance(by: 5_000)
        let state = bench.state()
        #expect(state?.finished.last?.status == .canceled, "its grace time is over")
        latch.open()
        bench.settle()
        #expect(bench.journal.lines.last?.hasSuffix("execution.completed r/3/1 stale") == true)
        #expect(bench.state() == state)
    }

    @Test(arguments: ["policy.decided", "execution.started"])
    func `a tool that is told to end before its effect is never called`(record: String) {
        let (gateway, _, called) = stubborn()
        let bench = Bench(gateway)
        bench.journal.hold(from: "\(record) r/3/1")
        let message = bench.submit(.message("r"))
        bench.settle()
        #expect(bench.journal.attempts == bench.journal.appends.count + 1)
        _ = bench.submit(.interrupt("r", id: "stop"))
        bench.settle()
        bench.journal.release()
        bench.settle()
        #expect(message.value == .applied && called.entries.isEmpty)
        #expect(bench.journal.lines.last?.hasSuffix("execution.canceled r/3/1 not begun applied") == true)
        #expect(bench.state()?.parked.first?.step(3)?.status == .ready)
        let began = bench.journal.lines.contains { line in line.contains("execution.started r/3/1") }
        #expect(began == (record == "execution.started"))
    }

    @Test func `G4 an attempt that ran too long is told to end, and the model that it was too long`() {
        let asked = Log<Run.Execution>()
        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(.model(calling: "work", asked: asked))
        gateway.register(
            Tool("work", "") { _ in
                try await ManualClock(now: 0).sleep(until: 1)
                return "never"
            })
        let bench = Bench(gateway)
        bench.open()
        bench.advance(by: 30_000)
        #expect(bench.journal.lines.contains { line in line.contains("canceled r/3/1 begun applied") })
        let failure = Run.Failure(.startToClose, "The attempt ran longer than 30000 ms.")
        #expect(
            asked.entries.last?.context.last
                == .tool(call: "1", name: "work", output: ["error": failure.json], failed: true))
    }

    /// A gateway with a tool that does not end before its latch is open, whatever it is told.
    private func stubborn() -> (Gateway, Latch, Log<JSON>) {
        let latch = Latch()
        let called = Log<JSON>()
        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(.model(calling: "deploy"))
        gateway.register(
            Tool("deploy", "") { arguments in
                called.append(arguments)
                await latch.wait()
                return "deployed"
            })
        return (gateway, latch, called)
    }
}
