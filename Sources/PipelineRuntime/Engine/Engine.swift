public import PipelineCore

/// Takes signals in, reduces, records, and carries out what was decided: in this order, for each conversation.
///
/// A conversation is opened by the first signal or question that names it: its state is folded from the journal, and if
/// another process left work in flight, `engine.restarted` is sent first. Nothing is carried out and nobody is
/// acknowledged before the record is durable. If the journal fails, what is in memory is dropped.
public actor Engine {
    nonisolated let clock: any EngineClock
    let runner: any ExecutionRunner
    let journal: any Journal
    let durability: Durability
    /// After how many records of a conversation its state is kept beside them.
    let snapshotInterval: Int
    /// Where every step of the engine and every runner is called; nil for Swift's own pool.
    nonisolated let host: HostLoop?
    private let lane = Lane()

    var conversations: [Conversation.ID: LiveConversation] = [:]
    /// Executions of conversations whose journal failed that have not ended yet: until then nobody opens them again.
    var leftovers: [Conversation.ID: Set<Run.Execution.ID>] = [:]
    var inbox: [Entry] = []
    var isPumping = false
    /// Set while a shutdown waits for what is under way: requests are refused.
    var isClosing = false
    var isShutDown = false
    /// Lasts from the first append that is not flushed until its flush.
    var flush: Task<Void, Never>?
    /// Why what was acknowledged may not survive, until the conversations are dropped for it.
    var flushError: JournalError?
    /// Who waits for the next event, or for the engine to come to rest.
    var listeners: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextListener = 0
    /// How often listeners were woken.
    var changes = 0

    /// An engine whose executions all go through this gateway's policy.
    ///
    /// - Parameters:
    ///   - host: the loop that the engine must run on; nil for Swift's own pool.
    ///   - durability: what is true of a record when its signal is acknowledged.
    ///   - snapshotInterval: after how many records of a conversation its state is kept beside them, so that opening it
    ///     does not take longer the older it is; at least 1. Only in journals that outlive the process.
    public init(
        _ gateway: Gateway, journal: any Journal, clock: any EngineClock = WallClock(), host: HostLoop? = nil,
        durability: Durability = .sync, snapshotInterval: Int = 512
    ) {
        self.init(
            ungoverned: gateway, journal: journal, clock: clock, host: host, durability: durability,
            snapshotInterval: snapshotInterval)
    }

    /// An engine over a runner of the host's own, which takes policy over.
    public init(
        ungoverned runner: any ExecutionRunner, journal: any Journal, clock: any EngineClock = WallClock(),
        host: HostLoop? = nil, durability: Durability = .sync, snapshotInterval: Int = 512
    ) {
        self.durability = durability
        self.snapshotInterval = max(1, snapshotInterval)
        self.runner = runner
        self.journal = journal
        self.clock = clock
        self.host = host
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        host?.asUnownedSerialExecutor() ?? lane.unownedExecutor
    }

    /// Gives the executor of engines without a host loop.
    private actor Lane {}
}

/// What is true of a record when its signal is acknowledged and its directives are carried out.
public enum Durability: Hashable, Sendable {
    /// It survives a loss of power.
    case sync
    /// It survives the end of the process, and within so many milliseconds a loss of power. What may not happen twice still
    /// begins only once its record is safe.
    case async(within: Run.Milliseconds)
}

/// One conversation in memory, with what is under way for it.
struct LiveConversation {
    var state: Conversation
    /// The sequence of the last record.
    var sequence = 0
    /// The time of the last record: no later one is earlier.
    var time: Run.Milliseconds = 0
    var events = EventLog()
    /// Makes the digests of its records, in a journal that outlives the process.
    var chain = JournalChain()
    /// The record that the last snapshot was taken after; 0 when there is none.
    var snapshot = 0
    var executions: [Run.Execution.ID: LiveExecution] = [:]
    var timers: [Run.Timer.ID: Task<Void, Never>] = [:]

    init(_ replay: JournalReplay, events: EventLog, snapshot: Int) {
        state = replay.state
        sequence = replay.sequence
        time = replay.time
        chain = replay.chain
        self.events = events
        self.snapshot = snapshot
    }
}

/// An execution that is under way.
struct LiveExecution {
    let execution: Run.Execution
    let task: Task<Void, Never>
    /// Its start is recorded: there is somebody to be told when it must end.
    var hasStarted = false
    /// The call that tells its sub-runner to end, while it lasts.
    var cancelCall: Task<Void, Never>?
    /// What the sub-runner said to that.
    var reply: Run.CancelReply?
}

extension Engine {
    /// Something in the inbox: a signal and whoever waits for its disposition, or a question.
    struct Entry {
        enum Content {
            case signal(Run.Signal, CheckedContinuation<Result<Run.Disposition, EngineError>, Never>?)
            case question(CheckedContinuation<Result<Conversation, EngineError>, Never>)
        }

        let conversation: Conversation.ID
        let content: Content
        /// It is about a child run that its parent has given up, and nothing where there is none.
        var child: Run.ID?

        func fail(_ error: EngineError) {
            switch content {
            case .signal(_, let waiter): waiter?.resume(returning: .failure(error))
            case .question(let waiter): waiter.resume(returning: .failure(error))
            }
        }
    }
}
