import PipelineCore
import PipelineRuntime

extension Program {
    /// Says which runs would do something else under another definition; none is changed.
    static func planUpgrade(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .planUpgrade, options: ["--template"])
        guard !arguments.operands.isEmpty else { throw Subcommand.planUpgrade.misuse("JOURNAL is missing.") }
        guard let name = arguments.all("--template").last else {
            throw Subcommand.planUpgrade.misuse("--template is missing.")
        }
        let template = try TaskFolder.template(name, at: name) { () -> CommandError in
            Subcommand.planUpgrade.misuse("\"\(name)\" is no mode; \(TaskFolder.modes).")
        }
        var count = UpgradeCount()
        for operand in arguments.operands {
            let path = operand.withoutEndingSlashes
            do throws(CommandError) {
                try plan(template, path, &count)
            } catch {
                count.unreadable += 1
                Console.out("unknown  \(path): it cannot be folded\n  \(error.message)\n".printable)
            }
        }
        Console.out(
            "\(count.same) the same, \(count.different) different, \(count.unfoldable + count.unreadable) unknown\n"
        )
        if count.unreadable > 0 { return .badInput }
        return count.different + count.unfoldable > 0 ? .failed : .completed
    }

    private static func plan(
        _ template: Template, _ path: String, _ count: inout UpgradeCount
    ) throws(CommandError) {
        let contents = try FileJournalContents(reading: path)
        for id in contents.conversations {
            let plan: UpgradePlan
            do throws(JournalError) {
                plan = try UpgradePlan(for: template, of: contents.history(of: id))
            } catch {
                throw CommandError(error)
            }
            if plan.entries.isEmpty { Console.out("ended    \(id) in \(path)\n".printable) }
            for entry in plan.entries {
                count.add(entry.outcome)
                for line in entry.lines(in: path) { Console.out("\(line)\n".printable) }
            }
        }
    }
}

/// How many runs there are of each kind.
private struct UpgradeCount {
    var same = 0
    var different = 0
    var unfoldable = 0
    /// Journals that cannot be read.
    var unreadable = 0

    mutating func add(_ outcome: UpgradePlan.Outcome) {
        switch outcome {
        case .same: same += 1
        case .differs: different += 1
        case .unfoldable: unfoldable += 1
        }
    }
}

extension UpgradePlan.Entry {
    fileprivate func lines(in path: String) -> [String] {
        let who = "\(run) (\(status.rawValue), \(pinned.id) \(pinned.version)) in \(path)"
        switch outcome {
        case .same:
            let places = changes.prefix(8).map { change in change.pointer }
            let more = changes.count > 8 ? " and \(changes.count - 8) more places" : ""
            let hint = "  so far; the templates differ at \(places.joined(separator: ", "))\(more)"
            return ["same     \(who)"] + (changes.isEmpty ? [] : [hint])
        case .differs(let deviation):
            let place = deviation.sequence.map { number in "record \(number)" } ?? "what comes next"
            return [
                "differs  \(who)", "  at \(place) (\(deviation.signal))",
                "  recorded    \(deviation.pinned.words)", "  recomputed  \(deviation.new.words)",
            ] + deviation.contents.lines
        case .unfoldable(let reasons):
            return ["unknown  \(who): it cannot be folded"] + reasons.map { reason in "  \(reason)" }
        }
    }
}

extension UpgradeDeviation.Decision {
    fileprivate var words: String {
        let end = status.map { status in ["then \(status.rawValue)"] } ?? []
        return ([disposition.line] + deeds + end).joined(separator: "; ")
    }
}
