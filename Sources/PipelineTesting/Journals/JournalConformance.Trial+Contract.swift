import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    func order() async throws {
        let journal = try await create()
        try await journal.append([.sample(1, in: "a"), .sample(1, in: "b")], flushing: true)
        try await journal.append([.sample(2, in: "b")], flushing: false)
        try await journal.append([], flushing: true)
        try await journal.append(
            [.sample(2, in: "a"), .sample(3, in: "b"), .sample(3, in: "a")], flushing: true)
        try await expect(journal, holds: JournalRecord.samples(1...3, in: "a"), of: "a")
        try await expect(journal, holds: JournalRecord.samples(1...3, in: "b"), of: "b")
        await journal.close()
    }

    func unknown() async throws {
        let journal = try await create()
        for when in ["of an empty journal", "beside another conversation"] {
            try await expect(journal, holds: [], of: "nobody", when)
            try expect("the tail \(when)", try await journal.tail(of: "nobody"), JournalTail())
            let listed = try await journal.conversations().contains { listing in
                listing.conversation == "nobody"
            }
            if listed { throw fail("it lists a conversation that was only asked for") }
            if when.hasPrefix("of") {
                try await journal.append([.sample(1, in: "somebody")], flushing: false)
            }
        }
        await journal.close()
    }

    func tail() async throws {
        let journal = try await create()
        func expectTail(_ snapshot: Int?, _ records: ClosedRange<Int>?, _ when: String) async throws {
            let expected = JournalTail(
                snapshot: snapshot.map { number in .sample(number) },
                records: records.map { numbers in JournalRecord.samples(numbers) } ?? [])
            try expect("the tail \(when)", try await journal.tail(of: "a"), expected)
        }
        try await journal.append(JournalEntry.samples(1...3), flushing: false)
        try await expectTail(nil, 1...3, "without a snapshot")
        try await journal.append([.snapshot(3)], flushing: false)
        try await expectTail(3, nil, "of a snapshot after the last record")
        try await journal.append(JournalEntry.samples(4...5), flushing: true)
        try await expectTail(3, 4...5, "of a snapshot and two records")
        try await journal.append([.sample(6), .snapshot(6), .sample(7)], flushing: true)
        try await expectTail(6, 7...7, "of a snapshot in the middle of a group")
        try await journal.append([.sample(1, in: "b"), .snapshot(1, in: "b")], flushing: true)
        try await expectTail(6, 7...7, "beside a snapshot of another conversation")
        try expect(
            "all records", try await journal.records(of: "a", from: 1, limit: .max),
            JournalRecord.samples(1...7))
        await journal.close()
    }

    func paging() async throws {
        let journal = try await create()
        for number in 1...25 {
            try await journal.append([.sample(number), .sample(number, in: "b")], flushing: false)
        }
        var pages: [JournalRecord] = []
        while true {
            let page = try await journal.records(of: "a", from: pages.count + 1, limit: 7)
            if page.count > 7 { throw fail("a page of at most 7 has \(page.count) records") }
            if page.isEmpty { break }
            pages += page
            if pages.count > 25 { break }
        }
        try expect("what the pages come to", pages, JournalRecord.samples(1...25))
        let bounds: [(Int, Int, ClosedRange<Int>?)] = [
            (1, 0, nil), (1, -1, nil), (1, .min, nil), (26, 5, nil), (.max, .max, nil), (25, .max, 25...25),
            (0, 2, 1...2), (-3, 1, 1...1), (.min, .max, 1...25), (20, 100, 20...25),
        ]
        for (start, limit, expected) in bounds {
            let page = try await journal.records(of: "a", from: start, limit: limit)
            try expect(
                "a page from \(start) of at most \(limit)", page,
                expected.map { numbers in JournalRecord.samples(numbers) } ?? [])
        }
        await journal.close()
    }

    func listings() async throws {
        let journal = try await create()
        try expect("the listing of an empty journal", try await journal.conversations(), [])
        // The order is that of UTF-16, in which the emoji comes before the tilde.
        let ids: [Conversation.ID] = ["b", "\u{FF5E}", "a", "B", "😀", "", "a/1", "é"]
        for (index, id) in ids.enumerated() {
            try await journal.append(JournalEntry.samples(1...index + 1, in: id), flushing: false)
        }
        try await journal.append([.snapshot(3, in: "a"), .sample(4, in: "a")], flushing: true)
        let expected = ids.enumerated().sorted { a, b in a.element.key < b.element.key }.map { index, id in
            JournalListing(
                conversation: id, records: 1..<(id == "a" ? 5 : index + 2), snapshot: id == "a" ? 3 : nil)
        }
        try expect("the listing", try await journal.conversations(), expected)
        await journal.close()
    }

    func flush() async throws {
        let journal = try await create()
        try await journal.flush()
        try await journal.append([.sample(1)], flushing: false)
        try await journal.flush()
        try await journal.flush()
        try await journal.append([.sample(2)], flushing: true)
        try await journal.flush()
        try await expect(journal, holds: JournalRecord.samples(1...2), of: "a")
        await journal.close()
    }

    func closed() async throws {
        let journal = try await create()
        try await journal.append([.sample(1)], flushing: false)
        await journal.close()
        await journal.close()
        func isClosed(_ reason: JournalError.Reason) -> Bool { reason == .closed }
        try await expectRefusal("append", isClosed) { try await journal.append([.sample(2)], flushing: true) }
        try await expectRefusal("flush", isClosed) { try await journal.flush() }
        try await expectRefusal("tail", isClosed) { _ = try await journal.tail(of: "a") }
        try await expectRefusal("records", isClosed) {
            _ = try await journal.records(of: "a", from: 1, limit: 1)
        }
        try await expectRefusal("conversations", isClosed) { _ = try await journal.conversations() }
        try await expectRefusal("compact", isClosed) { try await journal.compact() }
    }
}
