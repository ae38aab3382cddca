/// Why a journal cannot be read or written.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// There is no journal here.
        case missing
        /// What is here is no journal of this library.
        case foreign
        /// It was written by a later version, in this format; this one reads formats up to the other.
        case newerFormat(Int, known: Int)
        /// Another process is writing to it.
        case held
        /// Another engine has taken it over, as its owner of this number.
        case fenced(by: Int)
        /// The record at this byte of the file is damaged; line 0 when the lines before it were not counted.
        case corrupt(line: Int, offset: Int, String)
        /// What is named here is damaged: a record, a page of a database.
        case damaged(at: String, String)
        /// The system refused; the call and its reason.
        case system(String, String)
        /// It was closed.
        case closed
        /// An entry that does not go on from what the journal holds of its conversation.
        case outOfOrder(sequence: Int, expected: Int)
        /// The state after this record can no longer be had, or not yet: only after these.
        case unreachable(sequence: Int, ClosedRange<Int>)
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
        case .newerFormat(let format, let known):
            "\(path) has format \(format), and this version reads formats up to \(known). Nothing was changed; use a later version."
        case .held: "Another process is using \(path); wait until it has ended, or interrupt it."
        case .fenced(let owner):
            "\(path) was taken over by another engine (owner \(owner)); this one may write no more."
        case .corrupt(let line, let offset, let what):
            "\(path), \(line > 0 ? "line \(line) (byte \(offset))" : "byte \(offset)") is damaged: \(what). Nothing was changed; restore it from a copy."
        case .damaged(let place, let what):
            "\(path) is damaged at \(place): \(what). Nothing was changed; restore it from a copy."
        case .system(let call, let why): "\(call) failed on \(path): \(why)."
        case .closed: "\(path) is closed."
        case .outOfOrder(let sequence, let expected):
            "\(path) cannot take record \(sequence): the next is \(expected). Two engines may be writing."
        case .unreachable(let sequence, let known):
            "\(path) does not say how it stood after record \(sequence); it does for records \(known.lowerBound) to \(known.upperBound)."
        case .diverged(let sequence):
            "\(path) does not replay: record \(sequence) decides something else now; it was written by another version, or changed. `pipeline verify` says what."
        }
    }
}
