import PipelineCore

extension ModelChecker {
    /// Checks every rule about a state.
    static func check(_ conversation: Conversation, _ implied: Ledger, _ verdicts: inout Verdicts) {
        for run in conversation.runs {
            check(run, &verdicts)
            check(conversation.blockers(of: run.id), of: run, implied, &verdicts)
        }
        for run in conversation.queue {
            verdicts.check(
                .hasBlocker, !conversation.blockers(of: run.id).isEmpty, "nothing moves the request \(run.id)"
            )
        }
    }

    private static func check(_ run: Run, _ verdicts: inout Verdicts) {
        var open = 0
        for index in run.round {
            let step = run.steps[index]
            if let attempt = step.attempt {
                open += 1
                if run.stop != nil {
                    verdicts.check(.stoppingIsTold, attempt.told != nil, "step \(step.ordinal) was not told")
                }
            }
            guard !step.status.isTerminal else { continue }
            let most = run.template.policy(for: step.kind).maxAttempts
            verdicts.check(.triesLeft, step.tries < most, "step \(step.ordinal) goes on after its last try")
        }
        if run.stop != nil { verdicts.check(.stoppingIsTold, open > 0, "it is stopping with nothing open") }
        if run.status != .running {
            verdicts.check(
                .settledWhenStopped, open == 0 && run.stop == nil, "\(run.status) with something open")
        }
    }

    private static func check(
        _ blockers: [Run.Blocker], of run: Run, _ implied: Ledger, _ verdicts: inout Verdicts
    ) {
        verdicts.check(.hasBlocker, !blockers.isEmpty, "nothing moves run \(run.id)")
        for blocker in blockers {
            let isReal =
                switch blocker {
                case .queued, .held: false
                case .execution(let id, _), .capacity(let id, _):
                    implied.executions.contains { live in live.id == id && !live.isTold }
                case .settling(let id, _):
                    implied.executions.contains { live in live.id == id && live.isTold }
                case .gate(let ticket, _, _): implied.gate(ticket) != nil
                case .timer(let ordinal, _): implied.timers.contains { timer in timer.id.ordinal == ordinal }
                case .resume(let ticket): run.holdsTicket(ticket)
                }
            verdicts.check(.hasBlocker, isReal, "\(blocker) moves nothing")
        }
    }
}

extension Run {
    fileprivate func holdsTicket(_ ticket: Ticket) -> Bool {
        status == .interrupted && interruption?.ticket == ticket
    }
}
