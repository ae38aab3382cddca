import PipelineCore
import PipelineRuntime

extension WorkFolder {
    /// What a journal in this folder holds.
    func contents(of journal: String) throws -> FileJournalContents {
        try FileJournal.contents(of: self[journal])
    }

    /// Puts other entries in the place of a journal's, with checksums that are right.
    func rewrite(_ journal: String, _ entries: [JournalEntry]) async throws {
        remove(journal)
        let rewritten = try FileJournal.create(at: self[journal])
        try await rewritten.append(entries, flushing: true)
        await rewritten.close()
    }
}
