import PipelineCore
import PipelineRuntime

extension Program {
    static func show(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(
            words, of: .show, switches: ["--json", "--follow"], options: ["--conversation"])
        var view = try JournalView(
            try arguments.operand("JOURNAL", of: .show), conversation: arguments.conversation)
        let follows = arguments.has("--follow")
        var printer = ProgressPrinter(
            follows
                ? ProgressPrinter.style(json: arguments.has("--json"))
                : arguments.has("--json") ? .json : .plain)
        if let origin = view.origin {
            let line = origin.line
            if arguments.has("--json") { Console.error(line) } else { Console.out("fork     \(line)\n") }
        }
        view.sayWhatIsGone()
        view.show(&printer, to: view.lastEvent)
        let (run, shown) = (view.run, view.lastEvent)
        if follows, view.live != nil, let holder = try await Holder.client(of: &view) {
            view = try await holder.follow(&printer) { event in
                guard case .run(run, _) = event.kind, let outcome = event.outcome else { return false }
                return outcome != .interrupted
            }
        } else {
            view.show(&printer, from: shown, to: view.lastEvent)
        }
        let time = (view.entries.last?.time ?? 0) - (view.entries.first?.time ?? 0)
        let usage = view.summary?.usage ?? view.live?.spent.usage ?? Run.Usage()
        printer.finish(
            view.outcome, steps: view.steps, time: time, usage: usage, artifact: view.artifact)
        let isHeld = FileJournal.isHeld(at: view.path)
        if view.tornBytes > 0, !isHeld {
            Console.error("The last record is cut off (\(view.tornBytes) bytes); it was never acknowledged.")
        }
        if let run = view.live, !arguments.has("--json") {
            let now = WallClock().now
            for blocker in run.blockers {
                for line in run.lines(about: blocker, isHeld: isHeld, now: now) {
                    Console.out("\(line)\n".printable)
                }
            }
            if !isHeld {
                for gate in run.gates where gate.kind == .approval && run.status == .interrupted {
                    Console.out("approve  \(view.command("approve", "\(gate.ordinal)"))\n")
                    Console.out("deny     \(view.command("deny", "\(gate.ordinal)"))\n")
                }
            }
            if !isHeld { Console.out("resume   \(view.resumeCommand)\n") }
        }
        if !view.others.isEmpty {
            let names = view.others.map { id in id.text.quoted }.joined(separator: ", ")
            Console.error(
                "The journal holds other conversations; name one by --conversation: \(names)".printable)
        }
        return .completed
    }

    static func list(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .list)
        guard arguments.operands.count <= 1 else { throw Subcommand.list.misuse("Name one folder.") }
        let folder = arguments.operands.first ?? ".pipeline"
        guard let names = Console.names(in: folder) else {
            throw CommandError(
                .badInput, "There is no folder \(folder); runs are made in .pipeline where you run them.")
        }
        for name in names {
            for path in ["\(folder)/\(name)/journal", "\(folder)/\(name)"] {
                guard (try? FileDescriptor(opening: FileJournal.journalPath(path), .reading)) != nil else {
                    continue
                }
                do throws(CommandError) {
                    let view = try JournalView(path)
                    let steps = view.steps.map { steps in "\(steps) steps" } ?? "compacted"
                    Console.out("\(view.run)  \(view.outcome)  \(steps)  \(path)\n".printable)
                    for other in view.others {
                        Console.out("  besides the conversation \(other.text.quoted)\n".printable)
                    }
                } catch {
                    Console.out("\(name)  unreadable  \(error.message)\n".printable)
                }
            }
        }
        return .completed
    }
}

extension Run {
    /// What a run waits for, as lines for a person.
    ///
    /// - Parameter isHeld: whether a process is at work on it; otherwise nothing is under way, whatever the journal says.
    func lines(about blocker: Blocker, isHeld: Bool, now: Milliseconds) -> [String] {
        switch blocker {
        case .gate(let ticket, let kind, let until):
            guard let gate = gates.first(where: { gate in gate.ticket == ticket }) else { return [] }
            let missing = gate.approvers > 1 ? ", \(approvalsMissing(at: ticket)) more must approve" : ""
            let line = "waits    \(label(gate.ordinal)): \(kind.rawValue)\(missing), ticket \(ticket)"
            let lines = [line + (isHeld ? left(until, now) : "")]
            return step(gate.ordinal)?.call == nil ? lines : lines + ["         \(gate.arguments)"]
        case .execution(let id, let until):
            return isHeld
                ? ["waits    \(label(id.ordinal)): the end of attempt \(id.attempt)\(left(until, now))"]
                : ["cut off  \(label(id.ordinal)): attempt \(id.attempt) was under way"]
        case .capacity(let id, _):
            return isHeld
                ? ["waits    \(label(id.ordinal)): room to begin attempt \(id.attempt)"]
                : ["cut off  \(label(id.ordinal)): attempt \(id.attempt) had not begun"]
        case .settling(let id, let until):
            return isHeld
                ? ["waits    \(label(id.ordinal)): attempt \(id.attempt) is told to end\(left(until, now))"]
                : ["cut off  \(label(id.ordinal)): attempt \(id.attempt) was told to end"]
        case .timer(let ordinal, let until):
            return ["waits    \(label(ordinal)): a pause\(left(until, now))"]
        case .queued(let run): return ["waits    for the run \(run)"]
        case .held(let run): return ["waits    for the run \(run), which is interrupted"]
        // The last line says how.
        case .resume: return []
        }
    }

    private func label(_ ordinal: Int) -> String { "step \(ordinal) (\(step(ordinal)?.name ?? "?"))" }

    private func left(_ until: Milliseconds?, _ now: Milliseconds) -> String {
        until.map { until in ", \(max(0, until - now).asDuration) left" } ?? ""
    }
}

extension JournalOrigin {
    /// For a person.
    var line: String { "of \(journal) after record \(sequence) of \(conversation)".printable }
}

extension JournalView {
    /// Says from where on the history is kept, where that is not from its beginning.
    func sayWhatIsGone() {
        guard let base else { return }
        Console.error(
            "Earlier history is no longer kept: what is said begins after record \(base) of \(conversation.id)."
                .printable)
    }

    /// How the run stands; what the journal calls running is cut off when no process holds it.
    var outcome: String {
        guard let live else { return summary?.status.rawValue ?? "unknown" }
        return live.status == .running && !FileJournal.isHeld(at: path) ? "cut off" : live.status.rawValue
    }
}
