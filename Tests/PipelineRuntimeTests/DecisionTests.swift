import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// The decisions of `docs/decisions` that show in the runtime, by their numbers.
struct DecisionTests {
    private let full = JournalError("spy", .system("write", "No space left on device"))

    // MARK: 1, recorded before done

    @Test func `Decision 1 nothing is started, told or acknowledged before the record is durable`() {
        let runner = ScriptedRunner([.thinks()])
        let bench = Bench(runner)
        let listener = bench.listen()
        bench.journal.hold()
        let outcome = bench.submit(.message("r"))
        bench.settle()
        #expect(bench.journal.attempts == 1)
        #expect(runner.executions.isEmpty && bench.clock.sleepers.isEmpty)
        #expect(listener.entries.isEmpty && !outcome.isOver)
        bench.journal.release()
        bench.settle()
        #expect(runner.ids == ["r/2/1"] && bench.clock.sleepers == [121_000])
        #expect(listener.types.first == "conversation.run.opened" && outcome.value == .applied)
    }

    @Test func `Decision 1 nothing is canceled or disarmed before the record is durable`() {
        let runner = ScriptedRunner([.thinks()])
        let bench = Bench(runner)
        bench.open()
        bench.journal.hold()
        let outcome = bench.submit(.interrupt("r", id: "stop"))
        bench.settle()
        // A runner that had been told would have answered, and its answer would wait in the inbox.
        #expect(bench.clock.sleepers == [121_000] && !outcome.isOver)
        bench.journal.release()
        bench.settle()
        #expect(bench.clock.sleepers.isEmpty && outcome.value == .applied)
        #expect(bench.journal.lines.last == "4 execution.canceled r/2/1 begun applied")
    }

    @Test func `Decision 1 a question is answered with nothing that is not durable`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        bench.journal.hold()
        let message = bench.submit(.message("r"))
        let question = bench.begin { [engine = bench.engine] in try await engine.state(of: "chat") }
        bench.settle()
        #expect(!message.isOver && !question.isOver)
        bench.journal.release()
        bench.settle()
        #expect(question.value?.active?.id == "r")
    }

    @Test func `Decision 1 an append that fails carries nothing out, and the next use folds the journal`() {
        let runner = ScriptedRunner([.thinks()])
        let bench = Bench(runner)
        let listener = bench.listen()
        bench.journal.failNext(full)
        let outcome = bench.submit(.message("r"))
        bench.settle()
        #expect(outcome.error == .journal(full))
        #expect(runner.executions.isEmpty && bench.clock.sleepers.isEmpty && bench.journal.records.isEmpty)
        #expect(listener.entries.isEmpty && listener.isOver)
        #expect(bench.journal.reads == 1)
        #expect(bench.state() == Conversation(id: "chat"))
        #expect(bench.journal.reads == 2)
        // What was not recorded has not happened: the same id is no duplicate.
        #expect(bench.open() == .applied)
        #expect(runner.ids == ["r/2/1"])
    }

    @Test func `Decision 1 an append that fails ends what is under way, and recovery takes it up`() {
        let runner = ScriptedRunner([.thinks(), .thinks()])
        let bench = Bench(runner)
        bench.open()
        bench.journal.failNext(full)
        let outcome = bench.submit(.interrupt("r", id: "stop"))
        bench.settle()
        #expect(outcome.error == .journal(full))
        #expect(bench.clock.sleepers.isEmpty)
        #expect(runner.ids == ["r/2/1"] && bench.journal.records.count == 2)
        #expect(bench.state()?.active?.openExecutions == [.r(2, 2)])
        #expect(bench.journal.lines[2] == "3 engine.restarted applied")
        #expect(runner.ids == ["r/2/1", "r/2/2"])
        // The answer of the attempt that was given up came while nothing was in memory, and is lost.
        #expect(!bench.journal.lines.contains { line in line.contains("canceled") })
    }

    @Test func `Decision 1 an append that fails fails everybody in its group and nobody before`() {
        let bench = Bench(ScriptedRunner([]))
        bench.journal.hold()
        let first = bench.submit(.interrupt("none", id: "1"))
        bench.settle()
        let others = (2...9).map { number in
            bench.submit(
                .interrupt("none", id: Run.Signal.ID("\(number)")), to: number < 5 ? "chat" : "other")
        }
        let question = bench.begin { [engine = bench.engine] in try await engine.state(of: "chat") }
        bench.settle()
        bench.journal.failNext(full)
        bench.journal.release()
        bench.settle()
        #expect(first.value == .rejected(.runNotFound))
        for other in others { #expect(other.error == .journal(full)) }
        #expect(question.error == .journal(full))
        #expect(bench.journal.lines == ["1 run.interrupt runNotFound"])
    }

    // MARK: 2, recovery is a signal

    @Test
    func `Decision 2 an engine records that it restarts, runs the idempotent again, asks about the other`() {
        let before = ScriptedRunner([
            .calls(.safe("a", "read_file"), .once("b", "deploy")), .waits("read_file"), .waits("deploy"),
        ])
        let first = Bench(before)
        first.open()
        #expect(before.ids == ["r/2/1", "r/3/1", "r/4/1"])

        let after = ScriptedRunner([.waits("read_file"), .completes("deploy", "deployed"), .answer])
        let second = Bench(after, journal: SpyJournal(first.journal.records))
        let run = second.state()?.active
        let count = first.journal.records.count
        #expect(second.journal.lines[count] == "\(count + 1) engine.restarted applied")
        #expect(second.journal.records[count].signal.id == Run.Signal.ID("engine/restarted/\(count + 1)"))
        #expect(after.ids == ["r/3/2"])
        #expect(after.executions.first?.idempotencyKey == before.executions[1].idempotencyKey)
        #expect(run?.gates.map(\.kind) == [.confirmation] && run?.gates.map(\.name) == ["deploy"])

        after.release(.r(3, 2), .completed(Run.Result(output: "text")))
        second.settle()
        #expect(after.ids == ["r/3/2"], "the strategy waits for the person")
        #expect(second.request(.gateAnswer(.gate("r", ordinal: 4, 1), .rerun), id: "again") == .applied)
        #expect(after.ids == ["r/3/2", "r/4/2", "r/5/1"])
        #expect(second.state()?.finished.last?.status == .completed)
        #expect(throws: Never.self) { try after.finish() }
    }

    @Test func `Decision 2 what recovery did replays like everything else`() {
        let first = Bench(ScriptedRunner([.calls(.safe("a", "read_file")), .waits("read_file")]))
        first.open()
        let second = Bench(
            ScriptedRunner([.waits("read_file")]), journal: SpyJournal(first.journal.records))
        _ = second.state()
        let state = second.state()
        let replay = SignalRecording(of: second.journal.records).replay(from: Conversation(id: "chat"))
        #expect(replay.conversation == state)
        #expect(replay.effects.map(\.disposition) == second.journal.records.map(\.disposition))
    }

    @Test func `Decision 2 a conversation at rest is opened without a record`() {
        let first = Bench(ScriptedRunner([.answer]))
        first.open()
        let journal = SpyJournal(first.journal.records)
        let second = Bench(ScriptedRunner([]), journal: journal)
        #expect(second.state() == first.state())
        #expect(journal.attempts == 0)
    }

    @Test func `Decision 2 a journal that does not replay is refused with the place, and nothing is started`()
    {
        let first = Bench(ScriptedRunner([.thinks()]))
        first.open()
        var records = first.journal.records
        records[1] = JournalRecord(
            conversation: "chat", sequence: 2, signal: records[1].signal, disposition: .stale)
        let runner = ScriptedRunner([])
        let second = Bench(runner, journal: SpyJournal(records))
        let question = second.begin { [engine = second.engine] in try await engine.state(of: "chat") }
        second.settle()
        #expect(question.error == .journal(JournalError("chat", .diverged(sequence: 2))))
        #expect(runner.executions.isEmpty && second.journal.attempts == 0)
    }

    // MARK: 7, every timer is the reducer's

    @Test func `Decision 7 a back-off ends at its instant and not before`() {
        let runner = ScriptedRunner([.fails("code_generation", Run.Failure(.transport, "reset")), .thinks()])
        let bench = Bench(runner)
        bench.open()
        #expect(bench.clock.sleepers == [1_100])
        bench.advance(by: 99)
        #expect(runner.ids == ["r/2/1"])
        bench.advance(by: 1)
        #expect(runner.ids == ["r/2/1", "r/2/2"])
        #expect(bench.journal.lines[3] == "4 timer.fired r/2/1/backoff/0 applied")
    }

    @Test func `Decision 7 a new engine arms the back-off again at the same instant`() {
        let first = Bench(ScriptedRunner([.fails("code_generation", Run.Failure(.transport, "reset"))]))
        first.open()
        let runner = ScriptedRunner([.thinks()])
        let second = Bench(
            runner, journal: SpyJournal(first.journal.records), clock: ManualClock(now: 1_060))
        #expect(second.state()?.active?.step(2)?.status == .backoff)
        #expect(second.clock.sleepers == [1_100])
        second.advance(by: 40)
        #expect(runner.ids == ["r/2/2"])

        let late = ScriptedRunner([.thinks()])
        let third = Bench(late, journal: SpyJournal(first.journal.records), clock: ManualClock(now: 9_000))
        _ = third.state()
        #expect(late.ids == ["r/2/2"], "its instant had passed while no engine was there")
    }

    @Test func `Decision 7 an attempt that runs too long is told to end, and given up after its grace time`()
    {
        let runner = ScriptedRunner([.thinks(ignoresCancel: true), .thinks()])
        let bench = Bench(runner)
        bench.open()
        bench.advance(by: 120_000)
        #expect(bench.journal.lines.last == "3 timer.fired r/2/1/attempt/0 applied")
        #expect(bench.clock.sleepers == [126_000])
        bench.advance(by: 5_000)
        #expect(bench.journal.lines.last == "4 timer.fired r/2/1/grace/0 applied")
        #expect(bench.clock.sleepers == [126_100])
        bench.advance(by: 100)
        #expect(runner.ids == ["r/2/1", "r/2/2"])
    }

    // MARK: 8, the gateway alone calls sub-runners

    @Test(arguments: [
        "_ = Permit(for: execution.id)",
        "_ = try await tool.run(execution, progress: { _ in })",
        "_ = try await strategy.run(execution, tools: [], progress: { _ in })",
    ])
    func `Decision 8 outside the module nobody can call a sub-runner`(bypass: String) async throws {
        #expect(try await HostModule.diagnostics(of: HostModule.function("")) == "")
        let refusal = try await HostModule.diagnostics(of: HostModule.function(bypass))
        #expect(
            refusal.contains("'Permit' initializer is inaccessible")
                || refusal.contains("missing argument for parameter 'permit'"))
    }

    @Test func `Decision 8 a permit is for one call`() async throws {
        let call = "try await inner.run(execution, permit: permit, progress: progress)"
        #expect(try await HostModule.diagnostics(of: HostModule.tool(call)) == "")
        let refusal = try await HostModule.diagnostics(of: HostModule.tool("_ = \(call)\nreturn \(call)"))
        #expect(refusal.contains("'permit' consumed more than once"))
    }

    @Test func `Decision 8 a host can write sub-runners of its own, in a module of any settings`()
        async throws
    {
        let tool = HostModule.tool("throw Run.Failure(.config, \"not today\")")
        #expect(try await HostModule.diagnostics(of: tool) == "")
        let plain = try await HostModule.diagnostics(of: tool, features: [])
        #expect(plain == "")
    }
}
