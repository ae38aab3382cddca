import PipelineCore
import PipelineRuntime
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ComparisonTests {
    private func history(_ interval: Int = 512) async throws -> JournalHistory {
        let past = try Past()
        try await past.run(snapshots: interval)
        return try past.history()
    }

    @Test func `a history is the same as itself, however its records were appended`() async throws {
        let history = try await history()
        #expect(try JournalComparison(history, history).isSame)
        let plain = JournalHistory(
            of: "other", snapshots: [],
            records: history.records.map { record in record.undigested })
        let comparison = try JournalComparison(history, plain)
        #expect(comparison.first == nil && comparison.record.isEmpty)
    }

    @Test func `the first record that differs is named, with its fields and those of the states`()
        async throws
    {
        let history = try await history()
        let answer = try #require(history.first("execution.completed"))
        let other = history.changing(answer) { record in record.answering("Let me think.") }
        let comparison = try JournalComparison(history, other)
        #expect(comparison.first == answer && !comparison.isSame)
        #expect(
            comparison.one == history.records[answer - 1] && comparison.other == other.records[answer - 1])
        #expect(comparison.record.map(\.pointer) == ["/signal/result/output"])
        #expect(comparison.state.contains { $0.pointer == "/active/steps/1/result/output" })
        // The state of a finished conversation has nothing of it.
        #expect(comparison.end.isEmpty)
    }

    @Test func `where one has ended, the other's next record is the first that differs`() async throws {
        let history = try await history()
        let short = JournalHistory(of: "chat", snapshots: [], records: Array(history.records.prefix(5)))
        let comparison = try JournalComparison(short, history)
        #expect(comparison.first == 6 && comparison.one == nil)
        #expect(comparison.other == history.records[5] && !comparison.end.isEmpty)
        #expect(try JournalComparison(history, short).other == nil)
    }

    @Test func `a compacted one is compared from where it begins`() async throws {
        let past = try Past()
        try await past.run(.isInterrupted)
        let whole = try past.history()
        let journal = try FileJournal.open(at: past.path)
        try await journal.compactFully()
        await journal.close()
        let compacted = try past.history()
        let same = try JournalComparison(whole, compacted)
        #expect(same.isSame && same.start == whole.records.count + 1)
        let short = JournalHistory(of: "chat", snapshots: [], records: Array(whole.records.prefix(2)))
        #expect(throws: JournalError.self) { _ = try JournalComparison(short, compacted) }
    }
}
