import PipelineCore
import PipelineRuntime

extension Program {
    static func show(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .show, switches: ["--json"])
        let view = try JournalView(try arguments.operand("JOURNAL", of: .show))
        var printer = ProgressPrinter(arguments.has("--json") ? .json : .plain)
        for (index, event) in view.entries.enumerated() { printer.show(event, number: index + 1) }
        let time = (view.entries.last?.time ?? 0) - (view.entries.first?.time ?? 0)
        let usage = view.summary?.usage ?? view.live?.spent.usage ?? Run.Usage()
        printer.finish(view.outcome, steps: view.steps, time: time, usage: usage)
        let isHeld = FileJournal.isHeld(at: view.path)
        if view.tornBytes > 0, !isHeld {
            Console.error("The last record is cut off (\(view.tornBytes) bytes); it was never acknowledged.")
        }
        if let run = view.live, !arguments.has("--json") {
            for gate in run.gates {
                Console.out("waits    step \(gate.ordinal) (\(gate.name)): \(gate.kind.rawValue)\n".printable)
            }
            if !isHeld { Console.out("resume   \(Program.name) resume \(view.path.quoted)\n") }
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
                    Console.out("\(view.run)  \(view.outcome)  \(view.steps) steps  \(path)\n".printable)
                } catch {
                    Console.out("\(name)  unreadable  \(error.message)\n".printable)
                }
            }
        }
        return .completed
    }
}

extension JournalView {
    /// How the run stands; what the journal calls running is cut off when no process holds it.
    var outcome: String {
        guard let live else { return summary?.status.rawValue ?? "unknown" }
        return live.status == .running && !FileJournal.isHeld(at: path) ? "cut off" : live.status.rawValue
    }
}
