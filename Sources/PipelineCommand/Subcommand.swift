/// What the program can do, and how it explains it.
enum Subcommand: String, CaseIterable {
    case run, resume, cancel, show, list

    func misuse(_ what: String) -> CommandError {
        CommandError(.usage, "\(what) Usage: \(usage). See `pipeline help \(rawValue)`.")
    }

    var usage: String {
        switch self {
        case .run: "pipeline run FOLDER [--journal PATH] [--json]"
        case .resume: "pipeline resume JOURNAL [--rerun STEP | --skip STEP]… [--max-steps N] [--json]"
        case .cancel: "pipeline cancel JOURNAL [--reason TEXT]"
        case .show: "pipeline show JOURNAL [--json]"
        case .list: "pipeline list [FOLDER]"
        }
    }

    var summary: String {
        switch self {
        case .run: "Runs the task in a folder, on a copy of its workspace."
        case .resume: "Goes on with a run that was interrupted or killed."
        case .cancel: "Ends a run that was interrupted or killed, for good."
        case .show: "Prints what happened in a run, from its journal."
        case .list: "Lists the runs below a folder."
        }
    }

    var help: String {
        let details =
            switch self {
            case .run:
                """
                FOLDER holds task.json: the task's text, the workspace's folder, the transcript of the model, and
                the commands that may run. The copy is made in .pipeline/<run>/workspace, the journal beside it.

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
                  --json           print one event a line, as JSON
                """
            case .cancel:
                """
                JOURNAL is the folder that `run` printed. Nothing that is not finished will run.

                  --reason TEXT    what the record says (default: cancel_requested)
                """
            case .show:
                """
                JOURNAL is the folder that `run` printed. Nothing is changed; the run may be under way.

                  --json           print one event a line, as JSON
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
            "  \(command.rawValue)\(String(repeating: " ", count: 9 - command.rawValue.count))\(command.summary)\n"
        }
        return """
            Runs coding tasks that can be stopped, resumed and audited.

            Usage: pipeline SUBCOMMAND …

            \(rows.joined())
            Exit codes: 0 completed, 1 failed, 2 canceled, 3 interrupted (can be resumed), 64 wrong usage, 65 bad
            input, 73 cannot write, 75 the journal is in use.

            See `pipeline help SUBCOMMAND` for more.

            """
    }
}
