extension Subcommand {
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
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                  --json           print one event a line, as JSON
                """
            case .interrupt:
                """
                JOURNAL is the folder that `run` printed, of a run that is under way in another terminal. What is under
                way is told to end; `pipeline resume` goes on with the run.

                  --reason TEXT    what the record says (default: interrupt_requested)
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                """
            case .approve:
                """
                JOURNAL is the folder that `run` printed, TICKET what `pipeline show` prints, or the step's number.
                A run that is under way in another terminal goes on at once, whatever is asked there. Otherwise the
                answer is recorded, nothing starts, and `pipeline resume` goes on with it.

                  --arguments JSON do it with these arguments instead
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                """
            case .deny:
                """
                JOURNAL is the folder that `run` printed, TICKET what `pipeline show` prints, or the step's number.
                A run that is under way in another terminal goes on at once. Otherwise the answer is recorded, and
                `pipeline resume` goes on with it. The model is told.

                  --message TEXT   what the model is told besides
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                """
            case .cancel:
                """
                JOURNAL is the folder that `run` printed; the run may be under way in another terminal, or interrupted.
                Nothing that is not finished will run.

                  --reason TEXT    what the record says (default: cancel_requested)
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                """
            case .show:
                """
                JOURNAL is the folder that `run` printed. Nothing is changed; the run may be under way.

                  --follow         go on with what happens now, until the run ends
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
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

                  --conversation ID
                                   of this one alone; of all otherwise
                  --json           print one record a line, as JSON
                """
            case .replay:
                """
                JOURNAL is the folder that `run` printed. Nothing is changed and nothing is started. In order: each record
                with what it decided, and then the state: the steps, how far the run is, what it waits for.

                  --to N           as it was after record N; after the last one otherwise
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                  --json           print one record a line, as JSON, and the state last
                """
            case .verify:
                """
                JOURNAL is the folder that `run` printed. Nothing is changed. Every line is checked, and every conversation
                is folded from its first record, or from the first snapshot where that is no longer kept. The exit code
                is 1 where something is not what was recorded, and 65 where a line is damaged.

                  --conversation ID
                                   this one alone; all otherwise
                """
            case .diff:
                """
                A and B are folders of journals. Nothing is changed. Fields are named by JSON Pointers, of the record
                and of the state. The exit code is 0 where they are the same, and 1 where they differ.

                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                """
            case .fork:
                """
                JOURNAL is the folder that `run` printed; it is not changed. The fork is a run with the same id in a folder
                of its own, beside the other's: <run>-fork-<n>. Its files are a copy of what they are now, not of what they
                were then. What was done up to record N stays recorded as done. `show` and `audit` say where it comes from.

                  --at N           the last record that it has; `pipeline replay` prints the numbers
                  --journal PATH   keep its journal there instead; the folder must not hold one yet
                  --conversation ID
                                   of a journal that holds several; the first one otherwise. `show` names them
                """
            case .compact:
                """
                JOURNAL is the folder that `run` printed; no process may be at work on it. What cannot be had back afterwards
                are the records: `show`, `audit` and `replay` begin where the journal was compacted. The run can be resumed.
                """
            case .planUpgrade:
                """
                JOURNAL is the folder that `run` printed. Nothing is changed: a run keeps its template to its end. Each run
                that has not ended is folded under its own template and under the other one. The exit code is 0 where
                all would act the same, 1 where one would not or cannot be folded, 65 where a journal cannot be read.

                  --template FILE  the other template, or the name of a mode
                """
            case .list:
                """
                FOLDER is where runs were made (default: .pipeline).
                """
            }
        return "\(summary)\n\nUsage: \(usage)\n\n\(details)\n"
    }
}
