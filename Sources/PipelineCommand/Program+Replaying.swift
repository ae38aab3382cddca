import PipelineCore
import PipelineRuntime

/// Looks back at what was recorded; nothing is started, and nothing is changed.
extension Program {
    static func replay(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(
            words, of: .replay, switches: ["--json"], options: ["--to", "--conversation"])
        let path = try arguments.operand("JOURNAL", of: .replay).withoutEndingSlashes
        let last = try arguments.record("--to", of: .replay)
        let contents = try FileJournalContents(reading: path)
        let history = contents.history(of: try contents.conversation(arguments.conversation, in: path))
        let printer = ReplayPrinter(isJSON: arguments.has("--json"))
        if let base = history.base {
            Console.error(
                "Earlier history is no longer kept: the replay begins after record \(base.sequence)."
                    .printable)
        }
        var began: Run.Milliseconds?
        do throws(JournalError) {
            let replay = try history.replay(to: last) { step in
                began = began ?? step.record.signal.time
                printer.show(step)
            }
            printer.show(replay, began: began ?? replay.time)
        } catch {
            throw CommandError(error)
        }
        return .completed
    }
}
