import PipelineCore
import PipelineRuntime

extension Journal {
    /// Appends records alone.
    func append(_ records: [JournalRecord], flushing: Bool) async throws(JournalError) {
        try await append(records.map { record in JournalEntry.record(record) }, flushing: flushing)
    }

    /// All records of a conversation.
    func records(of conversation: Conversation.ID) async throws(JournalError) -> [JournalRecord] {
        try await records(of: conversation, from: 1, limit: .max)
    }
}

extension JournalRecord {
    /// A short record.
    static func note(_ number: Int, in conversation: Conversation.ID) -> JournalRecord {
        JournalRecord(
            conversation: conversation, sequence: number,
            signal: .interrupt("none", id: Run.Signal.ID("n\(number)")), disposition: .rejected(.runNotFound))
    }
}
