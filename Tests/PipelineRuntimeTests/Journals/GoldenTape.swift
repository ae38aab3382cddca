import PipelineCore
import PipelineRuntime

/// A journal in memory that keeps what was appended together: as a file journal is written, digest by digest, and without
/// ever leaving the loop of a ``Bench``.
final class GoldenTape: Journal {
    /// What one append has taken.
    struct Append: Hashable {
        let entries: [JournalEntry]
        let flushing: Bool
    }

    private let earlier: [Append]
    private let state = Locked<[Append]>([])

    /// - Parameter earlier: what processes before this one have left.
    init(after earlier: [Append] = []) { self.earlier = earlier }

    /// What this process has appended.
    var appends: [Append] { state.withLock { appends in appends } }

    private var entries: [JournalEntry] { (earlier + appends).flatMap(\.entries) }

    var isDurable: Bool { true }

    func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError) {
        state.withLock { appends in appends.append(Append(entries: entries, flushing: flushing)) }
    }

    func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail {
        var tail = JournalTail()
        for entry in entries where entry.conversation == conversation {
            switch entry {
            case .record(let record): tail.records.append(record)
            case .snapshot(let snapshot): tail = JournalTail(snapshot: snapshot)
            }
        }
        return tail
    }

    func records(
        of conversation: Conversation.ID, from sequence: Int, limit: Int
    ) async throws(JournalError) -> [JournalRecord] {
        let records = entries.compactMap { entry -> JournalRecord? in
            guard case .record(let record) = entry, record.conversation == conversation else { return nil }
            return record.sequence >= sequence ? record : nil
        }
        return Array(records.prefix(limit))
    }

    func flush() async throws(JournalError) {}
    func conversations() async throws(JournalError) -> [JournalListing] { [] }
    func compact() async throws(JournalError) {}
    func close() async {}
}
