import PipelineCore
import PipelineRuntime

/// Any journal, with a boundary before and after everything that is kept.
struct FusedJournal: Journal {
    let journal: any Journal
    let fuse: Fuse

    var isDurable: Bool { journal.isDurable }

    func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError) {
        fuse.pass()
        try await journal.append(entries, flushing: flushing)
        fuse.pass()
    }

    func flush() async throws(JournalError) {
        fuse.pass()
        try await journal.flush()
        fuse.pass()
    }

    func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail {
        try await journal.tail(of: conversation)
    }

    func records(
        of conversation: Conversation.ID, from sequence: Int, limit: Int
    ) async throws(JournalError) -> [JournalRecord] {
        try await journal.records(of: conversation, from: sequence, limit: limit)
    }

    func conversations() async throws(JournalError) -> [JournalListing] {
        try await journal.conversations()
    }

    func compact() async throws(JournalError) { try await journal.compact() }

    func close() async { await journal.close() }
}
