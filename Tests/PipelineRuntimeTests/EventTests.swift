import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// The event stream: a cursor into what the engine keeps.
struct EventTests {
    /// A run with a tool call, to its end.
    private let script: [ScriptedRunner.Step] = [
        .calls(.safe("a", "read_file")), .completes("read_file", progress: ["half"], "text"), .answer,
    ]

    @Test func `events are numbered from one without gaps, and none is missed`() {
        let bench = Bench(ScriptedRunner(script))
        let early = bench.listen()
        bench.open()
        #expect(early.entries.map(\.sequence) == Array(1...early.entries.count))
        #expect(early.entries.allSatisfy { entry in entry.missed == 0 })
        #expect(early.types.first == "conversation.run.opened")
        #expect(early.types.last == "conversation.run.completed")
        #expect(bench.listen().entries == early.entries, "a late subscriber gets the same")
        #expect(!early.isOver)
    }

    @Test func `a stream goes on from any cursor`() {
        let bench = Bench(ScriptedRunner(script))
        bench.open()
        let all = bench.listen().entries
        for cursor in 0...all.count {
            #expect(bench.listen(after: cursor).entries == Array(all.dropFirst(cursor)))
        }
        let ahead = bench.listen(after: all.count + 1)
        #expect(ahead.entries.isEmpty && !ahead.isOver)
        bench.request(.interrupt("none", reason: ""), id: "1")
        #expect(ahead.entries.isEmpty)
        bench.request(.interrupt("none", reason: ""), id: "2")
        #expect(ahead.entries.map(\.sequence) == [all.count + 2])
    }

    @Test func `events have the same numbers in the next engine`() {
        let first = Bench(ScriptedRunner(script + [.thinks()]))
        first.open("r")
        first.request(.interrupt("none", reason: ""), id: "rejected")
        first.open("s")
        let before = first.listen().entries
        #expect(
            before.contains { entry in entry.event.kind == .request("run.interrupt", .rejected(.runNotFound))
            })
        let second = Bench(ScriptedRunner([.thinks()]), journal: SpyJournal(first.journal.records))
        let after = second.listen().entries
        #expect(Array(after.prefix(before.count)) == before)
        #expect(after.dropFirst(before.count).first?.event.kind == .restarted)
        #expect(after.map(\.sequence) == Array(1...after.count))
        #expect(second.listen(after: before.count).entries == Array(after.dropFirst(before.count)))
    }

    @Test func `a subscriber who comes too late is told how many events it has missed`() {
        let count = 9_000
        let records = (1...count).map { number in
            JournalRecord(
                conversation: "chat", sequence: number,
                signal: .interrupt("none", id: Run.Signal.ID("\(number)")),
                disposition: .rejected(.runNotFound))
        }
        let bench = Bench(ScriptedRunner([]), journal: SpyJournal(records))
        let entries = bench.listen().entries
        let missed = entries.first?.missed ?? 0
        #expect(missed > 0 && entries.first?.sequence == missed + 1)
        #expect(entries.dropFirst().allSatisfy { entry in entry.missed == 0 })
        #expect(entries.last?.sequence == count && entries.count == count - missed)
        #expect(entries.count >= 4_096)
        #expect(bench.listen(after: missed - 2).entries.first?.missed == 2)
        #expect(bench.listen(after: missed).entries.first?.missed == 0)
    }

    @Test func `a cursor before the first event misses nothing`() {
        let bench = Bench(ScriptedRunner(script))
        bench.open()
        let all = bench.listen().entries
        for cursor in [-3, .min] { #expect(bench.listen(after: cursor).entries == all) }
    }

    @Test func `a subscriber gets the last events of a shutdown, and then the stream ends`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        let listener = bench.listen()
        let elsewhere = bench.listen(to: "other")
        bench.open()
        let shutdown = bench.shutDown()
        #expect(shutdown.isOver && listener.isOver && elsewhere.isOver)
        #expect(listener.types.last == "conversation.run.interrupted")
        #expect(bench.listen(to: "unknown").isOver, "a stream that begins after the shutdown ends at once")
    }

    @Test func `a stream ends when its task is cancelled, and the engine goes on`() {
        let runner = ScriptedRunner([.thinks()])
        let bench = Bench(runner)
        let listener = bench.listen()
        let other = bench.listen()
        bench.open()
        let seen = listener.entries
        listener.task?.cancel()
        bench.settle()
        #expect(listener.isOver && !other.isOver)
        runner.release(.r(2, 1), .completed(Run.Result(output: "Done.")))
        bench.settle()
        #expect(listener.entries == seen)
        #expect(other.types.last == "conversation.run.completed")
    }

    @Test func `a stream ends when the journal fails, and another goes on with the same numbers`() {
        let bench = Bench(ScriptedRunner([.thinks(), .thinks()]))
        let listener = bench.listen()
        bench.open()
        let before = listener.entries
        bench.journal.failNext(JournalError("spy", .system("write", "full")))
        bench.request(.interrupt("r", reason: ""), id: "stop")
        #expect(listener.isOver && listener.entries == before)
        let next = bench.listen()
        #expect(Array(next.entries.prefix(before.count)) == before)
        #expect(next.entries.dropFirst(before.count).first?.event.kind == .restarted)
    }
}
