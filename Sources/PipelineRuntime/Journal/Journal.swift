public import PipelineCore

/// Where records are kept: the only thing that survives the process.
public protocol Journal: Sendable {
    /// Appends records in order. After a crash a later read finds all of them or the first of them: nobody was told of
    /// any before this returned.
    ///
    /// - Parameter flushing: return only when they would survive a loss of power.
    func append(_ records: [JournalRecord], flushing: Bool) async throws(JournalError)

    /// The records of one conversation, in order; none for one that is not known.
    func records(of conversation: Conversation.ID) async throws(JournalError) -> [JournalRecord]

    /// Gives up whatever is held. Later calls throw `closed`.
    func close() async
}

/// Why a journal cannot be read or written.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// There is no journal here.
        case missing
        /// What is here is no journal of this library.
        case foreign
        /// It was written by a later version, in this format.
        case newerFormat(Int)
        /// Another process is writing to it.
        case held
        /// The record at this byte of the file is damaged.
        case corrupt(line: Int, offset: Int, String)
        /// The system refused; the call and its reason.
        case system(String, String)
        /// It was closed.
        case closed
        /// Replaying it does not give what it says was decided.
        case diverged(sequence: Int)
    }

    public let path: String
    public let reason: Reason

    public init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        switch reason {
        case .missing: "There is no journal at \(path)."
        case .foreign: "\(path) is not a journal of this program; name the folder that a run printed."
        case .newerFormat(let format):
            "\(path) has format \(format), which this version cannot read; use a later version."
        case .held: "Another process is using \(path); wait until it has ended, or interrupt it."
        case .corrupt(let line, let offset, let what):
            "\(path), line \(line) (byte \(offset)) is damaged: \(what). Nothing was changed; restore it from a copy."
        case .system(let call, let why): "\(call) failed on \(path): \(why)."
        case .closed: "\(path) is closed."
        case .diverged(let sequence):
            "\(path) does not replay: record \(sequence) has another disposition now; it was written by another version."
        }
    }
}
