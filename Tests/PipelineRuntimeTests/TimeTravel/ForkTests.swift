import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ForkTests {
    @Test func `a fork at any record is sound, says where it comes from, and can be run to its end`()
        async throws
    {
        let past = try Past()
        try await past.run(snapshots: 4)
        let whole = try past.history()
        let bytes = try past.folder.read("run/journal.jsonl")
        for record in whole.records {
            let path = past.folder["fork-\(record.sequence)"]
            let origin = try await FileJournal.fork(
                past.path, at: record.sequence, of: "chat", to: path, notes: ["why": "test"])
            let contents = try FileJournal.contents(of: path)
            let history = contents.history(of: "chat")
            #expect(contents.origin == origin && origin.sequence == record.sequence)
            #expect(origin.journal == past.path && origin.notes == ["why": "test"])
            #expect(history.records.map(\.signal) == whole.records.prefix(record.sequence).map(\.signal))
            #expect(history.records.last?.digest == origin.digest)
            let verification = JournalVerification(of: history)
            #expect(verification.isSound && verification.undigested == 0, "\(verification.findings)")
            let comparison = try JournalComparison(whole, history)
            #expect(comparison.first == (record == whole.records.last ? nil : record.sequence + 1))
            guard history.reachable.upperBound < whole.records.count else { continue }
            let state = try await past.resume(at: path)
            #expect(state.finished.last?.status == .completed, "from record \(record.sequence)")
            #expect(JournalVerification(of: try FileJournal.contents(of: path).history(of: "chat")).isSound)
        }
        #expect(try past.folder.read("run/journal.jsonl") == bytes, "the other one is not touched")
    }

    @Test func `where a fork cuts through an append, its last record gets a digest of its own`() async throws
    {
        let past = try Past()
        try await past.run()
        let records = try past.history().records.map { record in record.undigested }
        let together = try FileJournal.create(at: past.folder["together"])
        try await together.append(records, flushing: true)
        await together.close()
        for sequence in 1..<records.count {
            let path = past.folder["fork-\(sequence)"]
            let origin = try await FileJournal.fork(
                past.folder["together"], at: sequence, of: "chat", to: path)
            let history = try FileJournal.contents(of: path).history(of: "chat")
            let verification = JournalVerification(of: history)
            #expect(verification.isSound && verification.undigested == 0)
            #expect(history.records.last?.digest == origin.digest)
            #expect(history.records.dropLast() == records.prefix(sequence - 1))
            let state = try await past.resume(at: path)
            #expect(state.finished.last?.status == .completed)
        }
    }

    @Test func `what was not appended yet is in no fork, whatever the conversation`() async throws {
        let past = try Past()
        try await past.run("a", in: "one")
        try await past.run("b", in: "two", .isInterrupted)
        try await past.run("c", in: "one")
        let contents = try past.contents
        let first = try #require(contents.history(of: "one").records.last { $0.signal.id == "a" })
        let path = past.folder["fork"]
        try await FileJournal.fork(past.path, at: first.sequence, of: "one", to: path)
        #expect(try FileJournal.contents(of: path).conversations == ["one"])
        let later = past.folder["later"]
        let opening = try #require(contents.history(of: "one").records.last { $0.signal.id == "c" })
        try await FileJournal.fork(past.path, at: opening.sequence, of: "one", to: later)
        let fork = try FileJournal.contents(of: later)
        #expect(fork.conversations == ["one", "two"])
        #expect(fork.history(of: "two") == contents.history(of: "two"))
        #expect(fork.conversations.allSatisfy { JournalVerification(of: fork.history(of: $0)).isSound })
    }

    @Test func `a compacted journal is forked from its snapshots on, all of them`() async throws {
        let past = try Past()
        // The order of their names is not the order in which they came.
        try await past.run("b", in: "two")
        try await past.run("a", in: "one", .isInterrupted)
        let journal = try FileJournal.open(at: past.path)
        try await journal.compactFully()
        await journal.close()
        #expect(try past.contents.conversations == ["two", "one"])
        let base = try #require(try past.history(of: "two").base)
        let path = past.folder["fork"]
        try await FileJournal.fork(past.path, at: base.sequence, of: "two", to: path)
        let fork = try FileJournal.contents(of: path)
        #expect(fork.conversations == ["two", "one"])
        #expect(fork.history(of: "one") == (try past.history(of: "one")))
        let state = try await past.resume("a", in: "one", at: path)
        #expect(state.finished.last?.status == .completed)
    }

    @Test func `a record that is not there, and a history that does not replay, make nothing`() async throws {
        let past = try Past()
        try await past.run()
        let count = try past.history().records.count
        for sequence in [0, count + 1] {
            await #expect(throws: JournalError.self) {
                try await FileJournal.fork(past.path, at: sequence, of: "chat", to: past.folder["fork"])
            }
        }
        let changed = try FileJournal.create(at: past.folder["changed"])
        let records = try past.history().changing(2) { $0.becoming(.stale) }.records
        try await changed.append(records, flushing: true)
        await changed.close()
        let error = await #expect(throws: JournalError.self) {
            try await FileJournal.fork(past.folder["changed"], at: 5, of: "chat", to: past.folder["fork"])
        }
        #expect(error?.reason == .diverged(sequence: 2))
        #expect(!past.folder.exists("fork"))
    }

    @Test func `every file of a fork says what it is one of, after rotation, compaction and reopening`()
        async throws
    {
        let past = try Past()
        try await past.run(.isInterrupted)
        let records = try past.history().records
        let origin = JournalOrigin(
            journal: String(repeating: "é\"", count: 3_000), conversation: "chat", sequence: 2, digest: .start
        )
        let folder = past.folder["fork"]
        try past.folder.makeFolder("fork")
        let journal = try FileJournal(
            creatingAt: folder, on: SystemDisk(folder), lock: nil, segmentSize: 8_000, origin: origin)
        for record in records { try await journal.append([.record(record)], flushing: true) }
        #expect(past.folder.exists("fork/journal-00000001.jsonl"))
        #expect(try FileJournal.contents(of: folder).origin == origin)
        try await journal.compactFully()
        await journal.close()
        #expect(try FileJournal.contents(of: folder).origin == origin)
        let reopened = try FileJournal.open(at: folder)
        await reopened.close()
        let contents = try FileJournal.contents(of: folder)
        #expect(contents.origin == origin && contents.history(of: "chat").records.isEmpty)
    }

    @Test func `a snapshot may be the first that a journal holds of a conversation, and no later one`()
        async throws
    {
        let past = try Past()
        try await past.run(snapshots: 3)
        let history = try past.history()
        let snapshot = try #require(history.snapshots.first)
        let journal = try FileJournal.create(at: past.folder["other"])
        try await journal.append([.snapshot(snapshot)], flushing: true)
        await #expect(throws: JournalError.self) {
            try await journal.append([.snapshot(history.snapshots[1])], flushing: true)
        }
        await #expect(throws: JournalError.self) {
            try await journal.append([.record(history.records[0])], flushing: true)
        }
        try await journal.append([.record(history.records[snapshot.sequence])], flushing: true)
    }
}
