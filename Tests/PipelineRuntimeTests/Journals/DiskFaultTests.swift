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

/// The file journal over a disk that fails at any call, or loses what was not flushed.
struct DiskFaultTests {
    private static let (inputOutput, noSpace): (Int32, Int32) = (5, 28)

    /// What is found must begin with what was acknowledged, and hold nothing that was not given.
    private func check(
        _ disk: SimulatedDisk, holds kept: [Conversation.ID: Int], of session: DiskSession, _ place: String
    ) async {
        do {
            let contents = disk.calls.isEmpty && kept.isEmpty
            if contents, (try? FileJournal.contents(of: DiskSession.folder, on: disk)) == nil { return }
            let journal = try DiskSession.open(disk)
            let listings = try await journal.conversations()
            for id in DiskSession.conversations {
                let last = (listings.first { $0.conversation == id }?.records.upperBound ?? 1) - 1
                #expect(last >= kept[id] ?? 0, "\(place): \(id) ends with \(last)")
                #expect(last <= session.given[id] ?? 0, "\(place): \(id) has \(last)")
                let tail = try await journal.tail(of: id)
                let first = (tail.snapshot?.sequence ?? 0) + 1
                #expect(tail.records == (first..<last + 1).map { .note($0, in: id) }, "\(place): \(id)")
                if let snapshot = tail.snapshot {
                    #expect(snapshot == .note(snapshot.sequence, in: id), "\(place)")
                }
                // It goes on from there.
                try await journal.append([.note(last + 1, in: id)], flushing: true)
            }
            _ = try FileJournal.contents(of: DiskSession.folder, on: disk)
        } catch {
            Issue.record("\(place): \(error)")
        }
    }

    /// Whether there is time for all of it: `.ci/slow` has.
    private static let isThorough = getenv("PIPELINE_THOROUGH") != nil

    @Test(arguments: isThorough ? [inputOutput, noSpace] : [noSpace], isThorough ? [0, 50, 100] : [50])
    func `whatever call fails, an error says so, and nothing that was acknowledged is lost`(
        code: Int32, share: Int
    ) async {
        let count = Self.isThorough ? 40 : 24
        var generator = SeededGenerator(seed: 7)
        let whole = SimulatedDisk()
        var undisturbed = DiskSession(on: whole)
        #expect(await undisturbed.run(count, &generator) == 0)
        await check(whole.afterKill(), holds: undisturbed.acknowledged, of: undisturbed, "undisturbed")
        var failing = 0
        for call in whole.calls.indices {
            var generator = SeededGenerator(seed: 7)
            let disk = SimulatedDisk()
            disk.fail(call: call, .init(code, share: share))
            var session = DiskSession(on: disk)
            failing += await session.run(count, &generator)
            let place = "call \(call) (\(whole.calls[call]))"
            await check(disk.afterKill(), holds: session.acknowledged, of: session, place)
            var chance = SeededGenerator(seed: UInt64(call))
            await check(disk.afterPowerLoss(&chance), holds: session.flushed, of: session, place + ", power")
        }
        // Where a call fails that nobody needs at once, the next one may hide it; most do not.
        #expect(failing * 2 > whole.calls.count)
    }

    @Test(arguments: 0..<(isThorough ? 2_000 : 30))
    func `what was flushed survives a loss of power at any moment, and what follows is a beginning`(
        seed: Int
    ) async {
        var generator = SeededGenerator(seed: UInt64(seed))
        let disk = SimulatedDisk()
        var session = DiskSession(on: disk)
        await session.run(Int.random(in: 1...60, using: &generator), &generator)
        for loss in 0..<8 {
            await check(
                disk.afterPowerLoss(&generator), holds: session.flushed, of: session, "loss \(loss)")
        }
        await check(disk.afterKill(), holds: session.acknowledged, of: session, "kill")
    }

    @Test func `E7 a disk that is full for a while costs the appends of that while`() async throws {
        let disk = SimulatedDisk()
        let journal = try DiskSession.open(disk)
        try await journal.append([.note(1, in: "a")], flushing: true)
        disk.fail(call: disk.calls.count, .init(Self.noSpace, share: 60))
        await #expect(throws: JournalError.self) {
            try await journal.append([.note(2, in: "a"), .note(3, in: "a")], flushing: true)
        }
        try await journal.append([.note(2, in: "a")], flushing: true)
        #expect(try await journal.tail(of: "a").records == [.note(1, in: "a"), .note(2, in: "a")])
        #expect(try FileJournal.contents(of: DiskSession.folder, on: disk.afterKill()).tornBytes == 0)
    }

    @Test func `after a flush that failed nothing more is taken, until the journal is opened again`()
        async throws
    {
        let disk = SimulatedDisk()
        let journal = try DiskSession.open(disk)
        try await journal.append([.note(1, in: "a")], flushing: true)
        disk.fail(call: disk.calls.count + 1, .init(Self.inputOutput))
        let failure = JournalError("journal.jsonl", .system("flush", "Input/output error"))
        await #expect(throws: failure) { try await journal.append([.note(2, in: "a")], flushing: true) }
        await #expect(throws: failure) { try await journal.append([.note(2, in: "a")], flushing: true) }
        await #expect(throws: failure) { try await journal.tail(of: "a") }
        // The record was written, and nobody was told of it.
        let again = try DiskSession.open(disk)
        #expect(try await again.tail(of: "a").records.count == 2)
    }

    @Test func `E8 whoever was taken over from writes nothing that counts`() async throws {
        let disk = SimulatedDisk()
        let old = try DiskSession.open(disk)
        try await old.append([.note(1, in: "a")], flushing: true)
        let new = try FileJournal(
            openingAt: DiskSession.folder, on: disk, lock: nil, takingOver: true,
            segmentSize: DiskSession.segmentSize)
        await #expect(throws: JournalError(DiskSession.folder, .fenced(by: 2))) {
            try await old.append([.note(2, in: "a")], flushing: true)
        }
        try await new.append([.note(2, in: "a"), .note(3, in: "a")], flushing: true)
        await #expect(throws: JournalError.self) { try await old.compact() }
        let third = try DiskSession.open(disk.afterKill())
        #expect(try await third.tail(of: "a").records == (1...3).map { .note($0, in: "a") })
        #expect(try FileJournal.contents(of: DiskSession.folder, on: disk).records.count == 3)
    }
}
