import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    private var writers: [Conversation.ID] { ["a", "b", "c", "d"] }

    func appends() async throws {
        let journal = try await create()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in writers {
                group.addTask {
                    for first in stride(from: 1, through: 24, by: 4) {
                        try await journal.append(JournalEntry.samples(first...first, in: id), flushing: false)
                        try await journal.append(
                            JournalEntry.samples(first + 1...first + 3, in: id), flushing: first == 13)
                    }
                }
            }
            for _ in 1...4 { group.addTask { try await journal.flush() } }
            try await group.waitForAll()
        }
        for id in writers { try await expect(journal, holds: JournalRecord.samples(1...24, in: id), of: id) }
        let expected = writers.map { id in JournalListing(conversation: id, records: 1..<25, snapshot: nil) }
        try expect("the listing", try await journal.conversations(), expected)
        await journal.close()
    }

    func reads() async throws {
        let journal = try await create()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in writers {
                group.addTask { try await write(id, to: journal) }
                group.addTask { try await follow(id, in: journal) }
            }
            try await group.waitForAll()
        }
        await journal.close()
    }

    private func write(_ id: Conversation.ID, to journal: any Journal) async throws {
        for number in stride(from: 1, to: 24, by: 2) {
            try await journal.append(JournalEntry.samples(number...number + 1, in: id), flushing: false)
            try await expect(journal, holds: JournalRecord.samples(1...number + 1, in: id), of: id)
        }
    }

    /// Reads what another task appends: it may only grow, a group at a time, until it is all there.
    private func follow(_ id: Conversation.ID, in journal: any Journal) async throws {
        var known = 0
        while known < 24 {
            // Where the writer fails there is nothing to wait for.
            try Task.checkCancellation()
            let records = try await journal.records(of: id, from: 1, limit: .max)
            if records.count < known {
                throw fail("of \(id) \(records.count) records are read where \(known) were read before")
            }
            known = records.count
            if !known.isMultiple(of: 2) { throw fail("a part of a group of \(id) is read") }
            try expect(
                "what is read of \(id)", records, known > 0 ? JournalRecord.samples(1...known, in: id) : [])
            await Task.yield()
        }
    }

    func readsOfCompacted() async throws {
        let journal = try await create()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in writers {
                group.addTask {
                    for number in 1...24 {
                        let snapshot = number.isMultiple(of: 5) ? [JournalEntry.snapshot(number, in: id)] : []
                        try await journal.append([.sample(number, in: id)] + snapshot, flushing: false)
                        try await expectLast(number, of: id, in: journal)
                        // Readers have a turn between any two.
                        await Task.yield()
                        if number.isMultiple(of: 7) { try await journal.compact() }
                    }
                }
            }
            for id in writers { group.addTask { try await followLast(of: id, in: journal) } }
            group.addTask {
                for _ in 1...10 {
                    try await journal.compact()
                    await Task.yield()
                }
            }
            try await group.waitForAll()
        }
        await journal.close()
    }

    /// Reads the tail again and again until the writer is done: what was there once stays.
    private func followLast(of id: Conversation.ID, in journal: any Journal) async throws {
        var known = 0
        while known < 24 {
            // Where the writer fails there is nothing to wait for.
            try Task.checkCancellation()
            let tail = try await journal.tail(of: id)
            let last = tail.records.last?.sequence ?? tail.snapshot?.sequence ?? 0
            guard last >= known else {
                throw fail("the last of \(id) is record \(last), where it was \(known) before")
            }
            known = last
            await Task.yield()
        }
    }

    /// However much was forgotten, the tail goes from the last snapshot to the last record.
    private func expectLast(_ last: Int, of id: Conversation.ID, in journal: any Journal) async throws {
        let snapshot = last - last % 5
        let tail = JournalTail(
            snapshot: snapshot > 0 ? .sample(snapshot, in: id) : nil,
            records: snapshot < last ? JournalRecord.samples(snapshot + 1...last, in: id) : [])
        try expect("the tail of \(id) after record \(last)", try await journal.tail(of: id), tail)
        let kept = try await journal.records(of: id, from: 1, limit: .max)
        let first = kept.first?.sequence ?? last + 1
        if first > snapshot + 1 {
            throw fail("of \(id) the records from \(snapshot + 1) are needed, and \(first) is the first")
        }
        try expect(
            "what is kept of \(id)", kept, first <= last ? JournalRecord.samples(first...last, in: id) : [])
        let isListed = try await journal.conversations().contains { listing in
            listing.conversation == id && listing.records.upperBound == last + 1
                && listing.snapshot == (snapshot > 0 ? snapshot : nil)
        }
        if !isListed { throw fail("\(id) is not listed with \(last) as its last record") }
    }
}
