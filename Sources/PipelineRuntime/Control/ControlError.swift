/// Why a run cannot be steered from outside, or a steering process not be heard.
public struct ControlError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// No process listens in the folder.
        case notListening
        /// Another process listens there already.
        case inUse
        /// Something that is no socket has its place.
        case occupied
        /// The path is longer than an address of this system can be.
        case pathTooLong
        /// The system refused; the call and its reason.
        case system(String, String)
        /// The process at the other end did not answer in time: it may be stopped.
        case silent
        /// The connection ended before the answer; whether the request was taken is not known.
        case disconnected
        /// What came is not this protocol, or a later version of it.
        case foreign(String)
        /// The request was not taken, and nothing changed.
        case refused(ControlRefusal, String)
    }

    /// The socket's.
    public let path: String
    public let reason: Reason

    init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        switch reason {
        case .notListening: "No process listens at \(path)."
        case .inUse: "Another process listens at \(path) already."
        case .occupied: "\(path) is no socket; move it away."
        case .pathTooLong:
            "\(path) is too long for the address of a socket; use a folder with a shorter path."
        case .system(let call, let why): "\(call) failed on \(path): \(why)."
        case .silent:
            "The process behind \(path) does not answer; it may be stopped. Let it go on, or end it."
        case .disconnected:
            "The process behind \(path) went away before it answered; its journal says whether it took the request."
        case .foreign(let what): "What listens at \(path) cannot be understood: \(what)."
        case .refused(_, let message): "\(path): \(message)"
        }
    }
}

extension ControlError {
    init(_ error: FileError) { self.init(error.path, .system(error.call, error.reason)) }
}
