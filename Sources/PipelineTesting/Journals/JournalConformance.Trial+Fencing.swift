import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    func held() async throws {
        if kit.open == nil { _ = try await open() }
        let journal = try await create()
        try await journal.append([.sample(1)], flushing: true)
        func isHeld(_ reason: JournalError.Reason) -> Bool { reason == .held }
        for number in 2...3 {
            try await expectRefusal("a second opener", isHeld) { _ = try await open() }
            try await journal.append([.sample(number)], flushing: true)
        }
        await journal.close()
        let next = try await open()
        try await expectRefusal("a second opener of one that was opened", isHeld) { _ = try await open() }
        try await expect(next, holds: JournalRecord.samples(1...3), of: "a")
        await next.close()
    }

    func fenced() async throws {
        guard let takeOver = kit.takeOver else { throw Missing(what: "no way to take it over") }
        let old = try await create()
        try await old.append(JournalEntry.samples(1...2), flushing: false)
        let new = try await takeOver(name)
        try await expect(new, holds: JournalRecord.samples(1...2), of: "a", "when it was taken over")
        try await expectFenced(old, "before the new owner has written")
        try await new.append([.sample(3)], flushing: true)
        try await expectFenced(old, "when the new owner has written")
        let newest = try await takeOver(name)
        try await newest.append([.sample(4)], flushing: true)
        try await expectFenced(old, "when it was taken over twice")
        try await expectRefusal("an append of the second owner") {
            try await new.append([.sample(4), .sample(5)], flushing: true)
        }
        await old.close()
        await new.close()
        try await newest.append([.sample(5)], flushing: false)
        try await expect(
            newest, holds: JournalRecord.samples(1...5), of: "a", "in the hands of its last owner")
        try expect(
            "what it holds of intruder", try await newest.records(of: "intruder", from: 1, limit: 9), [])
        await newest.close()
        let again = try await open()
        try await expect(again, holds: JournalRecord.samples(1...5), of: "a", "when it is opened afterwards")
        try expect(
            "what it holds of intruder then", try await again.records(of: "intruder", from: 1, limit: 9), [])
        await again.close()
    }

    /// It is refused whatever it tries, each time: also where it is not the first.
    private func expectFenced(_ old: any Journal, _ when: String) async throws {
        let attempts: [(String, [JournalEntry], Bool)] = [
            ("that flushes", [.sample(3)], true), ("that does not flush", [.sample(3)], false),
            ("to a conversation of its own", [.sample(1, in: "intruder")], true),
        ]
        for (what, entries, flushing) in attempts {
            try await expectRefusal("an append of the old owner \(what), \(when),") {
                try await old.append(entries, flushing: flushing)
            }
        }
        try await expectRefusal("a flush of the old owner \(when)") { try await old.flush() }
        try await expectRefusal("a compaction of the old owner \(when)") { try await old.compact() }
    }
}
