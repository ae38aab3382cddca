import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// An engine that must stay on the thread that its host drains.
@Suite(.timeLimit(.minutes(5)))
struct HostLoopTests {
    @Test func `every step runs on the thread that drains`() async throws {
        let thread = try LoopThread()
        let places = Log<Place>()
        let clock = WatchedClock(places: places)
        var gateway = Gateway.judging { execution in
            places.append(Place("policy"))
            return .allowed
        }
        gateway.register(WatchedModel(places: places))
        gateway.register(
            Tool("work", "", isIdempotent: true) { _ in
                places.append(Place("tool"))
                if places.entries.count(where: { place in place.what == "tool" }) == 1 {
                    throw Run.Failure(.transport, "once")
                }
                return "done"
            })
        let journal = SpyJournal { places.append(Place("journal")) }
        let engine = Engine(gateway, journal: journal, clock: clock, host: thread.loop)
        try await engine.request(.userMessage(Run.Request("Do it.")), id: "r", in: "chat")
        for await entry in engine.events(of: "chat") {
            if case .timerArmed = entry.event.kind { clock.manual.advance(by: 100) }
            if entry.event.outcome != nil { break }
        }
        await engine.shutdown(within: .seconds(1))
        #expect(journal.lines.contains { line in line.contains("timer.fired") })
        let elsewhere = places.entries.filter { place in place.thread != thread.identity }
        #expect(elsewhere.isEmpty)
        let kinds: Set = ["policy", "strategy", "progress", "tool", "journal", "now", "sleep", "woken"]
        #expect(Set(places.entries.map(\.what)) == kinds)
    }

    @Test func `what leaves the loop on purpose comes back to it`() async throws {
        let thread = try LoopThread()
        let folder = try ScratchFolder()
        let places = Log<Place>()
        var gateway = Gateway.judging { _ in
            places.append(Place("policy"))
            return .allowed
        }
        gateway.register(WatchedModel(places: places))
        gateway.register(
            Tool("work", "") { _ in
                await elsewhere()
                places.append(Place("tool"))
                return "done"
            })
        let journal = try FileJournal.create(at: folder["run"])
        let engine = Engine(
            gateway, journal: journal, clock: WatchedClock(places: places), host: thread.loop)
        try await engine.request(.userMessage(Run.Request("Do it.")), id: "r", in: "chat")
        for await entry in engine.events(of: "chat") where entry.event.outcome != nil { break }
        await engine.shutdown(within: .seconds(1))
        #expect(places.entries.allSatisfy { place in place.thread == thread.identity })
        #expect(places.entries.contains { place in place.what == "tool" })
        #expect(try FileJournal.contents(of: folder["run"]).records.last?.signal.id == "r/4/1/answer")
    }

    @Test func `nothing moves while nobody drains`() async {
        let runner = ScriptedRunner([.calls(.safe("a", "read_file")), .completes("read_file", ""), .answer])
        let bench = Bench(runner)
        let outcome = bench.submit(.message("r"))
        var drains = 0
        while true {
            let before = (runner.executions.count, bench.journal.attempts, bench.clock.sleepers)
            for _ in 0..<200 { await Task.yield() }
            let after = (runner.executions.count, bench.journal.attempts, bench.clock.sleepers)
            #expect(before == after)
            guard bench.loop.drain() > 0 else { break }
            drains += 1
        }
        #expect(outcome.value == .applied && drains > 10)
        #expect(throws: Never.self) { try runner.finish() }
    }

    @Test func `a whole run is driven by drain alone`() {
        let runner = ScriptedRunner([
            .calls(.safe("a", "read_file")), .fails("read_file", Run.Failure(.transport, "reset")),
            .completes("read_file", "text"), .answer,
        ])
        let wakes = Log<Void>()
        let loop = HostLoop { wakes.append(()) }
        let clock = ManualClock(now: 1_000)
        let engine = Engine(ungoverned: runner, journal: MemoryJournal(), clock: clock, host: loop)
        let outcome = Outcome<Run.Status?>()
        outcome.task = Task(executorPreference: loop) {
            _ = try? await engine.submit(.message("r"), to: "chat")
            for await entry in engine.events(of: "chat") {
                guard let status = entry.event.outcome else { continue }
                outcome.result = .success(status)
                break
            }
        }
        var jobs = 0
        while !outcome.isOver {
            let done = loop.drain()
            if done == 0 {
                guard !clock.sleepers.isEmpty else { break }
                clock.advance(by: 100)
            }
            jobs += done
        }
        #expect(outcome.value == .completed)
        #expect(runner.ids == ["r/2/1", "r/3/1", "r/3/2", "r/4/1"])
        #expect(wakes.entries.count >= jobs && jobs > 0)
    }

    @Test func `drain works off what is there, in order, and leaves what comes meanwhile for the next`() {
        let loop = HostLoop()
        let order = Log<Int>()
        for number in 1...5 {
            Task(executorPreference: loop) {
                for round in 0..<20 {
                    order.append(round * 5 + number)
                    await Task.yield()
                }
            }
        }
        #expect(order.entries.isEmpty)
        var drains = 0
        while loop.drain() > 0 {
            drains += 1
            #expect(order.entries.count <= drains * 5)
        }
        #expect(order.entries == Array(1...100) && drains >= 20)
        #expect(loop.drain() == 0)
    }
}

/// Where something was called.
private struct Place: Sendable {
    let what: String
    let thread = LoopThread.current

    init(_ what: String) { self.what = what }
}

/// Does its work on Swift's own pool.
@concurrent
private func elsewhere() async { await Task.yield() }

/// A manual clock that tells where it is asked.
private struct WatchedClock: EngineClock {
    let manual = ManualClock(now: 1_000)
    let places: Log<Place>

    var now: Run.Milliseconds {
        places.append(Place("now"))
        return manual.now
    }

    func sleep(until instant: Run.Milliseconds) async throws {
        places.append(Place("sleep"))
        defer { places.append(Place("woken")) }
        try await manual.sleep(until: instant)
    }
}

/// A model that calls `work` until it gets something from it.
private struct WatchedModel: StrategyRunner {
    let name = "code_generation"
    let places: Log<Place>

    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        places.append(Place("strategy"))
        await progress("Hm.")
        places.append(Place("progress"))
        if case .tool? = execution.context.last { return Run.Result(output: "Done.") }
        return Run.Result(output: "Let me see.", calls: [.once("1", "work")])
    }
}
