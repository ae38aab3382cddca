/// What the program can do, and how it explains it.
enum Subcommand: String, CaseIterable {
    case run, resume, interrupt, approve, deny, cancel, show, audit, list, replay, verify, diff, fork, compact
    case planUpgrade = "plan-upgrade"
    case check

    /// All of them in a sentence.
    static var names: String {
        let words = allCases.map { command in command.rawValue }
        return words.dropLast().joined(separator: ", ") + " and " + words.suffix(1).joined()
    }

    func misuse(_ what: String) -> CommandError {
        CommandError(.usage, "\(what) Usage: \(usage). See `pipeline help \(rawValue)`.")
    }

    var usage: String {
        switch self {
        case .run:
            "pipeline run FOLDER [--mode MODE] [--policy FILE] [--unattended] [--journal PATH] [--json]"
        case .resume:
            "pipeline resume JOURNAL [--rerun STEP | --skip STEP]… [--max-steps N] [--policy FILE] [--unattended] [--conversation ID] [--json]"
        case .interrupt: "pipeline interrupt JOURNAL [--reason TEXT] [--conversation ID]"
        case .approve: "pipeline approve JOURNAL TICKET [--arguments JSON] [--conversation ID]"
        case .deny: "pipeline deny JOURNAL TICKET [--message TEXT] [--conversation ID]"
        case .cancel: "pipeline cancel JOURNAL [--reason TEXT] [--conversation ID]"
        case .show: "pipeline show JOURNAL [--follow] [--conversation ID] [--json]"
        case .audit: "pipeline audit JOURNAL [--conversation ID] [--json]"
        case .list: "pipeline list [FOLDER]"
        case .replay: "pipeline replay JOURNAL [--to N] [--conversation ID] [--json]"
        case .verify: "pipeline verify JOURNAL [--conversation ID]"
        case .diff: "pipeline diff A B [--conversation ID]"
        case .fork: "pipeline fork JOURNAL --at N [--journal PATH] [--conversation ID]"
        case .compact: "pipeline compact JOURNAL"
        case .planUpgrade: "pipeline plan-upgrade JOURNAL… --template MODE|TEMPLATE.json"
        case .check: "pipeline check MODE|TEMPLATE.json… [--random N [--seed S]]"
        }
    }

    var summary: String {
        switch self {
        case .run: "Runs the task in a folder, on a copy of its workspace."
        case .resume: "Goes on with a run that was interrupted or killed."
        case .interrupt: "Interrupts a run from another terminal."
        case .approve: "Says yes to what a run asks."
        case .deny: "Says no to what a run asks."
        case .cancel: "Ends a run for good."
        case .show: "Prints what happened in a run, from its journal."
        case .audit: "Prints who decided what in a run: the policy, and people."
        case .list: "Lists the runs below a folder."
        case .replay: "Prints how a run stood after a record, and what each record decided."
        case .verify: "Folds a journal again, and names what does not give what was recorded."
        case .diff: "Names the first record where two journals differ, and what differs."
        case .fork: "Makes another run of what a run has done up to a record."
        case .compact: "Forgets a journal's history, and keeps what is needed to go on."
        case .planUpgrade: "Says which runs would act differently under another template."
        case .check: "Tries everything that may happen to a run of a mode, and checks the rules."
        }
    }

    static var overview: String {
        let rows = allCases.map { command in
            "  \(command.rawValue)\(String(repeating: " ", count: 14 - command.rawValue.count))\(command.summary)\n"
        }
        return """
            Runs agents' tasks that can be stopped, resumed and audited.

            Usage: pipeline SUBCOMMAND …

            \(rows.joined())
            Exit codes: 0 completed, 1 failed, 2 canceled, 3 interrupted (can be resumed), 64 wrong usage, 65 bad
            input, 73 cannot write, 75 the journal is in use.

            See `pipeline help SUBCOMMAND` for more.

            """
    }
}
