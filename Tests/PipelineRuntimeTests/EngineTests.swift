import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// What an engine does with what it is given: order, groups, time, and who learns what.
struct EngineTests {
    @Test func `requests are recorded and acknowledged in the order in which they were made`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        let acknowledged = Log<Int>()
        for number in 1...50 {
            _ = bench.begin { [engine = bench.engine] in
                let id = Run.Signal.ID("\(number)")
                try await engine.request(.interrupt("none", reason: ""), id: id, in: "chat")
                acknowledged.append(number)
            }
        }
        bench.settle()
        #expect(acknowledged.entries == Array(1...50))
        #expect(bench.journal.records.map(\.signal.id.text) == (1...50).map(String.init))
        #expect(bench.journal.records.map(\.sequence) == Array(1...50))
    }

    @Test func `what waits while the journal writes goes into one append`() {
        let bench = Bench(ScriptedRunner([]))
        bench.journal.hold()
        let outcomes = (1...60).map { number in
            bench.submit(
                .interrupt("none", id: Run.Signal.ID("\(number)")), to: number.isMultiple(of: 2) ? "a" : "b")
        }
        bench.settle()
        #expect(bench.journal.attempts == 1)
        bench.journal.release()
        bench.settle()
        #expect(bench.journal.appends.map(\.records.count) == [60])
        for outcome in outcomes { #expect(outcome.value == .rejected(.runNotFound)) }

        bench.journal.hold()
        _ = bench.submit(.interrupt("none", id: "first"))
        bench.settle()
        for number in 61...90 { _ = bench.submit(.interrupt("none", id: Run.Signal.ID("\(number)"))) }
        bench.settle()
        bench.journal.release()
        bench.settle()
        #expect(bench.journal.appends.map(\.records.count) == [60, 1, 30])
    }

    @Test func `E3 a duplicate is acknowledged and appends nothing`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        #expect(bench.open() == .applied)
        let attempts = bench.journal.attempts
        #expect(bench.open() == .duplicate)
        #expect(bench.journal.attempts == attempts)

        bench.journal.hold()
        let first = bench.submit(.interrupt("r", id: "stop"))
        let second = bench.submit(.interrupt("r", id: "stop"))
        bench.settle()
        #expect(!first.isOver && !second.isOver, "a duplicate waits for the record that it repeats")
        bench.journal.release()
        bench.settle()
        #expect(first.value == .applied && second.value == .duplicate)
        #expect(bench.journal.lines.filter { line in line.contains("run.interrupt") }.count == 1)
    }

    @Test func `an answer that nothing awaits, and a rejected request, are recorded`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        bench.open()
        let late = Run.Signal(
            id: "late", .completed(.r(2, 7), Run.Result(output: "x")), by: .runner, at: 1_000)
        let before = bench.state()
        let outcome = bench.submit(late)
        bench.settle()
        #expect(outcome.value == .stale && bench.state() == before)
        #expect(bench.request(.cancel("none", reason: ""), id: "c") == .rejected(.runNotFound))
        #expect(bench.state() == before)
        #expect(
            bench.journal.lines.suffix(2) == [
                "3 execution.completed r/2/7 stale", "4 run.cancel runNotFound",
            ])
    }

    @Test func `time never goes back, in one engine or in the next`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        for (number, time) in [5_000, 10, -3, 5_001, .min].enumerated() {
            _ = bench.submit(
                .interrupt("none", id: Run.Signal.ID("\(number)"), at: Run.Milliseconds(time)))
        }
        _ = bench.submit(.message("r", at: 9_000))
        bench.settle()
        let times = bench.journal.records.map(\.signal.time)
        #expect(times == [5_000, 5_000, 5_000, 5_001, 5_001, 9_000, 9_000])
        #expect(bench.clock.sleepers == [129_000])

        let next = Bench(
            ScriptedRunner([.thinks()]), journal: SpyJournal(bench.journal.records),
            clock: ManualClock(now: 0))
        _ = next.state()
        #expect(next.journal.lines.dropFirst(7).first == "8 engine.restarted applied")
        #expect(next.journal.records.dropFirst(7).allSatisfy { record in record.signal.time == 9_000 })
    }

    @Test func `progress alone is not flushed, everything else is`() {
        let runner = ScriptedRunner([.waits("code_generation", progress: ["a", " b"])])
        let bench = Bench(runner)
        bench.open()
        runner.release(.r(2, 1), .completed(Run.Result(output: "a b")))
        bench.settle()
        #expect(
            bench.journal.appends.map { append in
                "\(append.records.map(\.signal.kind.word).joined(separator: " ")) \(append.flushing)"
            } == [
                "message.user true", "execution.started true", "execution.progress false",
                "execution.progress false", "execution.completed true",
            ])
    }

    @Test func `progress in a group with something else is flushed with it`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        bench.open()
        bench.journal.hold()
        _ = bench.submit(.interrupt("none", id: "1"))
        bench.settle()
        let progress = Run.Signal(id: "p", .progress(.r(2, 1), "text"), by: .runner, at: 1_000)
        _ = bench.submit(progress)
        _ = bench.submit(.interrupt("none", id: "2"))
        _ = bench.submit(progress)
        bench.settle()
        bench.journal.release()
        bench.settle()
        #expect(
            bench.journal.appends.last?.records.count == 3 && bench.journal.appends.last?.flushing == true)
    }

    @Test func `an execution canceled in the group that starts it never reaches the runner`() {
        let runner = ScriptedRunner([.thinks()])
        let bench = Bench(runner)
        bench.journal.hold()
        _ = bench.submit(.message("r"))
        _ = bench.submit(.interrupt("r", id: "stop"))
        bench.settle()
        bench.journal.release()
        bench.settle()
        #expect(bench.journal.appends.first?.records.count == 2)
        #expect(runner.executions.isEmpty)
        #expect(bench.journal.lines.last == "3 execution.canceled r/2/1 not begun applied")
        #expect(bench.state()?.parked.first?.status == .interrupted)
        #expect(bench.request(.resume("r", .interruption("r", 1)), id: "go-on") == .applied)
        #expect(runner.ids == ["r/2/2"])
    }

    @Test func `two conversations share nothing but the engine`() {
        let runner = ScriptedRunner([.thinks(), .answer])
        let bench = Bench(runner)
        #expect(bench.open("r", in: "a") == .applied)
        #expect(bench.open("r", in: "b") == .applied)
        #expect(bench.state(of: "a")?.active?.id == "r")
        #expect(bench.state(of: "b")?.finished.last?.status == .completed)
        let before = bench.state(of: "b")
        #expect(bench.request(.cancel("r", reason: "enough"), id: "stop", in: "a") == .applied)
        #expect(bench.state(of: "a")?.finished.last?.status == .canceled)
        #expect(bench.state(of: "b") == before)
        #expect(bench.listen(to: "b").types.last == "conversation.run.completed")
        let sequences = { (id: Conversation.ID) in
            bench.journal.records.filter { record in record.conversation == id }.map(\.sequence)
        }
        #expect(sequences("a") == Array(1...4) && sequences("b") == Array(1...3))
    }

    @Test func `a caller whose task is cancelled still learns what became of its request`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        bench.journal.hold()
        let outcome = bench.submit(.message("r"))
        bench.settle()
        outcome.task?.cancel()
        bench.settle()
        #expect(!outcome.isOver)
        bench.journal.release()
        bench.settle()
        #expect(outcome.value == .applied && bench.state()?.active?.id == "r")
    }

    @Test func `a conversation whose journal failed is not opened before what was under way has ended`() {
        let runner = ScriptedRunner([.thinks(ignoresCancel: true), .thinks()])
        let bench = Bench(runner)
        bench.open()
        bench.journal.failNext(JournalError("spy", .system("write", "full")))
        bench.request(.interrupt("r", reason: ""), id: "stop")
        let early = bench.submit(.interrupt("r", id: "again"))
        bench.settle()
        #expect(early.error == .stillClosing && bench.journal.records.count == 2)
        #expect(bench.state(of: "other") != nil)
        runner.release(.r(2, 1), .canceled(effectBegan: true))
        bench.settle()
        #expect(runner.ids == ["r/2/1"])
        #expect(bench.state()?.active?.openExecutions == [.r(2, 2)] && runner.ids == ["r/2/1", "r/2/2"])
    }

    @Test func `a result nested too deeply to be recorded is a failed execution`() {
        var deep: JSON = "bottom"
        for _ in 0..<JSON.greatestPayloadDepth { deep = .array([deep]) }
        let runner = ScriptedRunner([
            .completes("code_generation", "x", calls: [.once("a", "fits"), .once("b", "deep")]),
            .completes("fits", deep), .completes("deep", .array([deep])), .answer,
        ])
        let bench = Bench(runner)
        bench.open()
        #expect(bench.journal.lines.contains { line in line.hasSuffix("completed r/3/1 applied") })
        #expect(bench.journal.lines.contains { line in line.hasSuffix("failed r/4/1 validation applied") })
        #expect(bench.state()?.finished.last?.status == .completed)
        for record in bench.journal.records {
            let isReadable = (try? JournalRecord(json: JSON(parsing: record.json.canonicalBytes))) == record
            #expect(isReadable)
        }
    }
}
