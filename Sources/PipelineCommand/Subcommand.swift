/// What the program can do, and how it explains it.
enum Subcommand: String, CaseIterable {
    case run, resume, interrupt, approve, deny, cancel, show, audit, list, check

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
            "pipeline resume JOURNAL [--rerun STEP | --skip STEP]… [--max-steps N] [--policy FILE] [--unattended] [--json]"
        case .interrupt: "pipeline interrupt JOURNAL [--reason TEXT]"
        case .approve: "pipeline approve JOURNAL TICKET [--arguments JSON]"
        case .deny: "pipeline deny JOURNAL TICKET [--message TEXT]"
        case .cancel: "pipeline cancel JOURNAL [--reason TEXT]"
        case .show: "pipeline show JOURNAL [--follow] [--json]"
        case .audit: "pipeline audit JOURNAL [--json]"
        case .list: "pipeline list [FOLDER]"
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
        case .check: "Tries everything that may happen to a run of a mode, and checks the rules."
        }
    }

    var help: String {
        let details =
            switch self {
            case .run:
                """
                FOLDER holds task.json: the task's text, the workspace's folder, the transcript of the model, and
                the commands that may run; it may name a mode and change it by extensions. The copy is made in
                .pipeline/<run>/workspace, the journal beside it.

                  --mode MODE      coding, planning, engineering, or the file of a template; wins over task.json,
                                   and coding where neither names one
                  --policy FILE    what may be done, as JSON: {"rules": [{"rule": NAME, "effect": "allow", …}]};
                                   wins over task.json; the run keeps it. Without one the tools of the
                                   workspace and the commands of the task may run, and all else asks
                  --unattended     nobody will come: what would ask is denied, and a limit fails the run
                  --journal PATH   keep the journal there instead; the folder must not hold one yet
                  --json           print one event a line, as JSON

                Ctrl-C interrupts the run and prints the command that goes on with it; a second one stops waiting.
                """
            case .resume:
                """
                JOURNAL is the folder that `run` printed. Steps that are finished are not repeated.

                  --rerun STEP     run a step again whose outcome nobody knows
                  --skip STEP      go on without its result
                  --max-steps N    let the run have this many steps, where it stopped at its limit
                  --policy FILE    go on under these rules, instead of those that the run began with
                  --unattended     deny what would ask; what was approved before is done
                  --json           print one event a line, as JSON
                """
            case .interrupt:
                """
                JOURNAL is the folder that `run` printed, of a run that is under way in another terminal. What is under
                way is told to end; `pipeline resume` goes on with the run.

                  --reason TEXT    what the record says (default: interrupt_requested)
                """
            case .approve:
                """
                JOURNAL is the folder that `run` printed, TICKET what `pipeline show` prints, or the step's number.
                A run that is under way in another terminal goes on at once, whatever is asked there. Otherwise the
                answer is recorded, nothing starts, and `pipeline resume` goes on with it.

                  --arguments JSON do it with these arguments instead
                """
            case .deny:
                """
                JOURNAL is the folder that `run` printed, TICKET what `pipeline show` prints, or the step's number.
                A run that is under way in another terminal goes on at once. Otherwise the answer is recorded, and
                `pipeline resume` goes on with it. The model is told.

                  --message TEXT   what the model is told besides
                """
            case .cancel:
                """
                JOURNAL is the folder that `run` printed; the run may be under way in another terminal, or interrupted.
                Nothing that is not finished will run.

                  --reason TEXT    what the record says (default: cancel_requested)
                """
            case .show:
                """
                JOURNAL is the folder that `run` printed. Nothing is changed; the run may be under way.

                  --follow         go on with what happens now, until the run ends
                  --json           print one event a line, as JSON
                """
            case .check:
                """
                Walks every order of answers, timers, stops, crashes and late signals within small bounds, and prints
                how many states there are, how often each rule applied, and a shortest counterexample if there is one.
                A debug build is thirty times slower: use swift run -c release pipeline check coding.

                  --random N       send N random signals instead, to these modes and to the library's own
                  --seed S         start from this seed (default: 1); equal seeds give equal signals
                """
            case .audit:
                """
                JOURNAL is the folder that `run` printed. Nothing is changed; the run may be under way. In order: each
                decision of the policy with its rule, each answer of a person, each request that was not permitted,
                and who interrupted, resumed or canceled the run.

                  --json           print one record a line, as JSON
                """
            case .list:
                """
                FOLDER is where runs were made (default: .pipeline).
                """
            }
        return "\(summary)\n\nUsage: \(usage)\n\n\(details)\n"
    }

    static var overview: String {
        let rows = allCases.map { command in
            "  \(command.rawValue)\(String(repeating: " ", count: 11 - command.rawValue.count))\(command.summary)\n"
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
