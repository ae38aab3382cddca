import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    func outOfOrder() async throws {
        let journal = try await create()
        let wrong: [(String, [JournalEntry])] = [
            ("record 2 before record 1", [.sample(2)]), ("record 0", [.sample(0)]),
            ("the last number there is", [.sample(.max)]), ("a negative number", [.sample(-1)]),
            ("a snapshot of nothing", [.snapshot(0)]),
            ("a gap within a group", [.sample(1), .sample(3)]), ("a record twice", [.sample(1), .sample(1)]),
            ("a snapshot of a record to come", [.sample(1), .snapshot(2), .sample(2)]),
            ("a group that is wrong in another conversation", [.sample(1), .sample(2), .sample(2, in: "b")]),
            ("the least number there is", [.sample(1), .snapshot(.min)]),
        ]
        for (what, entries) in wrong { try await expectRefused(entries, what, by: journal) }
        try expect("what it lists after nothing but refusals", try await journal.conversations(), [])
        try await journal.append([.sample(1), .sample(2), .snapshot(2), .sample(3)], flushing: true)
        let later: [(String, [JournalEntry])] = [
            ("a record a second time", [.sample(3)]), ("a gap", [.sample(5)]),
            ("the first record", [.sample(1)]),
            ("a snapshot of an earlier record", [.snapshot(2)]), ("a snapshot to come", [.snapshot(4)]),
            ("a group that ends with a gap", [.sample(4), .sample(1, in: "b"), .snapshot(4), .sample(6)]),
        ]
        for (what, entries) in later { try await expectRefused(entries, what, by: journal) }
        try await journal.append([.sample(4), .sample(1, in: "b")], flushing: true)
        try expect(
            "the tail", try await journal.tail(of: "a"),
            JournalTail(snapshot: .sample(2), records: JournalRecord.samples(3...4)))
        try await expect(journal, holds: [.sample(1, in: "b")], of: "b")
        await journal.close()
    }

    private func expectRefused(_ entries: [JournalEntry], _ what: String, by journal: any Journal)
        async throws
    {
        let isOutOfOrder = { (reason: JournalError.Reason) -> Bool in
            if case .outOfOrder = reason { true } else { false }
        }
        try await expectRefusal(what, isOutOfOrder) { try await journal.append(entries, flushing: true) }
        let kept = try await journal.records(of: "b", from: 1, limit: .max)
        try expect("what it holds of b after the refusal of \(what)", kept, [])
    }

    func compaction() async throws {
        var journal = try await create()
        try await journal.compact()
        try await journal.append(JournalEntry.samples(1...4) + [.snapshot(4)], flushing: true)
        try await journal.append(JournalEntry.samples(5...6), flushing: true)
        try await journal.append(JournalEntry.samples(1...3, in: "whole"), flushing: true)
        try await journal.append(
            JournalEntry.samples(1...3, in: "rest") + [.snapshot(3, in: "rest")], flushing: true)
        try await journal.compact()
        try await expectCompacted(journal)
        try await journal.compact()
        try await expectCompacted(journal)
        if kit.open != nil {
            await journal.close()
            journal = try await open()
            try await expectCompacted(journal)
        }
        try await expectRefused([.sample(6)], "a record that is there", by: journal)
        try await expectRefused([.sample(1, in: "rest")], "a record that was forgotten", by: journal)
        try await journal.append(
            [.sample(7), .sample(4, in: "rest"), .sample(4, in: "whole")], flushing: true)
        let tails: [(Conversation.ID, Int?, ClosedRange<Int>)] = [
            ("a", 4, 5...7), ("rest", 3, 4...4), ("whole", nil, 1...4),
        ]
        for (id, snapshot, numbers) in tails {
            try expect(
                "the tail of \(id) afterwards", try await journal.tail(of: id),
                JournalTail(
                    snapshot: snapshot.map { number in .sample(number, in: id) },
                    records: JournalRecord.samples(numbers, in: id)))
        }
        await journal.close()
    }

    private func expectCompacted(_ journal: any Journal) async throws {
        let expected = [
            JournalListing(conversation: "a", records: 5..<7, snapshot: 4),
            JournalListing(conversation: "rest", records: 4..<4, snapshot: 3),
            JournalListing(conversation: "whole", records: 1..<4, snapshot: nil),
        ]
        try expect("the listing when it is compacted", try await journal.conversations(), expected)
        try expect(
            "the tail when it is compacted", try await journal.tail(of: "a"),
            JournalTail(snapshot: .sample(4), records: JournalRecord.samples(5...6)))
        let rest = try await journal.tail(of: "rest")
        try expect("the tail of a snapshot alone", rest, JournalTail(snapshot: .sample(3, in: "rest")))
        try await expect(journal, holds: JournalRecord.samples(1...3, in: "whole"), of: "whole")
        try expect(
            "what is kept", try await journal.records(of: "a", from: 1, limit: .max),
            JournalRecord.samples(5...6))
        try expect(
            "a page of what is kept", try await journal.records(of: "a", from: 6, limit: 1), [.sample(6)])
    }
}
