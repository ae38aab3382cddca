import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    func reopened() async throws {
        var journal = try await create()
        for number in 1...6 {
            let snapshot: [JournalEntry] = number == 3 ? [.snapshot(3)] : []
            try await journal.append(
                [.sample(number)] + snapshot + [.sample(number, in: "b")], flushing: number.isMultiple(of: 2))
            await journal.close()
            journal = try await open()
            let kept = try await journal.records(of: "a", from: 1, limit: .max)
            try expect("what it holds of a after opening \(number)", kept, JournalRecord.samples(1...number))
            try await expect(journal, holds: JournalRecord.samples(1...number, in: "b"), of: "b")
            try await expectRefusal("a record that is there") {
                try await journal.append([.sample(number)], flushing: true)
            }
        }
        try expect(
            "the tail", try await journal.tail(of: "a"),
            JournalTail(snapshot: .sample(3), records: JournalRecord.samples(4...6)))
        let expected = [
            JournalListing(conversation: "a", records: 1..<7, snapshot: 3),
            JournalListing(conversation: "b", records: 1..<7, snapshot: nil),
        ]
        try expect("the listing", try await journal.conversations(), expected)
        await journal.close()
    }

    func abandoned() async throws {
        if kit.open == nil { _ = try await open() }
        try await appendAndLeave()
        try await expectAcknowledged(in: name)
    }

    /// When this returns, nobody has the journal any more, and it was not closed.
    private func appendAndLeave() async throws { try await acknowledge(in: try await create()) }

    func killed() async throws {
        guard let copy = kit.afterKill else {
            throw Missing(what: "no way to leave it as a killed process does")
        }
        let journal = try await create()
        try await acknowledge(in: journal)
        let left = try await copy(name)
        try await expectAcknowledged(in: left)
        try await journal.append([.sample(10)], flushing: true)
        await journal.close()
    }

    /// Acknowledged, and not all of it flushed.
    private func acknowledge(in journal: any Journal) async throws {
        try await journal.append(JournalEntry.samples(1...3), flushing: true)
        try await journal.append([.sample(1, in: "b"), .sample(4), .snapshot(4)], flushing: false)
        for number in 5...9 { try await journal.append([.sample(number)], flushing: false) }
    }

    private func expectAcknowledged(in name: String) async throws {
        let journal = try await open(name)
        let kept = try await journal.records(of: "a", from: 1, limit: .max)
        try expect("what is left of a", kept, JournalRecord.samples(1...9))
        try await expect(journal, holds: [.sample(1, in: "b")], of: "b", "that is left")
        try expect(
            "the tail", try await journal.tail(of: "a"),
            JournalTail(snapshot: .sample(4), records: JournalRecord.samples(5...9)))
        try await journal.append([.sample(10)], flushing: true)
        await journal.close()
    }

    func powerLoss() async throws {
        guard let copy = kit.afterPowerLoss else { throw Missing(what: "no way to take the power away") }
        let journal = try await create()
        /// Everything up to a record must be there; what comes after may be, in order and without gaps.
        func expectFlushed(_ number: Int, of last: Int, _ when: String) async throws {
            let left = try await open(try await copy(name))
            let kept = try await left.records(of: "a", from: 1, limit: .max)
            if kept.count < number || kept.count > last {
                throw fail("\(kept.count) records are left \(when), of which \(number) were flushed")
            }
            try expect(
                "what is left \(when)", kept, number > 0 ? JournalRecord.samples(1...kept.count) : kept)
            await left.close()
        }
        try await expectFlushed(0, of: 0, "of an empty journal")
        try await journal.append(JournalEntry.samples(1...2), flushing: true)
        try await expectFlushed(2, of: 2, "after a flushing append")
        try await journal.append(JournalEntry.samples(3...4), flushing: false)
        try await expectFlushed(2, of: 4, "after an append that does not flush")
        try await journal.flush()
        try await expectFlushed(4, of: 4, "after a flush")
        try await journal.append([.sample(5)], flushing: false)
        try await journal.append([], flushing: true)
        try await expectFlushed(5, of: 5, "after a flushing append of nothing")
        for number in 6...30 { try await journal.append([.sample(number)], flushing: number == 30) }
        try await expectFlushed(30, of: 30, "after a flushing append behind others")
        try await journal.append([.snapshot(30), .sample(31)], flushing: true)
        try await journal.compact()
        let left = try await open(try await copy(name))
        try expect(
            "the tail after it was compacted", try await left.tail(of: "a"),
            JournalTail(snapshot: .sample(30), records: [.sample(31)]))
        await left.close()
        await journal.close()
    }
}
