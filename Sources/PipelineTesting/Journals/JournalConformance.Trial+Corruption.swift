import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    func damage() async throws {
        guard let damaged = kit.damaged else { throw Missing(what: "no way to damage it") }
        let journal = try await create()
        try await journal.append(
            JournalEntry.samples(1...6) + [.sample(1, in: "b"), .snapshot(6)], flushing: true)
        try await journal.append(
            JournalEntry.samples(7...12) + JournalEntry.samples(2...3, in: "b"), flushing: true)
        try await journal.append([.sample(1, in: "c"), .snapshot(1, in: "c")], flushing: true)
        await journal.close()
        var way = 0
        while let copy = try await damaged(name, way) {
            let opened: any Journal
            do {
                opened = try await open(copy)
            } catch let error as JournalError {
                try expectTelling(error, way)
                way += 1
                continue
            }
            try await expectSame(opened, way)
            await opened.close()
            way += 1
        }
        if way == 0 { throw fail("no damaged copy was given") }
    }

    /// Each answer is what it was, or an error.
    private func expectSame(_ journal: any Journal, _ way: Int) async throws {
        let when = "of the copy damaged in way \(way)"
        let listings = [
            JournalListing(conversation: "a", records: 1..<13, snapshot: 6),
            JournalListing(conversation: "b", records: 1..<4, snapshot: nil),
            JournalListing(conversation: "c", records: 1..<2, snapshot: 1),
        ]
        try await expectTelling(way) {
            try expect("the listing \(when)", try await journal.conversations(), listings)
        }
        let contents: [(Conversation.ID, Int?, Int)] = [("a", 6, 12), ("b", nil, 3), ("c", 1, 1)]
        for (id, snapshot, last) in contents {
            let records = JournalRecord.samples(1...last, in: id)
            let tail = JournalTail(
                snapshot: snapshot.map { number in .sample(number, in: id) },
                records: Array(records.dropFirst(snapshot ?? 0)))
            try await expectTelling(way) {
                try expect("the tail of \(id) \(when)", try await journal.tail(of: id), tail)
            }
            try await expectTelling(way) {
                let kept = try await journal.records(of: id, from: 1, limit: .max)
                try expect("what is read of \(id) \(when)", kept, records)
            }
        }
    }

    private func expectTelling(_ way: Int, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as JournalError {
            try expectTelling(error, way)
        }
    }

    /// The error says that the journal is damaged, and not that somebody uses it.
    private func expectTelling(_ error: JournalError, _ way: Int) throws {
        switch error.reason {
        case .missing, .foreign, .newerFormat, .corrupt, .damaged, .system, .diverged: return
        case .held, .fenced, .closed, .outOfOrder, .unreachable:
            throw fail("the copy damaged in way \(way) is refused for another reason: \(error)")
        }
    }
}
