import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// How an engine ends: settled, or at its limit with a journal that the next engine takes up.
struct ShutdownTests {
    @Test func `a shutdown interrupts what runs, waits until it has settled, and closes the journal`() {
        let bench = Bench(ScriptedRunner([.thinks(), .answer]))
        bench.open("r", in: "a")
        bench.open("done", in: "b")
        let shutdown = bench.shutDown()
        #expect(shutdown.isOver && bench.journal.isClosed)
        #expect(bench.clock.sleepers.isEmpty)
        #expect(
            bench.journal.records.filter { record in record.conversation == "a" }.map(\.line).suffix(2) == [
                "3 run.interrupt applied", "4 execution.canceled r/2/1 begun applied",
            ])
        #expect(bench.journal.lines.filter { line in line.contains("run.interrupt") }.count == 1)
        let next = Bench(ScriptedRunner([]), journal: SpyJournal(bench.journal.records))
        #expect(next.state(of: "a")?.parked.first?.interruption?.reason == "shutdown")
    }

    @Test func `after a shutdown everything is refused, and nothing is appended`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        bench.open()
        _ = bench.shutDown()
        let attempts = bench.journal.attempts
        let started = Run.Signal(id: "s", .started(.r(2, 1)), by: .runner, at: 1_000)
        let outcomes = [bench.submit(.message("s")), bench.submit(started)]
        let question = bench.begin { [engine = bench.engine] in try await engine.state(of: "chat") }
        bench.settle()
        for outcome in outcomes { #expect(outcome.error == .shutDown) }
        #expect(question.error == .shutDown)
        #expect(bench.journal.attempts == attempts)
    }

    @Test func `while a shutdown waits, requests are refused and answers are taken`() {
        let runner = ScriptedRunner([.thinks(ignoresCancel: true)])
        let bench = Bench(runner)
        bench.open()
        let shutdown = bench.shutDown(within: .seconds(3))
        #expect(!shutdown.isOver && !bench.journal.isClosed)
        let refused = bench.submit(.message("other"), to: "other")
        let second = bench.shutDown()
        #expect(refused.error == .shutDown && second.isOver && !shutdown.isOver)
        runner.release(.r(2, 1), .completed(Run.Result(output: "Done.")))
        bench.settle()
        #expect(shutdown.isOver && bench.journal.isClosed)
        #expect(bench.journal.lines.last == "4 execution.completed r/2/1 applied")
    }

    @Test func `a shutdown gives up at its limit, and the next engine takes up what is left`() {
        let stubborn = ScriptedRunner([
            .calls(.once("a", "deploy")), .waits("deploy", ignoresCancel: true),
        ])
        let bench = Bench(stubborn)
        bench.open()
        let shutdown = bench.shutDown(within: .seconds(3))
        bench.advance(by: 2_999)
        #expect(!shutdown.isOver)
        bench.advance(by: 1)
        #expect(shutdown.isOver && bench.journal.isClosed && bench.clock.sleepers.isEmpty)
        #expect(bench.journal.lines.last == "5 run.interrupt applied")

        let runner = ScriptedRunner([])
        let next = Bench(runner, journal: SpyJournal(bench.journal.records))
        let run = next.state()?.parked.first
        #expect(next.journal.lines.last == "6 engine.restarted applied")
        #expect(run?.status == .interrupted && run?.step(3)?.status == .unknown)
        #expect(run?.gates.map(\.kind) == [.confirmation])
        #expect(runner.executions.isEmpty)
    }

    @Test func `an answer that comes after the shutdown appends nothing`() {
        let runner = ScriptedRunner([.thinks(ignoresCancel: true)])
        let bench = Bench(runner)
        bench.open()
        _ = bench.shutDown(within: .seconds(3))
        bench.advance(by: 3_000)
        let attempts = bench.journal.attempts
        runner.release(.r(2, 1), .completed(Run.Result(output: "Done.")))
        bench.settle()
        #expect(bench.journal.attempts == attempts)
    }

    @Test func `nothing starts after the shutdown, also when the journal was slow`() {
        let runner = ScriptedRunner([.thinks()])
        let bench = Bench(runner)
        bench.journal.hold(.afterWriting)
        _ = bench.submit(.message("r"))
        bench.settle()
        let shutdown = bench.shutDown(within: .seconds(3))
        bench.advance(by: 3_000)
        #expect(shutdown.isOver && bench.journal.isClosed)
        bench.journal.release()
        bench.settle()
        #expect(runner.executions.isEmpty && bench.clock.sleepers.isEmpty)
    }

    @Test func `a message that was in before the shutdown is interrupted too`() {
        let runner = ScriptedRunner([.thinks(), .thinks()])
        let bench = Bench(runner)
        bench.journal.hold()
        _ = bench.submit(.message("r"))
        bench.settle()
        let waiting = bench.submit(.message("s"), to: "other")
        bench.settle()
        let shutdown = bench.shutDown(within: .seconds(3))
        bench.journal.release()
        bench.settle()
        #expect(waiting.value == .applied)
        #expect(shutdown.isOver)
        #expect(bench.journal.lines.filter { line in line.contains("run.interrupt") }.count == 2)
        bench.advance(by: 3_000)
        #expect(shutdown.isOver)
    }

    @Test func `a shutdown waits for what a failed journal left behind`() {
        let runner = ScriptedRunner([.thinks(ignoresCancel: true)])
        let bench = Bench(runner)
        bench.open()
        bench.journal.failNext(JournalError("spy", .system("write", "full")))
        bench.request(.interrupt("r", reason: ""), id: "stop")
        let shutdown = bench.shutDown()
        #expect(!shutdown.isOver)
        runner.release(.r(2, 1), .canceled(effectBegan: true))
        bench.settle()
        #expect(shutdown.isOver)
    }

    @Test func `a shutdown leaves no timer of a run in back-off, and asks an open gate again later`() {
        let runner = ScriptedRunner([
            .fails("code_generation", Run.Failure(.transport, "reset")), .calls(.once("a", "deploy")),
            .answers("deploy", .refused(Run.Decision(.ask, rule: "careful", reason: "It deploys."))),
        ])
        let bench = Bench(runner)
        bench.open("r", in: "a")
        bench.open("r", in: "b")
        #expect(bench.clock.sleepers == [1_100] && bench.state(of: "b")?.active?.gates.count == 1)
        let shutdown = bench.shutDown()
        #expect(shutdown.isOver && bench.clock.sleepers.isEmpty)
        let next = Bench(ScriptedRunner([]), journal: SpyJournal(bench.journal.records))
        #expect(next.state(of: "a")?.parked.first?.interruption?.inFlight == .timer)
        #expect(next.state(of: "b")?.parked.first?.gates.count == 1)
    }

    @Test func `an engine at rest shuts down at once and writes nothing`() {
        let bench = Bench(ScriptedRunner([.answer]))
        bench.open()
        let attempts = bench.journal.attempts
        let shutdown = bench.shutDown(within: .zero)
        #expect(shutdown.isOver && bench.journal.isClosed && bench.journal.attempts == attempts)
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.max)])
    func `any limit is taken`(limit: Duration) {
        let bench = Bench(ScriptedRunner([.thinks()]))
        bench.open()
        #expect(bench.shutDown(within: limit).isOver)
    }

    @Test func `an engine that has shut down is let go`() {
        weak var engine: Engine?
        let loop: HostLoop
        do {
            let bench = Bench(ScriptedRunner([.thinks(), .answer]))
            let listener = bench.listen()
            bench.open("r", in: "a")
            bench.open("s", in: "b")
            engine = bench.engine
            loop = bench.loop
            #expect(bench.shutDown().isOver && listener.isOver)
        }
        while loop.drain() > 0 {}
        #expect(engine == nil)
    }

    @Test func `an engine without work is let go without a shutdown`() {
        weak var engine: Engine?
        do {
            let bench = Bench(ScriptedRunner([.answer]))
            bench.open()
            engine = bench.engine
        }
        #expect(engine == nil)
    }
}
