import PipelineCore
import PipelineRuntime

extension Program {
    static func run(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(
            words, of: .run, switches: ["--json", "--unattended"],
            options: ["--journal", "--mode", "--policy"])
        let task = try TaskFolder(try arguments.operand("FOLDER", of: .run))
        let template = try task.template(mode: arguments.all("--mode").last)
        let policy = try task.policy(named: arguments.all("--policy").last)
        let signals = Interrupts.all()
        let elsewhere = arguments.all("--journal").last
        if let elsewhere { try checkIsFree(elsewhere) }
        let folder = try RunFolder.create(for: task, under: policy)
        let path = elsewhere ?? folder.shown(folder.journal)
        let journal: FileJournal
        do throws(JournalError) { journal = try FileJournal.create(at: path) } catch {
            throw CommandError(error)
        }

        let attendance = Attendance(
            unattended: arguments.has("--unattended"), json: arguments.has("--json"))
        let copy = try folder.task()
        let rules = policy.policy(in: folder.workspace, for: attendance)
        let engine = Engine(try copy.gateway(for: template, in: folder, under: rules), journal: journal)
        let run = Run.ID(folder.name)
        let session = Session(
            engine, conversation: Conversation.ID(folder.name), run: run, journal: path,
            style: ProgressPrinter.style(json: arguments.has("--json")), asks: attendance == .terminal)
        var notes: JSON.Object = ["policy": .string("\(policy.digest)")]
        if elsewhere != nil { notes["folder"] = .string(folder.path) }
        let request = Run.Request(
            copy.task, template: template, isUnattended: attendance == .nobody, metadata: .object(notes))
        let opened: Run.Disposition
        do throws(EngineError) {
            opened = try await engine.request(
                .userMessage(request), id: Run.Signal.ID(key: run.key), in: Conversation.ID(folder.name))
        } catch {
            throw CommandError(error)
        }
        guard opened == .applied else {
            throw CommandError(.badInput, "The task was refused: \(opened.json). Look at \(task.path).")
        }
        await session.offerControl()
        await session.listen(to: signals)
        return try await session.follow(after: 0)
    }

    /// A journal holds one run: it is made where there is none yet.
    static func checkIsFree(_ path: String) throws(CommandError) {
        if FileJournal.isHeld(at: path) { throw CommandError(JournalError(path, .held)) }
        guard (try? FileDescriptor(opening: FileJournal.journalPath(path), .reading)) == nil else {
            throw CommandError(
                .cannotWrite,
                "\(path) holds a journal already; name a folder that holds none, or resume its run.")
        }
    }

    static func resume(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(
            words, of: .resume, switches: ["--json", "--unattended"],
            options: ["--rerun", "--skip", "--max-steps", "--policy", "--conversation"])
        let path = try arguments.operand("JOURNAL", of: .resume)
        let decisions = try decisions(arguments)
        let maxSteps = try steps(arguments)
        var view = try JournalView(path, conversation: arguments.conversation)
        if view.summary == nil, let holder = try await Holder.client(of: &view) {
            let style = ProgressPrinter.style(json: arguments.has("--json"))
            return try await resume(view, by: holder, decisions, maxSteps: maxSteps, style)
        }
        if let summary = view.summary { return try ended(view, summary) }
        guard let run = view.live else {
            throw CommandError(.badInput, "\(path) no longer says how its run \(view.run) stands.")
        }
        try check(decisions, against: view.confirmations)
        view.sayWhatIsGone()
        let signals = Interrupts.all()
        let folder = try view.folder()
        let task = try folder.task()
        let attendance = Attendance(
            unattended: arguments.has("--unattended") || run.isUnattended, json: arguments.has("--json"))
        let rules = try policy(of: view, task, else: arguments.all("--policy").last)
            .policy(in: folder.workspace, for: attendance)
        let journal = try open(path)
        let engine = Engine(try task.gateway(for: run.template, in: folder, under: rules), journal: journal)
        let session = Session(
            engine, of: view,
            style: ProgressPrinter.style(json: arguments.has("--json")), asks: attendance == .terminal,
            denies: attendance == .nobody, decisions: decisions)
        await session.offerControl()
        await session.listen(to: signals)
        try await takeUp(view.run, maxSteps: maxSteps, session)
        return try await session.follow(after: view.lastEvent)
    }

    /// The policy that a run began with, unless the command line names another one.
    private static func policy(
        of view: JournalView, _ task: TaskFolder, else given: String?
    ) throws(CommandError) -> RunPolicy {
        let policy = try task.policy(named: given)
        guard given == nil, let digest = view.policyDigest, "\(policy.digest)" != digest else {
            return policy
        }
        throw CommandError(
            .badInput,
            "\(task.path)/\(RunPolicy.file) is not the policy that the run began with. "
                + "To go on under the rules of a file all the same, name it by --policy.")
    }

    /// Refuses a decision about a step that does not wait for one, before anything is done.
    static func check(
        _ decisions: [Int: Run.Gate.Answer], against confirmations: [Run.Gate]
    ) throws(CommandError) {
        let waiting = confirmations.map { gate in gate.ordinal }
        for ordinal in decisions.keys.sorted() where !waiting.contains(ordinal) {
            let steps = waiting.map { step in "\(step)" }.joined(separator: ", ")
            let hint = steps.isEmpty ? "no step does; leave --rerun and --skip out" : "these do: \(steps)"
            throw CommandError(.usage, "Step \(ordinal) waits for no decision; \(hint).")
        }
    }

    /// Answers what the command line answers, and resumes the run if it is interrupted.
    private static func takeUp(
        _ run: Run.ID, maxSteps: Int?, _ session: Session
    ) async throws(CommandError) {
        guard let run = try await session.state().run(run) else { return }
        let open = run.gates.filter { gate in gate.kind == .confirmation }
        guard run.status == .interrupted, let ticket = run.interruption?.ticket else { return }
        for gate in open where try await session.waits(gate, in: .interrupted) {
            if try await session.answer(gate, in: .interrupted) { continue }
            await session.shutDown()
            throw CommandError(
                .interrupted,
                "Step \(gate.ordinal) (\(gate.name)) was cut off, and nobody can know whether it took effect. "
                    + "Say --rerun \(gate.ordinal) to run it again, or --skip \(gate.ordinal) to go on without its result."
            )
        }
        let disposition = try await session.request(.resume(run.id, ticket, .raising(steps: maxSteps)))
        if disposition == .rejected(.budgetExhausted) {
            await session.shutDown()
            throw CommandError(
                .interrupted,
                "The run has used its \(run.limits.steps) steps. Say --max-steps with a greater number to go on."
            )
        }
        // Another terminal may have resumed it while a person was asked, and an answer may have ended it.
        let isDone: [Run.Disposition] = [.applied, .rejected(.notInterrupted), .rejected(.runTerminal)]
        guard isDone.contains(disposition) else {
            throw CommandError(.failed, "The run was not resumed: \(disposition.json). See `pipeline show`.")
        }
    }

    static func cancel(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .cancel, options: ["--reason", "--conversation"])
        let path = try arguments.operand("JOURNAL", of: .cancel)
        var view = try JournalView(path, conversation: arguments.conversation)
        let reason = arguments.all("--reason").last ?? "cancel_requested"
        if view.summary == nil, let holder = try await Holder.client(of: &view) {
            return try await stop(view, by: holder, .cancel(view.run, reason: reason))
        }
        if let summary = view.summary { return try ended(view, summary) }
        let signals = Interrupts.all()
        // Nothing may start any more, so there is nothing behind this gateway.
        let nothing = Gateway(policy: Policy { _ in Run.Decision(.deny, rule: "canceling") })
        let engine = Engine(nothing, journal: try open(path))
        let session = Session(
            engine, of: view, style: ProgressPrinter.style(json: false), asks: false)
        await session.offerControl()
        await session.listen(to: signals)
        let disposition = try await session.request(.cancel(view.run, reason: reason))
        guard disposition == .applied else {
            throw CommandError(.failed, "The run was not canceled: \(disposition.json). See `pipeline show`.")
        }
        return try await session.follow(after: view.lastEvent)
    }

    /// Says that a run has ended already; its outcome is the exit code.
    static func ended(
        _ view: JournalView, _ summary: Conversation.Summary
    ) throws(CommandError) -> ExitCode {
        Console.error(
            "The run \(view.run) is \(summary.status.rawValue) already; run the task again for another one.")
        switch summary.status {
        case .completed: return .completed
        case .canceled: return .canceled
        case .pending, .running, .interrupted, .failed: return .failed
        }
    }

    /// Holds a journal to go on with it.
    static func open(_ path: String) throws(CommandError) -> FileJournal {
        do throws(JournalError) {
            let journal = try FileJournal.open(at: path)
            if journal.repairedBytes > 0 {
                Console.error(
                    "The last record of \(path) was cut off and is removed (\(journal.repairedBytes) bytes); "
                        + "it was never acknowledged, so nothing is lost.")
            }
            return journal
        } catch {
            throw CommandError(error)
        }
    }

    private static func steps(_ arguments: ArgumentList) throws(CommandError) -> Int? {
        guard let word = arguments.all("--max-steps").last else { return nil }
        guard let number = Int(word), number > 0 else {
            throw Subcommand.resume.misuse("\"\(word)\" is no number of steps.")
        }
        return number
    }

    private static func decisions(_ arguments: ArgumentList) throws(CommandError) -> [Int: Run.Gate.Answer] {
        var decisions: [Int: Run.Gate.Answer] = [:]
        let said: [(String, Run.Gate.Answer)] =
            arguments.all("--rerun").map { step in (step, .rerun) }
            + arguments.all("--skip").map { step in (step, .skip) }
        for (word, answer) in said {
            guard let ordinal = Int(word), ordinal > 0 else {
                throw Subcommand.resume.misuse("\"\(word)\" is not the number of a step.")
            }
            guard decisions.updateValue(answer, forKey: ordinal) == nil else {
                throw Subcommand.resume.misuse("Step \(ordinal) is named twice.")
            }
        }
        return decisions
    }
}
