import PipelineCore

extension ModelChecker.Edge {
    /// The run is gone: it ended, and its summary says how.
    func checkEnd(of run: Run, _ verdicts: inout ModelChecker.Verdicts) {
        let end = after.finished.last { summary in summary.run == run.id }
        verdicts.check(.settledWhenStopped, end != nil, "run \(run.id) is lost")
        guard let status = end?.status else { return }
        var width = run.stop.map { stop in stop.kind.width } ?? 0
        if case .cancel(run.id, _) = kind { width = 3 }
        if case .cancelConversation = kind { width = 3 }
        switch width {
        case 3: verdicts.check(.stopNeverWeakens, status == .canceled, "a cancel ends in \(status)")
        case 2:
            verdicts.check(
                .stopNeverWeakens, status == .failed || status == .canceled, "a failure ends in \(status)"
            )
        case 1:
            verdicts.check(
                .stopNeverWeakens, status != .completed || run.status == .interrupted,
                "an interrupt ends in \(status)")
        default: break
        }
        let terminals = directives.count { directive in
            if case .publish(let event) = directive, case .run(run.id, let change) = event.kind {
                switch change {
                case .completed, .failed, .canceled: true
                default: false
                }
            } else {
                false
            }
        }
        verdicts.check(.oneTerminal, terminals == 1, "\(terminals) terminal events of \(run.id)")
    }

    func checkSteps(_ run: Run, _ next: Run, _ verdicts: inout ModelChecker.Verdicts) {
        if let stop = run.stop, next.status == .running {
            verdicts.check(
                .stopNeverWeakens, (next.stop?.kind.width ?? 0) >= stop.kind.width,
                "a stop has become weaker")
        }
        for index in run.round {
            let step = run.steps[index]
            guard let twin = next.step(step.ordinal) else { continue }
            if step.status.isTerminal {
                verdicts.check(
                    .terminalIsFinal, twin == step, "step \(step.ordinal) changes after its end")
                continue
            }
            verdicts.check(
                .triesRise, twin.tries >= step.tries || twin.status.isTerminal,
                "tries of step \(step.ordinal) fall")
            if twin.tries > step.tries {
                verdicts.check(
                    .triesRise, isTry(of: step, in: run),
                    "\(kind.summary) counts as a try of step \(step.ordinal)")
            }
            if step.status == .backoff, twin.status != .backoff {
                verdicts.check(
                    .backoffEnds, endsBackoff(of: step),
                    "\(kind.summary) ends the back-off of step \(step.ordinal)")
            }
            if step.approval != nil {
                verdicts.check(
                    .approvedOnce, twin.approval == step.approval && twin.question?.kind != .approval,
                    "step \(step.ordinal) is asked for again")
            }
            if step.ending != nil, step.attempt != nil, twin.attempt?.number != step.attempt?.number {
                verdicts.check(
                    .canceledStaysCanceled, twin.status.isTerminal,
                    "step \(step.ordinal) was canceled and is \(twin.status)")
            }
            if isCrash, step.attempt == nil, step.status != .ready {
                var unasked = twin
                if run.stop != nil, step.question == nil { unasked = step }
                verdicts.check(
                    .crashChangesOpenOnly, unasked == step || step.needsProbe,
                    "a crash changes step \(step.ordinal)")
            }
            if isCrash {
                verdicts.check(.crashChangesOpenOnly, twin.tries == step.tries, "a crash counts as a try")
            }
        }
        if isCrash, run.status == .running, run.stop == nil {
            verdicts.check(
                .crashChangesOpenOnly, next.status != .interrupted, "a crash interrupts the run")
        }
        if case .completed(let id, _) = kind, id.run == run.id, !id.isProbe,
            let step = run.step(id.ordinal), step.attempt?.number == id.attempt, step.attempt?.probe == 0
        {
            let status = next.step(id.ordinal)?.status
            verdicts.check(
                .completedCompletes, status == .completed || status == nil,
                "step \(id.ordinal) is \(String(describing: status))")
        }
    }

    /// Whether this signal may count as a try of a step.
    private func isTry(of step: Run.Step, in run: Run) -> Bool {
        let told = step.attempt?.told?.why
        switch kind {
        case .failed, .policyDecided: return run.stop == nil && told != .stop
        case .canceled: return run.stop == nil && told == .timeout
        case .timerFired(let id): return run.stop == nil && told == .timeout && id.kind == .grace
        default: return false
        }
    }

    private func endsBackoff(of step: Run.Step) -> Bool {
        switch kind {
        case .timerFired(let id):
            id.ordinal == step.ordinal && id.kind != .attempt || id.kind == .run
                || before != after && id.ordinal != step.ordinal
        case .cancel, .cancelConversation: true
        case .cancelStep(_, let ordinal, _): ordinal == step.ordinal
        case .completed(let id, _): id.ordinal == step.ordinal
        default: after.runs.contains { run in run.stop?.kind == .fail } || after.runs.isEmpty
        }
    }

    /// Rules that need to know the way here: what may not begin twice, and what needs an approval.
    func remember(
        _ run: Run, _ next: Run, _ used: inout ModelChecker.Used, _ verdicts: inout ModelChecker.Verdicts
    ) {
        if next.lead != run.lead {
            used.doubtful = 0
            used.needApproval = 0
        }
        for index in next.round {
            let twin = next.steps[index]
            let bit = UInt32(1) << UInt32(min(31, twin.ordinal - next.lead))
            if twin.status.isTerminal {
                used.doubtful &= ~bit
                used.needApproval &= ~bit
                continue
            }
            let step = run.step(twin.ordinal)
            if twin.question?.kind == .approval { used.needApproval |= bit }
            if twin.attempts > (step?.attempts ?? 0), used.needApproval & bit != 0 {
                verdicts.check(
                    .startsAreAllowed, twin.approval != nil,
                    "step \(twin.ordinal) starts without approval")
            }
            guard !twin.isRepeatable, twin.call?.recovery != .retry else { continue }
            if let attempt = step?.attempt, attempt.probe == 0,
                twin.attempt?.number != attempt.number || twin.attempt?.probe != 0
            {
                var neverBegan = false
                switch kind {
                case .canceled(_, effectBegan: false, _): neverBegan = true
                case .policyDecided: neverBegan = attempt.lifecycle == .requested
                default: break
                }
                if !neverBegan { used.doubtful |= bit }
            }
            if case .gateAnswer(_, .rerun) = kind, step?.question != nil, twin.question == nil {
                used.doubtful &= ~bit
            }
            if case .completed(let id, let result) = kind, id.isProbe, id.ordinal == twin.ordinal,
                result.finding == .notDone
            {
                used.doubtful &= ~bit
            }
            if twin.attempts > (step?.attempts ?? 0) {
                verdicts.check(
                    .effectsOnce, used.doubtful & bit == 0,
                    "the effect of step \(twin.ordinal) may begin twice")
            }
        }
    }
}

extension Run.Stop.Kind {
    var width: Int {
        switch self {
        case .interrupt: 1
        case .fail: 2
        case .cancel: 3
        }
    }
}
