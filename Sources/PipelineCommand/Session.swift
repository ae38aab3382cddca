import PipelineCore
import PipelineRuntime

/// One engine with one run in it, a person in front of it, and the way to its end.
actor Session {
    private let engine: Engine
    private let conversation: Conversation.ID
    private let run: Run.ID
    private let journal: String
    private let asks: Bool
    private let denies: Bool
    private var printer: ProgressPrinter
    /// What the command line says about steps whose outcome nobody knows.
    private var decisions: [Int: Run.Gate.Answer]
    private var requests = 0
    private var interrupts = 0
    private var isPrompting = false
    private let began: Run.Milliseconds
    private let clock = WallClock()

    init(
        _ engine: Engine, conversation: Conversation.ID, run: Run.ID, journal: String,
        style: ProgressPrinter.Style,
        asks: Bool, denies: Bool = false, decisions: [Int: Run.Gate.Answer] = [:]
    ) {
        self.engine = engine
        self.conversation = conversation
        self.run = run
        self.journal = journal
        self.asks = asks
        self.denies = denies
        self.decisions = decisions
        printer = ProgressPrinter(style)
        began = clock.now
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
        for await entry in engine.events(of: conversation, after: cursor) {
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
        let view = try JournalView(journal)
        let usage = view.summary?.usage ?? view.live?.spent.usage ?? Run.Usage()
        let status = view.summary?.status ?? .interrupted
        printer.finish(
            status.rawValue, steps: view.steps, time: clock.now - began, usage: usage,
            artifact: view.artifact)
        switch status {
        case .completed: return .completed
        case .failed:
            Console.error(
                "The run failed: \(view.summary?.failure?.description ?? "no reason was recorded")".printable)
            return .failed
        case .canceled: return .canceled
        case .pending, .running, .interrupted:
            explainInterruption(view.live)
            return .interrupted
        }
    }

    private func explainInterruption(_ run: Run?) {
        let approvals = run?.gates.filter { gate in gate.kind == .approval } ?? []
        for gate in approvals {
            Console.error(
                "Step \(gate.ordinal) (\(gate.name)) waits for a person's approval. Answer with:".printable)
            for word in ["approve", "deny"] {
                Console.error("  \(Program.name) \(word) \(journal.quoted) \(gate.ordinal)")
            }
        }
        let gates = run?.gates.filter { gate in gate.kind == .confirmation } ?? []
        for gate in gates {
            Console.error(
                "Step \(gate.ordinal) (\(gate.name)) was cut off, and nobody can know whether it took effect."
                    .printable)
        }
        var flags = gates.map { gate in " --rerun \(gate.ordinal)" }.joined()
        if let run, run.interruption?.reason == Run.LimitName.steps.rawValue {
            flags += " --max-steps \(run.limits.steps * 2)"
        }
        Console.error("The run is interrupted; nothing is lost. Go on with:\n  \(resumeCommand)\(flags)")
        if !gates.isEmpty { Console.error("or say --skip instead of --rerun to go on without its result.") }
    }

    private var resumeCommand: String { "\(Program.name) resume \(journal.quoted)" }

    /// Ctrl-C: once interrupts the run, twice stops waiting for it.
    private func interrupt() async {
        interrupts += 1
        guard interrupts == 1 else {
            Console.error("\nNot waiting any longer. Go on with:\n  \(resumeCommand)")
            Program.exit(.interrupted)
        }
        Console.error("\nInterrupting; what is under way is told to end. Press Ctrl-C again to stop waiting.")
        _ = try? await request(.interrupt(run, reason: "interrupt_requested"))
        // Whoever reads a line at the prompt cannot see the event.
        if isPrompting, let code = try? await conclude() { Program.exit(code) }
    }

    /// Answers a gate by what the command line said, or by asking; where nobody can be asked, the run is interrupted.
    private func decide(_ gate: Run.Gate) async throws(CommandError) {
        guard try await isOpen(gate), try await !answer(gate) else { return }
        let reason =
            switch gate.kind {
            case .approval: "approvalRequired"
            case .confirmation: "confirmationRequired"
            }
        try await request(.interrupt(run, reason: reason), by: .host)
    }

    /// Answers a gate by what the command line said, or by asking; false where nobody can be asked.
    func answer(_ gate: Run.Gate) async throws(CommandError) -> Bool {
        if gate.kind == .confirmation, let answer = decisions.removeValue(forKey: gate.ordinal) {
            try await request(.gateAnswer(gate.ticket, answer))
            return true
        }
        if gate.kind == .approval, denies {
            // Whoever says that nobody is there says no to what would be asked.
            try await request(.gateAnswer(gate.ticket, .deny(message: "nobody is there to ask")))
            return try await !isOpen(gate)
        }
        guard asks else { return false }
        try await prompt(gate)
        // Where several must agree, one answer leaves the question open, and the next one is somebody else's.
        return try await !isOpen(gate)
    }

    /// Whether a gate that an event told of still waits, in a run that has not been stopped since.
    private func isOpen(_ gate: Run.Gate) async throws(CommandError) -> Bool {
        guard let run = try await state().run(run), run.status == .running, run.stop == nil else {
            return false
        }
        return run.gates.contains(gate)
    }

    /// The state after everything that was requested.
    func state() async throws(CommandError) -> Conversation {
        do throws(EngineError) {
            return try await engine.state(of: conversation)
        } catch {
            throw CommandError(error)
        }
    }

    func shutDown() async { await engine.shutdown(within: .seconds(10)) }

    private func prompt(_ gate: Run.Gate) async throws(CommandError) {
        let choices: [(key: String, word: String, answer: Run.Gate.Answer)] =
            switch gate.kind {
            case .approval: [("y", "yes", .approve), ("n", "no", .deny(message: ""))]
            case .confirmation: [("r", "rerun it", .rerun), ("s", "skip it", .skip)]
            }
        let options = choices.map { choice in "\(choice.key) = \(choice.word)" }.joined(separator: ", ")
        isPrompting = true
        defer { isPrompting = false }
        if gate.kind == .confirmation { Console.out("         \(gate.reason)\n".printable) }
        while true {
            Console.out(
                "         step \(gate.ordinal): \("\(gate.name) \(gate.arguments)".printable)\n         \(options)? "
            )
            guard let line = await LineReader.line() else {
                try await request(.interrupt(run, reason: "nobody answered"))
                return
            }
            if let choice = choices.first(where: { choice in line == choice.key || line == choice.word }) {
                try await request(.gateAnswer(gate.ticket, choice.answer))
                return
            }
        }
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

    /// How many steps there were.
    var steps: Int {
        entries.reduce(0) { most, event in
            if case .step(run, let change) = event.kind { max(most, change.ordinal) } else { most }
        }
    }
}
