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
        var gates: [Run.Gate] = []

        init() {}

        /// What a state implies.
        init(_ conversation: Conversation) {
            for run in conversation.runs {
                for index in run.round {
                    guard let id = run.executionID(of: index) else { continue }
                    executions.append(Live(id: id, isTold: run.steps[index].attempt?.told != nil))
                }
                addTimers(of: run)
                addGates(of: run)
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

        /// The gates that a state implies, by what each step waits for, and not asked of the reducer.
        private mutating func addGates(of run: Run) {
            guard run.status == .running || run.status == .interrupted else { return }
            for step in run.steps {
                guard let kind = step.asks(in: run) else { continue }
                gates.append(
                    Run.Gate(
                        ticket: .gate(run.id, ordinal: step.ordinal, step.gates), kind: kind,
                        ordinal: step.ordinal, name: step.name, arguments: step.call?.arguments ?? [:],
                        reason: step.question?.reason ?? "nothing is asked",
                        approvers: step.question?.approvers ?? 0))
            }
        }

        /// The gate of this ticket, if it is open.
        func gate(_ ticket: Run.Ticket) -> Run.Gate? { gates.first { gate in gate.ticket == ticket } }

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
                return (.gatesAsked, "asked \(gates.json), open \(other.gates.json)")
            }
            return nil
        }
    }
}

extension Run.Step {
    /// What a person must have been asked about it; nil where nobody is asked.
    fileprivate func asks(in run: Run) -> Run.Gate.Kind? {
        switch status {
        case .gate: return .approval
        case .unknown:
            // A probe may find it out; and what is lost while the run stops is asked about once it has stopped.
            guard attempt == nil, !needsProbe, run.stop == nil || question != nil else { return nil }
            return .confirmation
        case .ready, .open, .backoff, .completed, .failed, .canceled: return nil
        }
    }
}
