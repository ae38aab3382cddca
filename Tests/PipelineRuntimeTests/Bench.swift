import PipelineCore
import PipelineRuntime
import PipelineTesting

/// An engine on a loop that the test drains, with a clock that the test moves.
///
/// When `settle()` returns, whatever can happen without the test has happened: no test waits, and none can miss.
struct Bench {
    let loop: HostLoop
    let clock: ManualClock
    let journal: SpyJournal
    let engine: Engine

    /// An engine of the test's own, which runs on the loop and takes the time from the clock.
    init(loop: HostLoop, clock: ManualClock, journal: SpyJournal, engine: Engine) {
        self.loop = loop
        self.clock = clock
        self.journal = journal
        self.engine = engine
    }

    /// An engine without a gateway.
    init(
        _ runner: any ExecutionRunner, journal: SpyJournal = SpyJournal(),
        clock: ManualClock = ManualClock(now: 1_000)
    ) {
        let loop = HostLoop()
        self.init(
            loop: loop, clock: clock, journal: journal,
            engine: Engine(ungoverned: runner, journal: journal, clock: clock, host: loop))
    }

    init(
        _ gateway: Gateway, journal: SpyJournal = SpyJournal(), clock: ManualClock = ManualClock(now: 1_000),
        loop: HostLoop = HostLoop()
    ) {
        self.init(
            loop: loop, clock: clock, journal: journal,
            engine: Engine(gateway, journal: journal, clock: clock, host: loop))
    }

    /// Lets everything happen that can.
    func settle() { while loop.drain() > 0 {} }

    /// Lets things happen, and says whether they come to an end after so many jobs.
    func comesToRest(within jobs: Int = 20_000) -> Bool {
        var count = 0
        while count < jobs {
            let drained = loop.drain()
            if drained == 0 { return true }
            count += drained
        }
        return false
    }

    /// Starts something on the loop; it gets on with the next `settle()`.
    func begin<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> Outcome<Value> {
        let outcome = Outcome<Value>()
        outcome.task = Task(executorPreference: loop) {
            do { outcome.result = .success(try await body()) } catch { outcome.result = .failure(error) }
        }
        return outcome
    }

    /// Submits a signal; the outcome has its disposition once it is acknowledged.
    func submit(_ signal: Run.Signal, to conversation: Conversation.ID = "chat") -> Outcome<Run.Disposition> {
        begin { [engine] in try await engine.submit(signal, to: conversation) }
    }

    /// Makes a request and lets everything happen that follows; nil when it failed or is not acknowledged.
    @discardableResult
    func request(
        _ kind: Run.Signal.Kind, id: Run.Signal.ID, by actor: Run.Actor = .operator("ada"),
        in conversation: Conversation.ID = "chat"
    ) -> Run.Disposition? {
        let outcome = begin { [engine] in
            try await engine.request(kind, id: id, by: actor, in: conversation)
        }
        settle()
        return outcome.value
    }

    /// Opens a run of this id.
    @discardableResult
    func open(_ run: Run.Signal.ID = "r", in conversation: Conversation.ID = "chat") -> Run.Disposition? {
        request(.userMessage(Run.Request("Do it.")), id: run, in: conversation)
    }

    /// Moves the clock and lets everything happen that follows.
    func advance(by duration: Run.Milliseconds) {
        clock.advance(by: duration)
        settle()
    }

    func state(of conversation: Conversation.ID = "chat") -> Conversation? {
        let outcome = begin { [engine] in try await engine.state(of: conversation) }
        settle()
        return outcome.value
    }

    /// Subscribes, with what is there already.
    func listen(after cursor: Int = 0, to conversation: Conversation.ID = "chat") -> Listener {
        let listener = Listener()
        listener.task = Task(executorPreference: loop) { [engine] in
            for await entry in engine.events(of: conversation, after: cursor) { listener.append(entry) }
            listener.isOver = true
        }
        settle()
        return listener
    }

    /// Begins a shutdown and lets everything happen that can before its limit.
    func shutDown(within limit: Duration = .seconds(5)) -> Outcome<Void> {
        let outcome = begin { [engine] in await engine.shutdown(within: limit) }
        settle()
        return outcome
    }
}

/// What became of something that a test started, if it has ended.
final class Outcome<Value: Sendable>: Sendable {
    private let state = Locked<(result: Result<Value, any Error>?, task: Task<Void, Never>?)>((nil, nil))

    var result: Result<Value, any Error>? {
        get { state.withLock { state in state.result } }
        set { state.withLock { state in state.result = newValue } }
    }

    var task: Task<Void, Never>? {
        get { state.withLock { state in state.task } }
        set { state.withLock { state in state.task = newValue } }
    }

    var isOver: Bool { result != nil }
    var value: Value? { try? result?.get() }

    var error: EngineError? {
        guard case .failure(let error)? = result else { return nil }
        return error as? EngineError
    }
}

/// A subscriber that takes what comes.
final class Listener: Sendable {
    private struct State {
        var entries: [EventEntry] = []
        var isOver = false
        var task: Task<Void, Never>?
    }

    private let state = Locked(State())

    func append(_ entry: EventEntry) { state.withLock { state in state.entries.append(entry) } }

    var entries: [EventEntry] { state.withLock { state in state.entries } }
    var types: [String] { entries.map { entry in entry.event.type } }

    /// The stream has ended.
    var isOver: Bool {
        get { state.withLock { state in state.isOver } }
        set { state.withLock { state in state.isOver = newValue } }
    }

    var task: Task<Void, Never>? {
        get { state.withLock { state in state.task } }
        set { state.withLock { state in state.task = newValue } }
    }
}
