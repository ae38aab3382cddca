import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Thousands of executions through one gateway, with everything that can come between.
@Suite(.timeLimit(.minutes(5)))
struct GatewayLoadTests {
    @Test func `ten thousand executions each end once, and nothing is left of them`() async throws {
        let clock = ManualClock(now: 1_000)
        let capacity = try Capacity(20)
        let loop = HostLoop()
        let labor = Labor(clock: clock, seed: 7, loop: loop)
        let bench = Bench(try labor.gateway(capacity), clock: clock, loop: loop)
        var shift = Shift(bench, capacity, conversations: 40, seed: 11)
        for _ in 0..<6 {
            shift.work(runs: 160)
            // Other tests want the thread, too.
            await Task.yield()
            #expect(capacity.free == capacity.limit && capacity.waiting == 0 && labor.now == 0)
            #expect(clock.sleepers.isEmpty)
        }
        #expect(labor.most == capacity.limit && shift.idlePlaces == 0)
        let shutdown = bench.shutDown()
        #expect(shutdown.isOver, "something is still under way")
        let ledger = Ledger(bench.journal.records)
        #expect(ledger.replays)
        #expect(ledger.accounts.count >= 10_000)
        let ends = [
            "completed", "canceled", "failed idle", "failed limitExceeded", "failed outcomeUnknown",
            "failed policyDenied", "failed scheduleToStart", "failed startToClose", "failed transport",
            "failed unknown", "failed validation",
        ]
        for end in ends { #expect((ledger.endings[end] ?? 0) > 100, "\(end)") }
        #expect(ledger.problems.prefix(8) == [])
    }

    @Test(arguments: [0, 150, 5_000])
    func `a shutdown in the middle of it leaves nothing behind, and the next engine brings it to an end`(
        limit: Int
    ) throws {
        let clock = ManualClock(now: 1_000)
        let (capacity, loop) = (try Capacity(20), HostLoop())
        let labor = Labor(clock: clock, seed: 3, loop: loop)
        let bench = Bench(try labor.gateway(capacity), clock: clock, loop: loop)
        var shift = Shift(bench, capacity, conversations: 20, seed: 13)
        shift.open(runs: 40)
        let shutdown = bench.shutDown(within: .milliseconds(limit))
        bench.advance(by: Run.Milliseconds(limit))
        #expect(shutdown.isOver && bench.journal.isClosed)
        // What ignores its cancel ends in this time, unheard.
        let records = bench.journal.records
        for _ in 0..<20 { bench.advance(by: 100) }
        #expect(bench.journal.records.count == records.count)
        #expect(capacity.free == capacity.limit && capacity.waiting == 0 && labor.now == 0)
        #expect(clock.sleepers.isEmpty)

        let (heirs, newLoop) = (try Capacity(20), HostLoop())
        let heir = try Labor(clock: clock, seed: 3, loop: newLoop).gateway(heirs)
        let next = Bench(heir, journal: SpyJournal(records), clock: clock, loop: newLoop)
        var second = Shift(next, heirs, conversations: 20, seed: 17)
        second.comeToRest()
        #expect(next.shutDown().isOver)
        #expect(heirs.free == heirs.limit && heirs.waiting == 0 && clock.sleepers.isEmpty)
        let ledger = Ledger(next.journal.records)
        #expect(ledger.replays)
        #expect(ledger.problems(answered: 0...1).prefix(8) == [])
    }

    @Test func `a thousand executions on many threads each end once, and nothing is left of them`()
        async throws
    {
        let labor = Labor(clock: ManualClock(now: 1_000), seed: 5)
        let (capacity, journal) = (try Capacity(10), MemoryJournal())
        let folder = try ScratchFolder()
        let store = try FileArtifactStore(folder: folder["artifacts"])
        let gateway = try labor.gateway(capacity, artifacts: store)
        let engine = Engine(gateway, journal: journal, clock: labor.clock)
        let crowd = Crowd(engine: engine, labor: labor)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await crowd.letTimePass() }
            try await crowd.work(callers: 12, runs: 6)
            // What goes on whatever it is told comes to its end in this time.
            await engine.shutdown(within: .seconds(60))
            group.cancelAll()
        }
        let ledger = Ledger(journal.contents)
        #expect(labor.now == 0 && labor.most <= capacity.limit)
        #expect(capacity.free == capacity.limit && capacity.waiting == 0)
        #expect(labor.clock.sleepers.isEmpty)
        // Other tests open files at the same time; nobody else opens any here.
        #expect(folder.descriptors == [])
        #expect(ledger.replays)
        #expect(ledger.accounts.count >= 1_000)
        #expect(ledger.problems.prefix(8) == [])
    }
}
