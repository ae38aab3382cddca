import PipelineCore

extension ModelChecker {
    /// What a runtime that does as it is told would have under way.
    struct Ledger {
        struct Live {
            let id: Run.Execution.ID
            var isTold: Bool
        }

        var executions: [Live] = []
        var timers: [Run.Timer] = []
        var gates: [Run.Ticket] = []

        init() {}

        /// What a state implies.
        init(_ conversation: Conversation) {
            for run in conversation.runs {
                for index in run.round {
                    guard let id = run.executionID(of: index) else { continue }
                    executions.append(Live(id: id, isTold: run.steps[index].attempt?.told != nil))
                }
                addTimers(of: run)
                for gate in run.gates { gates.append(gate.ticket) }
            }
        }

        /// The timers that a state implies, said once more and not asked of the reducer.
        private mutating func addTimers(of run: Run) {
            guard run.status == .running else { return }
            func add(
                _ kind: Run.Timer.Kind, _ ordinal: Int, _ attempt: Int, _ probe: Int, _ at: Run.Milliseconds?
            ) {
                guard let at else { return }
                let owner = Run.Execution.ID(run: run.id, ordinal: ordinal, attempt: attempt, probe: probe)
                timers.append(
                    Run.Timer(
                        id: Run.Timer.ID(owner: owner, kind: kind, interruptions: run.interruptions), at: at))
            }
            if run.stop == nil { add(.run, 0, 0, 0, run.deadline) }
            for step in run.steps where !step.status.isTerminal {
                if let attempt = step.attempt {
                    let limit = run.template.policy(for: step.kind).startToClose
                    if let told = attempt.told {
                        add(.grace, step.ordinal, attempt.number, attempt.probe, told.until)
                    } else if attempt.waitingSince == nil {
                        add(
                            .attempt, step.ordinal, attempt.number, attempt.probe,
                            limit.map { limit in
                                let (sum, isTooLate) = attempt.since.addingReportingOverflow(limit)
                                return isTooLate ? .max : sum
                            })
                    }
                }
                guard run.stop == nil else { continue }
                if step.status == .backoff {
                    add(step.kind == .timer ? .wait : .backoff, step.ordinal, step.attempts, 0, step.due)
                }
                add(.gate, step.ordinal, step.gates, 0, step.question?.expires)
                if step.ending == nil { add(.step, step.ordinal, 0, 0, step.deadline) }
            }
        }

        /// Executions, timers and gates are the same, in any order.
        func difference(from other: Ledger) -> (Rule, String)? {
            if timers.count != other.timers.count
                || !timers.allSatisfy({ timer in other.timers.contains(timer) })
            {
                return (
                    .timersArmed,
                    "armed \(timers.map { timer in "\(timer.id)" }), implied \(other.timers.map { timer in "\(timer.id)" })"
                )
            }
            if executions.count != other.executions.count
                || !executions.allSatisfy({ live in
                    other.executions.contains { twin in twin.id == live.id && twin.isTold == live.isTold }
                })
            {
                return (.executionsLive, "live \(executions), implied \(other.executions)")
            }
            if gates.count != other.gates.count || !gates.allSatisfy({ gate in other.gates.contains(gate) }) {
                return (.gatesAsked, "asked \(gates), open \(other.gates)")
            }
            return nil
        }
    }
}
