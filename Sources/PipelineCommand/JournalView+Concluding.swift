import PipelineCore
import PipelineRuntime

extension JournalView {
    /// Says how the run stands, and what can be done; gives the exit code for that.
    func conclude(_ printer: inout ProgressPrinter, after time: Run.Milliseconds) -> ExitCode {
        let usage = summary?.usage ?? live?.spent.usage ?? Run.Usage()
        let status = summary?.status ?? .interrupted
        printer.finish(status.rawValue, steps: steps, time: time, usage: usage, artifact: artifact)
        switch status {
        case .completed: return .completed
        case .failed:
            Console.error(
                "The run failed: \(summary?.failure?.description ?? "no reason was recorded")".printable)
            return .failed
        case .canceled: return .canceled
        case .pending, .running, .interrupted:
            explainInterruption()
            return .interrupted
        }
    }

    var resumeCommand: String { command("resume") }

    private func explainInterruption() {
        let approvals = live?.gates.filter { gate in gate.kind == .approval } ?? []
        for gate in approvals {
            Console.error(
                "Step \(gate.ordinal) (\(gate.name)) waits for a person's approval. Answer with:".printable)
            for word in ["approve", "deny"] {
                Console.error("  \(command(word, "\(gate.ordinal)"))")
            }
        }
        let gates = live?.gates.filter { gate in gate.kind == .confirmation } ?? []
        for gate in gates {
            Console.error(
                "Step \(gate.ordinal) (\(gate.name)) was cut off, and nobody can know whether it took effect."
                    .printable)
        }
        var flags = gates.map { gate in " --rerun \(gate.ordinal)" }.joined()
        if let live, live.interruption?.reason == Run.LimitName.steps.rawValue {
            flags += " --max-steps \(live.limits.steps * 2)"
        }
        Console.error("The run is interrupted; nothing is lost. Go on with:\n  \(resumeCommand)\(flags)")
        if !gates.isEmpty { Console.error("or say --skip instead of --rerun to go on without its result.") }
    }
}
