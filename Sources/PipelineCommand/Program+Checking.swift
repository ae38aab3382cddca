import PipelineCore
import PipelineRuntime
import PipelineTesting

extension Program {
    /// Walks every order of what may happen to runs of the named templates; says what was found.
    static func check(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .check, options: ["--random", "--seed"])
        guard !arguments.operands.isEmpty else {
            throw Subcommand.check.misuse("Name a mode or a template file.")
        }
        var templates: [Template] = []
        for operand in arguments.operands {
            templates.append(
                try TaskFolder.template(operand, at: operand) { () -> CommandError in
                    Subcommand.check.misuse("\"\(operand)\" is no mode; \(TaskFolder.modes).")
                })
        }
        if let word = arguments.all("--random").last { return try random(word, arguments, templates) }
        var isRight = true
        for template in templates {
            for (name, checker) in ModelChecker.standard(template) {
                let start = WallClock().now
                let report = checker.check()
                Console.out(
                    "== \(name)\n\(report)\n\((WallClock().now - start).asDuration)\n\n".printableLines)
                if report.violation != nil || !report.isComplete { isRight = false }
            }
        }
        return isRight ? .completed : .failed
    }

    private static func random(
        _ word: String, _ arguments: ArgumentList, _ templates: [Template]
    ) throws(CommandError) -> ExitCode {
        guard let count = Int(word), count > 0 else {
            throw Subcommand.check.misuse("\"\(word)\" is no number of signals.")
        }
        let seedWord = arguments.all("--seed").last ?? "1"
        guard let seed = UInt64(seedWord) else {
            throw Subcommand.check.misuse("\"\(seedWord)\" is no seed.")
        }
        var signals = RandomSignals(seed: seed, templates: RandomSignals.templates + templates)
        let start = WallClock().now
        var failure: ModelChecker.Violation?
        do throws(ModelChecker.Violation) { try signals.send(count) } catch { failure = error }
        Console.out(
            "\(signals.report)\nseed \(seed), \((WallClock().now - start).asDuration)\n".printableLines)
        if let failure {
            Console.error("\(failure)")
            return .failed
        }
        let rarest = signals.report.rarest
        guard signals.report.applied >= count / 5, rarest.count >= count / 100_000 else {
            Console.error(
                "Too little was met: each signal in each phase once in 100000, and a fifth applied.")
            return .failed
        }
        return .completed
    }
}

extension String {
    /// Printable, line by line.
    fileprivate var printableLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in String(line).printable }
            .joined(separator: "\n")
    }
}
