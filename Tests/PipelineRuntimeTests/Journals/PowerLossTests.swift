import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A real engine whose machine loses power at any call of the disk, and the next one on what is left.
struct PowerLossTests {
    /// What was really done, whoever did it and whatever became of the record of it.
    private final class Effects: Sendable {
        private let done = Locked<[String: Int]>([:])

        func count(_ key: String) { done.withLock { done in done[key, default: 0] += 1 } }

        var all: [String: Int] { done.withLock { done in done } }
    }

    /// - Parameter disk: when the power goes now, it must know of what begins.
    private static func engine(
        _ journal: FileJournal, on disk: SimulatedDisk, _ effects: Effects, _ durability: Durability
    ) -> Engine {
        var gateway = Gateway.open()
        gateway.register(
            Strategy { execution in
                let turn = execution.arguments["turn"]?.integerValue ?? 0
                guard turn <= 3 else { return Run.Result(output: "Done.") }
                let calls = [Run.Call.once("\(turn)a", "pay"), .safe("\(turn)b", "look")]
                return Run.Result(output: "Go on.", calls: calls)
            })
        for (name, isIdempotent) in [("pay", false), ("look", true)] {
            gateway.register(
                Crane(name, isIdempotent: isIdempotent) { execution, _ in
                    effects.count("\(execution.name) \(execution.idempotencyKey)")
                    if !isIdempotent, !disk.afterWorstPowerLoss().knowsStart(of: execution) {
                        effects.count("unsafe \(execution.id)")
                    }
                    return Run.Result(output: "ok")
                })
        }
        return Engine(
            gateway, journal: journal, clock: ManualClock(now: 1_000),
            durability: durability, snapshotInterval: 7)
    }

    /// Has two runs done, one after the other, as far as the disk lets it.
    ///
    /// Each run is flushed once when it has been opened, so that there is something to repeat.
    ///
    /// - Returns: the requests that were acknowledged, and those of them that were flushed after it.
    private static func work(
        _ engine: Engine, _ journal: FileJournal
    ) async -> (acknowledged: [Run.Signal.ID], flushed: [Run.Signal.ID]) {
        var acknowledged: [Run.Signal.ID] = []
        var flushed: [Run.Signal.ID] = []
        for id in ["r1", "r2"] as [Run.Signal.ID] {
            let request = Run.Request("Do it.", whenBusy: .enqueue)
            guard (try? await engine.request(.userMessage(request), id: id, in: "chat")) != nil else { break }
            acknowledged.append(id)
            if (try? await journal.flush()) != nil { flushed.append(id) }
            for await entry in engine.events(of: "chat") where entry.event.ends(Run.ID(key: id.key)) { break }
        }
        return (acknowledged, flushed)
    }

    /// Answers that what may have happened is not to happen again, until nothing is left to do.
    private static func finish(_ engine: Engine) async throws -> Conversation {
        for await entry in engine.events(of: "chat") {
            if case .gateOpened(let gate) = entry.event.kind {
                let id = Run.Signal.ID("skip \(gate.ticket)")
                _ = try await engine.request(
                    .gateAnswer(gate.ticket, .skip), id: id, by: .operator("ada"), in: "chat")
            }
            let state = try await engine.state(of: "chat")
            if !state.isUnsettled { return state }
        }
        return try await engine.state(of: "chat")
    }

    private static let isThorough = getenv("PIPELINE_THOROUGH") != nil

    @Test(arguments: [Durability.sync, .async(within: 50)], 0..<(isThorough ? 400 : 12))
    func `E6 whenever the power goes, nothing acknowledged is lost and nothing is paid twice`(
        durability: Durability, seed: Int
    ) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        // Beginning a new file flushes the old one: with small ones that happens by chance.
        let segmentSize = seed.isMultiple(of: 4) ? DiskSession.segmentSize : 1 << 20
        let effects = Effects()
        let disk = SimulatedDisk()
        disk.stop(at: Int.random(in: 12...220, using: &generator))
        var told: (acknowledged: [Run.Signal.ID], flushed: [Run.Signal.ID]) = ([], [])
        if let journal = try? DiskSession.open(disk, segmentSize: segmentSize) {
            let engine = Self.engine(journal, on: disk, effects, durability)
            told = await Self.work(engine, journal)
            await engine.shutdown(within: .zero)
        }
        let left = disk.afterPowerLoss(&generator)
        if (try? FileJournal.contents(of: DiskSession.folder, on: left)) == nil, told.acknowledged.isEmpty {
            return
        }

        let found = try DiskSession.open(left, segmentSize: segmentSize)
        let before = try await found.records(of: "chat")
        let next = Self.engine(found, on: left, effects, durability)
        let known = before.map(\.signal.id)
        let kept = durability == .sync ? told.acknowledged : told.flushed
        #expect(kept.allSatisfy { id in known.contains(id) }, "an acknowledged request is lost")
        if !before.isEmpty {
            let state = try await Self.finish(next)
            #expect(state.active == nil && state.parked.isEmpty)
        }
        await next.shutdown(within: .seconds(1))
        for (key, count) in effects.all where key.hasPrefix("pay") {
            #expect(count == 1, "\(key): \(count) times")
        }
        #expect(!effects.all.keys.contains { key in key.hasPrefix("unsafe") }, "\(effects.all)")

        // All that is there replays, with equal digests.
        let journal = try DiskSession.open(left.afterKill())
        var replay = JournalReplay("chat")
        for record in try await journal.records(of: "chat") { _ = try replay.apply(record) }
        let tail = try await journal.tail(of: "chat")
        #expect(try JournalReplay(of: "chat", tail).state == replay.state)
    }
}

extension Run.Event {
    fileprivate func ends(_ run: Run.ID) -> Bool {
        switch kind {
        case .run(run, .completed), .run(run, .failed), .run(run, .canceled): true
        default: false
        }
    }
}

extension SimulatedDisk {
    fileprivate func knowsStart(of execution: Run.Execution) -> Bool {
        let contents = try? FileJournal.contents(of: DiskSession.folder, on: self)
        return contents?.records.contains { record in
            record.deeds.contains("start \(execution.id) \(execution.name)")
        } ?? false
    }
}
