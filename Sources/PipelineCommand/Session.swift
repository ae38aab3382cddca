import PipelineCore
import PipelineRuntime

/// One engine with one run in it, a person in front of it, and the way to its end.
actor Session {
    let engine: Engine
    let conversation: Conversation.ID
    let run: Run.ID
    private let journal: String
    private let resumeCommand: String
    private let asks: Bool
    private let denies: Bool
    private var printer: ProgressPrinter
    /// The sequence of the last event that was shown.
    private(set) var cursor = 0
    /// What the command line says about steps whose outcome nobody knows.
    private var decisions: [Int: Run.Gate.Answer]
    private var requests = 0
    private var interrupts = 0
    private let began: Run.Milliseconds
    private let clock = WallClock()
    private var control: ControlServer?

    let keyboard = Keyboard()
    /// A person is being asked.
    var isPrompting = false
    /// What they are being asked is decided elsewhere.
    var isCalledOff = false
    /// What a person has allowed once and for all in this run.
    var always: Set<Question.Kind> = []

    init(
        _ engine: Engine, conversation: Conversation.ID, run: Run.ID, journal: String,
        style: ProgressPrinter.Style,
        asks: Bool, denies: Bool = false, decisions: [Int: Run.Gate.Answer] = [:], resume: String? = nil
    ) {
        self.engine = engine
        self.conversation = conversation
        self.run = run
        self.journal = journal
        resumeCommand = resume ?? "\(Program.name) resume \(journal.quoted)"
        self.asks = asks
        self.denies = denies
        self.decisions = decisions
        printer = ProgressPrinter(style)
        began = clock.now
    }

    /// A session with the run of a journal that is there already.
    init(
        _ engine: Engine, of view: JournalView, style: ProgressPrinter.Style, asks: Bool,
        denies: Bool = false, decisions: [Int: Run.Gate.Answer] = [:]
    ) {
        self.init(
            engine, conversation: view.conversation.id, run: view.run, journal: view.path, style: style,
            asks: asks, denies: denies, decisions: decisions, resume: view.resumeCommand)
    }

    private var person: Run.Actor { .operator(Key(Console.user)) }

    /// Makes a request under an id of its own.
    @discardableResult
    func request(
        _ kind: Run.Signal.Kind, by actor: Run.Actor? = nil
    ) async throws(CommandError) -> Run.Disposition {
        requests += 1
        let id = Run.Signal.ID("\(run)/\(clock.now)/\(requests)")
        do throws(EngineError) {
            return try await engine.request(kind, id: id, by: actor ?? person, in: conversation)
        } catch {
            throw CommandError(error)
        }
    }

    /// Lets the same user steer the run from other terminals, through a socket in its journal's folder.
    func offerControl() {
        do throws(ControlError) {
            control = try ControlServer(engine, in: journal, conversations: [conversation])
        } catch {
            Console.error("This run cannot be steered from another terminal: \(error)".printable)
        }
    }

    /// From now on Ctrl-C interrupts the run.
    func listen(to signals: AsyncStream<Int32>) {
        Task {
            for await _ in signals { await interrupt() }
        }
    }

    /// Shows events until the run ends or is interrupted, shuts the engine down, and says how it ended.
    func follow(after cursor: Int) async throws(CommandError) -> ExitCode {
        // One that came before there was anything to interrupt.
        if interrupts > 0 { try await request(.interrupt(run, reason: "interrupt_requested")) }
        self.cursor = cursor
        for await entry in engine.events(of: conversation, after: cursor) {
            self.cursor = entry.sequence
            printer.show(entry.event, number: entry.sequence)
            if case .gateOpened(let gate) = entry.event.kind { try await decide(gate) }
            // A run that is resumed was interrupted earlier in the same stream.
            if entry.event.outcome != nil, try await state().run(run)?.status != .running {
                return try await conclude()
            }
        }
        throw CommandError(
            .cannotWrite, "The journal \(journal) can no longer be written. Make room, then: \(resumeCommand)"
        )
    }

    /// Says how the run stands, and what can be done.
    private func conclude() async throws(CommandError) -> ExitCode {
        await shutDown()
        return try JournalView(journal, conversation: conversation).conclude(
            &printer, after: clock.now - began)
    }

    /// Ctrl-C: once interrupts the run, twice stops waiting for it.
    private func interrupt() async {
        interrupts += 1
        guard interrupts == 1 else {
            Console.error("\nNot waiting any longer. Go on with:\n  \(resumeCommand)")
            Program.exit(.interrupted)
        }
        Console.error("\nInterrupting; what is under way is told to end. Press Ctrl-C again to stop waiting.")
        _ = try? await request(.interrupt(run, reason: "interrupt_requested"))
        callOff()
    }

    /// Answers a gate by what the command line said, or by asking; where nobody can be asked, the run is interrupted.
    private func decide(_ gate: Run.Gate) async throws(CommandError) {
        guard try await waits(gate, in: .running), try await !answer(gate, in: .running) else { return }
        let reason =
            switch gate.kind {
            case .approval: "approvalRequired"
            case .confirmation: "confirmationRequired"
            }
        try await request(.interrupt(run, reason: reason), by: .host)
    }

    /// Answers a gate by what the command line said, or by asking; false where nobody can be asked.
    ///
    /// - Parameter status: the run's. What is stopped meanwhile has no question any more.
    func answer(_ gate: Run.Gate, in status: Run.Status) async throws(CommandError) -> Bool {
        if gate.kind == .confirmation, let answer = decisions.removeValue(forKey: gate.ordinal) {
            try await request(.gateAnswer(gate.ticket, answer))
            return true
        }
        if gate.kind == .approval, denies {
            // Whoever says that nobody is there says no to what would be asked.
            try await request(.gateAnswer(gate.ticket, .deny(message: "nobody is there to ask")))
            return try await !waits(gate, in: status)
        }
        guard asks else { return false }
        try await prompt(gate, in: status)
        // Where several must agree, one answer leaves the question open, and the next one is somebody else's.
        return try await !waits(gate, in: status)
    }

    /// The state after everything that was requested.
    func state() async throws(CommandError) -> Conversation {
        do throws(EngineError) {
            return try await engine.state(of: conversation)
        } catch {
            throw CommandError(error)
        }
    }

    func shutDown() async {
        let limit = Duration.seconds(10)
        if let control { await control.shutdown(within: limit) } else { await engine.shutdown(within: limit) }
    }
}

extension JournalView {
    /// What a completed run has left, if it is more than what its events have told: every mode's but coding's.
    var artifact: JSON? {
        var artifact: JSON?
        for event in entries {
            guard case .run(run, let change) = event.kind else { continue }
            if case .opened(_, mode: "coding", _) = change { return nil }
            if case .completed(let made) = change { artifact = made }
        }
        return artifact == .null ? nil : artifact
    }

    /// How many steps there were; nil where nothing says it any more.
    var steps: Int? {
        let steps = entries.reduce(live?.steps.last?.ordinal ?? 0) { most, event in
            if case .step(run, let change) = event.kind { max(most, change.ordinal) } else { most }
        }
        return steps == 0 && base != nil ? nil : steps
    }
}
