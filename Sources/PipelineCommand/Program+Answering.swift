import PipelineCore
import PipelineRuntime

extension Program {
    static func approve(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .approve, options: ["--arguments", "--conversation"])
        let (path, ticket) = try arguments.operands("JOURNAL", "TICKET", of: .approve)
        var edited: JSON?
        if let text = arguments.all("--arguments").last {
            do throws(JSON.ParseError) { edited = try JSON(parsing: text) } catch {
                throw Subcommand.approve.misuse(
                    "--arguments is no JSON: line \(error.line), column \(error.column): \(error.reason).")
            }
            guard edited?.objectValue != nil else {
                throw Subcommand.approve.misuse("--arguments must be a JSON object.")
            }
        }
        let view = try JournalView(path, conversation: arguments.conversation)
        return try await answer(ticket, .approve(arguments: edited), view, .approve)
    }

    static func deny(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .deny, options: ["--message", "--conversation"])
        let (path, ticket) = try arguments.operands("JOURNAL", "TICKET", of: .deny)
        let view = try JournalView(path, conversation: arguments.conversation)
        return try await answer(
            ticket, .deny(message: arguments.all("--message").last ?? ""), view, .deny)
    }

    /// Takes what a person says at a gate to the process that is at work on the run.
    ///
    /// Where none is, the run is interrupted: the answer is recorded, nothing starts, and it counts at the resume.
    private static func answer(
        _ word: String, _ answer: Run.Gate.Answer, _ given: JournalView, _ command: Subcommand
    ) async throws(CommandError) -> ExitCode {
        var view = given
        if view.summary == nil, let holder = try await Holder.client(of: &view) {
            return try await self.answer(word, answer, view, by: holder, command)
        }
        let gate = try view.approval(word, for: command, isHeld: false)
        try view.check(answer, at: gate, for: command)
        // Nothing may start, so there is nothing behind this gateway.
        let nothing = Gateway(policy: Policy { _ in Run.Decision(.deny, rule: "answering") })
        let session = Session(
            Engine(nothing, journal: try open(view.path)), of: view, style: .plain, asks: false)
        let disposition = try await session.request(.gateAnswer(gate.ticket, answer))
        let left = try await session.state().run(view.run)?.approvalsMissing(at: gate.ticket) ?? 0
        await session.shutDown()
        let next = "go on with: \(view.resumeCommand)"
        return try Answered(gate, command, by: Console.user, missing: left, next: next).report(disposition)
    }

    /// The same, through the process that holds the journal.
    private static func answer(
        _ word: String, _ answer: Run.Gate.Answer, _ view: JournalView, by holder: consuming Holder,
        _ command: Subcommand
    ) async throws(CommandError) -> ExitCode {
        let live = view.updated(with: try await holder.state())
        let gate = try live.approval(word, for: command, isHeld: true)
        try live.check(answer, at: gate, for: command)
        guard let disposition = try await holder.request(.gateAnswer(gate.ticket, answer)) else {
            throw CommandError(
                .failed, "The run went away before it took the answer, or just after. See `pipeline show`.")
        }
        // It may have ended with this answer.
        let run = (try? await holder.state())?.run(view.run)
        let next =
            run?.status == .interrupted
            ? "go on with: \(view.resumeCommand)" : "the run goes on"
        return try Answered(
            gate, command, by: holder.person, missing: run?.approvalsMissing(at: gate.ticket) ?? 0,
            next: next
        ).report(disposition)
    }
}

extension JournalView {
    /// The approval gate that a person names by its ticket or its step.
    ///
    /// - Parameter isHeld: whether a process is at work on the run; otherwise only an interrupted one waits.
    fileprivate func approval(
        _ word: String, for command: Subcommand, isHeld: Bool
    ) throws(CommandError) -> Run.Gate {
        guard let run = live else {
            let status = summary?.status.rawValue ?? "gone"
            throw CommandError(
                .usage, "The run \(self.run) is \(status) already; no step of it waits for an answer.")
        }
        guard isHeld || run.status == .interrupted else {
            let resume = resumeCommand
            throw CommandError(
                .interrupted,
                "The run \(run.id) was cut off. Resume it, and it comes to its question again:\n  \(resume)")
        }
        let named = run.gates.first { gate in
            Int(word).map { ordinal in ordinal == gate.ordinal } ?? (gate.ticket.description == word)
        }
        guard let named else {
            let waiting = run.gates.filter { gate in gate.kind == .approval }
                .map { gate in "\n  \(gate.ticket)  step \(gate.ordinal) (\(gate.name))" }
            let hint = waiting.isEmpty ? "no step does." : "these do:\(waiting.joined())"
            let what = Int(word).map { ordinal in "Step \(ordinal)" } ?? "The ticket \"\(word)\""
            throw CommandError(.usage, "\(what) waits for no approval; \(hint)")
        }
        guard named.kind == .approval else {
            let resume = resumeCommand
            throw CommandError(
                .usage,
                "Step \(named.ordinal) (\(named.name)) was cut off, and there is nothing to \(command.rawValue): "
                    + "say whether to run it again.\n  \(resume) --rerun \(named.ordinal)\n"
                    + "  \(resume) --skip \(named.ordinal)")
        }
        return named
    }

    /// Refuses arguments for a step that takes none.
    fileprivate func check(
        _ answer: Run.Gate.Answer, at gate: Run.Gate, for command: Subcommand
    ) throws(CommandError) {
        if case .approve(_?) = answer, live?.step(gate.ordinal)?.call == nil {
            throw command.misuse("Step \(gate.ordinal) (\(gate.name)) calls nothing, so it has no arguments.")
        }
    }
}

extension Run {
    /// How many people more must agree at this gate; 0 when it is not open.
    func approvalsMissing(at ticket: Ticket) -> Int {
        guard let gate = gates.first(where: { gate in gate.ticket == ticket }) else { return 0 }
        return gate.approvers - (step(gate.ordinal)?.question?.agreed.count ?? 0)
    }
}
