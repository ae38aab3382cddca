import PipelineCore
import PipelineRuntime

extension Program {
    static func approve(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .approve, options: ["--arguments"])
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
        return try await answer(ticket, .approve(arguments: edited), in: path, .approve)
    }

    static func deny(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .deny, options: ["--message"])
        let (path, ticket) = try arguments.operands("JOURNAL", "TICKET", of: .deny)
        return try await answer(
            ticket, .deny(message: arguments.all("--message").last ?? ""), in: path, .deny)
    }

    /// Records what a person says at a gate of an interrupted run. Nothing starts: the answer counts at the resume.
    private static func answer(
        _ word: String, _ answer: Run.Gate.Answer, in path: String, _ command: Subcommand
    ) async throws(CommandError) -> ExitCode {
        let view = try JournalView(path)
        if FileJournal.isHeld(at: path) { throw CommandError(JournalError(path, .held)) }
        let gate = try view.approval(word, for: command)
        if case .approve(_?) = answer, view.live?.step(gate.ordinal)?.call == nil {
            throw command.misuse("Step \(gate.ordinal) (\(gate.name)) calls nothing, so it has no arguments.")
        }
        // Nothing may start, so there is nothing behind this gateway.
        let nothing = Gateway(policy: Policy { _ in Run.Decision(.deny, rule: "answering") })
        let session = Session(
            Engine(nothing, journal: try open(path)), conversation: view.conversation.id, run: view.run,
            journal: path, style: .plain, asks: false)
        let disposition = try await session.request(.gateAnswer(gate.ticket, answer))
        let left = try await session.state().run(view.run)?.approvalsMissing(at: gate.ticket) ?? 0
        await session.shutDown()
        let person = Console.user
        let step = "step \(gate.ordinal) (\(gate.name))"
        switch disposition {
        case .applied:
            let said = command == .approve ? "approved" : "denied"
            let next =
                left > 0
                ? "\(left) more must approve it" : "go on with: \(Program.name) resume \(path.quoted)"
            Console.out("\(said.padded(to: 8)) \(step) by \(person); \(next)\n".printable)
            return .completed
        case .unchanged:
            Console.out("unchanged \(step): \(person) has approved it already; \(left) more must\n".printable)
            return .completed
        case .rejected(.unauthorized):
            throw CommandError(.failed, "\(person) may not answer for this run; nothing was changed.")
        case .rejected(.payloadInvalid):
            throw CommandError(
                .usage, "The answer is too large or too deeply nested to be kept; nothing was changed.")
        case .duplicate, .stale, .rejected:
            throw CommandError(
                .failed, "The answer was not taken: \(disposition.json). See `pipeline show`.")
        }
    }
}

extension JournalView {
    /// The approval gate that a person names by its ticket or its step.
    fileprivate func approval(_ word: String, for command: Subcommand) throws(CommandError) -> Run.Gate {
        guard let run = live else {
            let status = summary?.status.rawValue ?? "gone"
            throw CommandError(
                .usage, "The run \(self.run) is \(status) already; no step of it waits for an answer.")
        }
        guard run.status == .interrupted else {
            let resume = "\(Program.name) resume \(path.quoted)"
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
            let resume = "\(Program.name) resume \(path.quoted)"
            throw CommandError(
                .usage,
                "Step \(named.ordinal) (\(named.name)) was cut off, and there is nothing to \(command.rawValue): "
                    + "say whether to run it again.\n  \(resume) --rerun \(named.ordinal)\n"
                    + "  \(resume) --skip \(named.ordinal)")
        }
        return named
    }
}

extension Run {
    /// How many people more must agree at this gate; 0 when it is not open.
    func approvalsMissing(at ticket: Ticket) -> Int {
        guard let gate = gates.first(where: { gate in gate.ticket == ticket }) else { return 0 }
        return gate.approvers - (step(gate.ordinal)?.question?.agreed.count ?? 0)
    }
}
