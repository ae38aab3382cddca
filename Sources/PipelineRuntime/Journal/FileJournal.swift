public import PipelineCore

/// A journal in a folder: `journal.jsonl`, one canonical JSON object a line, and `lock`.
///
/// The first line is `{"format":1,"kind":"pipeline.journal"}`. Every other line is
/// `{"checksum":"<16 hex digits>","record":<record>}`; the checksum is the first 8 bytes of the SHA-256 of the
/// record's bytes. One process at a time holds the folder.
public final class FileJournal: Journal {
    public let folder: String
    /// Bytes of a last record that was cut off and so never acknowledged; they were removed when the journal was opened.
    public let repairedBytes: Int
    private let state: Locked<State>

    private struct State {
        var file: FileDescriptor?
        let lock: FileDescriptor?
    }

    /// Makes a journal in a folder that has none, and holds it. Missing folders are made.
    public static func create(at folder: String) throws(JournalError) -> FileJournal {
        try attempt { () throws(FileError) in try makeFolders(folder) }
        let lock = try holdLock(of: folder)
        let file = try attempt { () throws(FileError) in
            let file = try FileDescriptor(opening: journalPath(folder), .createNew)
            try file.write(headerLine)
            try file.flush()
            try FileDescriptor(opening: folder, .folder).flush()
            return file
        }
        return FileJournal(folder, lock: lock, file: file, repairedBytes: 0)
    }

    /// Opens a journal to go on with it, and holds it. A record that was cut off is removed.
    public static func open(at folder: String) throws(JournalError) -> FileJournal {
        _ = try reading(folder)
        let lock = try holdLock(of: folder)
        let contents = try FileJournal.contents(of: folder)
        let file = try attempt { () throws(FileError) in
            let file = try FileDescriptor(opening: journalPath(folder), .appending)
            if contents.tornBytes > 0 { try file.truncate(to: contents.validBytes) }
            if contents.validBytes == 0 { try file.write(headerLine) }
            try file.flush()
            return file
        }
        return FileJournal(folder, lock: lock, file: file, repairedBytes: contents.tornBytes)
    }

    /// Reads a journal without holding or changing it; another process may be writing to it.
    public static func contents(of folder: String) throws(JournalError) -> FileJournalContents {
        let file = try reading(folder)
        let bytes = try attempt { () throws(FileError) in try file.readAll() }
        return try FileJournalContents(parsing: bytes, path: journalPath(folder))
    }

    /// Whether a process holds the journal at this moment.
    public static func isHeld(at folder: String) -> Bool {
        guard let lock = try? FileDescriptor(opening: "\(folder)/lock", .reading) else { return false }
        return (try? lock.tryLock(shared: true)) == false
    }

    /// The file that holds the records.
    public static func journalPath(_ folder: String) -> String { "\(folder)/journal.jsonl" }

    static let format: Int64 = 1
    static let header: JSON = ["format": .integer(format), "kind": "pipeline.journal"]
    static let headerLine = header.canonicalBytes + [UInt8(ascii: "\n")]

    private init(_ folder: String, lock: FileDescriptor, file: FileDescriptor, repairedBytes: Int) {
        self.folder = folder
        self.repairedBytes = repairedBytes
        state = Locked(State(file: file, lock: lock))
    }

    /// Takes the folder's lock, which ends with the descriptor, however the process ends.
    private static func holdLock(of folder: String) throws(JournalError) -> FileDescriptor {
        let lock = try attempt { () throws(FileError) -> FileDescriptor? in
            let lock = try FileDescriptor(opening: "\(folder)/lock", .lock)
            // Whoever only asks whether it is held has it for a moment.
            for _ in 1...20 {
                if try lock.tryLock() { return lock }
                FileDescriptor.pause()
            }
            return nil
        }
        guard let lock else { throw JournalError(folder, .held) }
        return lock
    }

    private static func reading(_ folder: String) throws(JournalError) -> FileDescriptor {
        do throws(FileError) {
            return try FileDescriptor(opening: journalPath(folder), .reading)
        } catch {
            throw error.isMissing ? JournalError(folder, .missing) : JournalError(error)
        }
    }

    private static func attempt<Value>(_ body: () throws(FileError) -> Value) throws(JournalError) -> Value {
        do throws(FileError) { return try body() } catch { throw JournalError(error) }
    }

    @concurrent
    public func append(_ records: [JournalRecord], flushing: Bool) async throws(JournalError) {
        var bytes: [UInt8] = []
        for record in records { FileJournalContents.encode(record, into: &bytes) }
        try state.withLock { state throws(JournalError) in
            guard let file = state.file else { throw JournalError(folder, .closed) }
            do throws(FileError) {
                try file.write(bytes)
                if flushing { try file.flush() }
            } catch {
                // What is in the file now is not known: nobody may append behind it.
                state.file = nil
                throw JournalError(error)
            }
        }
    }

    /// Reads the file; its cost grows with the journal.
    @concurrent
    public func records(of conversation: Conversation.ID) async throws(JournalError) -> [JournalRecord] {
        guard state.withLock({ state in state.lock != nil }) else { throw JournalError(folder, .closed) }
        let contents = try FileJournal.contents(of: folder)
        return contents.records.filter { record in record.conversation == conversation }
    }

    public func close() async { state.withLock { state in state = State(file: nil, lock: nil) } }
}
