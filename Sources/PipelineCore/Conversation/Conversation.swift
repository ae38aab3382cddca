/// What a person and a model have said to each other, and the runs that came of it: the root of all state.
///
/// A value that `reduce` alone changes, and bounded: see the limits below. Full history is in the journal.
public struct Conversation: Hashable, Sendable {
    public let id: ID
    /// The run that holds the conversation: running, or coming to a stop.
    public internal(set) var active: Run?
    /// What requests that wait for the conversation ask for, oldest first.
    var waiting = RequestQueue()
    /// The interrupted run that holds the queue, until it ends or a new request comes.
    public internal(set) var holder: Run.ID?
    /// Interrupted runs, oldest first; each waits for its resume.
    public internal(set) var parked: [Run] = []
    /// What became of the last runs, oldest first.
    public internal(set) var finished: [Summary] = []
    /// The last messages of users and assistants, oldest first.
    public internal(set) var messages: [Run.Message] = []
    /// The mode of runs that ask for the current one; nil is the library's coding mode.
    public internal(set) var template: Template?
    /// Why nothing more is taken, from an accepted cancel of the conversation until its resume.
    public internal(set) var cancellation: String?
    /// The ids of the last requests that were applied.
    package var seen = RecentSignals()

    public init(id: ID) { self.id = id }

    static let mostQueued = 10_000
    static let mostParked = 8
    static let mostFinished = 25
    static let mostMessages = 40
    /// Bytes of one message, and of a request's metadata.
    static let mostBytes = 16_384
}

extension Conversation {
    /// Names a conversation; given by the host.
    public struct ID: Identifier {
        public let key: Key
        public init(key: Key) { self.key = key }
    }

    public enum Status: String, Hashable, Sendable, JSONRepresentable {
        case idle, running, canceled
    }

    /// Canceled only once everything has settled.
    public var status: Status {
        if active != nil { return .running }
        return cancellation == nil ? .idle : .canceled
    }

    /// The mode of runs that ask for the current one.
    public var mode: Key { (template ?? .coding).mode }

    /// What is kept of a run that has ended.
    public struct Summary: Hashable, Sendable {
        public let run: Run.ID
        public let status: Run.Status
        public let failure: Run.Failure?
        public let reason: String?
        public let usage: Run.Usage
    }

    /// Requests that wait for the conversation, oldest first: pending runs.
    public var queue: [Run] { waiting.map { charter in Run(pending: charter) } }

    /// The run of this id, if it has not ended.
    public func run(_ id: Run.ID) -> Run? {
        if let active, active.id == id { return active }
        return parked.first { run in run.id == id }
            ?? waiting.index(of: id).map { index in Run(pending: waiting[index]) }
    }

    /// The run that was opened last and has not ended, else nil.
    public var current: Run? { active ?? parked.last }

    /// Whether a new process has something to take up.
    public var isUnsettled: Bool { active != nil || !parked.isEmpty }
}
