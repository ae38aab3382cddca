public import PipelineCore
import Synchronization

/// A journal in a folder: `journal.jsonl`, one canonical JSON object a line, and `lock`.
///
/// The first line is `{"format":1,"kind":"pipeline.journal"}`. Every other line is
/// `{"checksum":"<16 hex digits>","record":<record>}`; the checksum is the first 8 bytes of the SHA-256 of the
/// record's bytes. One process at a time holds the folder.
public final class FileJournal: Journal {
    public let folder: String
    /// Bytes of a last record that was cut off and so never acknowledged; they were removed when the journal was opened.
    public let repairedBytes: Int
    private let state: Mutex<State>

    private struct State {
        var file: FileDescriptor?
        let lock: FileDescriptor?
    }

    /// Makes a journal in a folder that has none, and holds it. Missing folders are made.
    public static func create(at folder: String) throws(JournalError) -> FileJournal {
        try makeFolders(folder)
        let lock = try holdLock(of: folder)
        let path = journalPath(folder)
        let file = try FileDescriptor(opening: path, .createNew)
        try file.write(Array((FileJournal.header.description + "\n").utf8))
        try file.flush()
        try FileDescriptor(opening: folder, .folder).flush()
        return FileJournal(folder, lock: lock, file: file, repairedBytes: 0)
    }

    /// Opens a journal to go on with it, and holds it. A record that was cut off is removed.
    public static func open(at folder: String) throws(JournalError) -> FileJournal {
        _ = try FileDescriptor(opening: journalPath(folder), .reading)
        let lock = try holdLock(of: folder)
        let contents = try FileJournal.contents(of: folder)
        let file = try FileDescriptor(opening: journalPath(folder), .appending)
        if contents.tornBytes > 0 {
            try file.truncate(to: contents.validBytes)
            try file.flush()
        }
        return FileJournal(folder, lock: lock, file: file, repairedBytes: contents.tornBytes)
    }

    /// Reads a journal without holding or changing it; another process may be writing to it.
    public static func contents(of folder: String) throws(JournalError) -> FileJournalContents {
        let path = journalPath(folder)
        let bytes = try FileDescriptor(opening: path, .reading).readAll()
        return try FileJournalContents(parsing: bytes, path: path)
    }

    /// The file that holds the records.
    public static func journalPath(_ folder: String) -> String { "\(folder)/journal.jsonl" }

    static let format: Int64 = 1
    static let header: JSON = ["format": .integer(format), "kind": "pipeline.journal"]

    private init(_ folder: String, lock: FileDescriptor, file: FileDescriptor, repairedBytes: Int) {
        self.folder = folder
        self.repairedBytes = repairedBytes
        state = Mutex(State(file: file, lock: lock))
    }

    /// Takes the folder's lock, which ends with the descriptor, however the process ends.
    private static func holdLock(of folder: String) throws(JournalError) -> FileDescriptor {
        let lock = try FileDescriptor(opening: "\(folder)/lock", .lock)
        guard try lock.tryLock() else { throw JournalError(folder, .held) }
        return lock
    }

    @concurrent
    public func append(_ records: [JournalRecord], flushing: Bool) async throws(JournalError) {
        var bytes: [UInt8] = []
        for record in records { FileJournalContents.encode(record, into: &bytes) }
        try state.withLock { state throws(JournalError) in
            guard let file = state.file else { throw JournalError(folder, .closed) }
            do throws(JournalError) {
                try file.write(bytes)
                if flushing { try file.flush() }
            } catch {
                // What is in the file now is not known: nobody may append behind it.
                state.file = nil
                throw error
            }
        }
    }

    /// Reads the file; its cost grows with the journal.
    @concurrent
    public func records(of conversation: Conversation.ID) async throws(JournalError) -> [JournalRecord] {
        let contents = try FileJournal.contents(of: folder)
        return contents.records.filter { record in record.conversation == conversation }
    }

    public func close() async { state.withLock { state in state = State(file: nil, lock: nil) } }
}
