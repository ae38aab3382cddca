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
        checkStepsOfEnd(of: run, &verdicts)
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

    /// Every step that was undecided, or was planned in the same signal, has ended with its run.
    private func checkStepsOfEnd(of run: Run, _ verdicts: inout ModelChecker.Verdicts) {
        var undecided = run.round.filter { index in !run.steps[index].status.isTerminal }.map { index in
            run.steps[index].ordinal
        }
        for directive in directives {
            guard case .publish(let event) = directive, case .step(run.id, let change) = event.kind else {
                continue
            }
            if change.status.isTerminal {
                undecided.removeAll { ordinal in ordinal == change.ordinal }
            } else if !undecided.contains(change.ordinal) {
                undecided.append(change.ordinal)
            }
            if case .completed(let id, _) = kind, id.ordinal == change.ordinal, change.status.isTerminal,
                let attempt = run.step(id.ordinal)?.attempt, attempt.number == id.attempt, attempt.probe == 0,
                !id.isProbe
            {
                verdicts.check(
                    .completedCompletes, change.status == .completed, "step \(id.ordinal) is \(change.status)"
                )
            }
        }
        verdicts.check(
            .stepsEndWithRun, undecided.isEmpty, "steps \(undecided) of \(run.id) are left undecided")
    }

    func checkSteps(_ run: Run, _ next: Run, _ verdicts: inout ModelChecker.Verdicts) {
        if let stop = run.stop, stop.kind != .interrupt {
            verdicts.check(
                .stopNeverWeakens, next.status == .running, "a \(stop.kind) ends in \(next.status)")
        }
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
                    .backoffEnds, endsBackoff(of: step, in: next),
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
        case .canceled: return run.stop == nil && told == .limit
        case .timerFired(let id): return run.stop == nil && told == .limit && id.kind == .grace
        default: return false
        }
    }

    private func endsBackoff(of step: Run.Step, in next: Run) -> Bool {
        // Whatever fails or cancels the run ends all that waits.
        if let stop = next.stop, stop.kind != .interrupt { return true }
        return switch kind {
        case .timerFired(let id): id.ordinal == step.ordinal
        case .cancelStep(_, let ordinal, _): ordinal == step.ordinal
        case .completed(let id, _): id.ordinal == step.ordinal
        default: false
        }
    }

    /// Rules that need to know the way here: what may not begin twice, what needs an approval, what was canceled.
    ///
    /// They go by the signals and not by what the reducer made of them.
    func remember(
        _ run: Run, _ next: Run, _ memory: inout ModelChecker.Memory, _ verdicts: inout ModelChecker.Verdicts
    ) {
        if next.lead != run.lead { memory = ModelChecker.Memory() }
        if let first = next.round.first {
            let strategies = next.round.count { index in next.steps[index].kind == .llm && index > first }
            verdicts.check(.startsAreAllowed, strategies == 0, "a round has two strategies")
        }
        for index in next.round {
            let twin = next.steps[index]
            let bit = UInt32(1) << UInt32(min(31, twin.ordinal - next.lead))
            guard !twin.status.isTerminal else {
                memory.forget(bit)
                continue
            }
            let step = run.step(twin.ordinal)
            let isStart = twin.attempts > (step?.attempts ?? 0)
            if isStart {
                verdicts.check(
                    .startsAreAllowed, memory.needApproval & bit == 0 || twin.approval != nil,
                    "step \(twin.ordinal) starts without approval")
                verdicts.check(
                    .canceledStaysCanceled, memory.canceled & bit == 0,
                    "step \(twin.ordinal) was canceled and starts")
            }
            if twin.call?.needsApproval == true { memory.needApproval |= bit }
            if case .policyDecided(let id, let decision) = kind, decision.verdict == .ask,
                id.ordinal == twin.ordinal,
                id.run == run.id, run.stop == nil, step?.attempt?.lifecycle == .requested
            {
                memory.needApproval |= bit
            }
            if case .cancelStep(run.id, twin.ordinal, _) = kind { memory.canceled |= bit }
            guard !twin.isRepeatable, twin.call?.recovery != .retry else { continue }
            noteEffect(of: step, twin, bit, &memory)
            if isStart {
                verdicts.check(
                    .effectsOnce, memory.doubtful & bit == 0,
                    "the effect of step \(twin.ordinal) may begin twice")
            }
        }
    }

    /// Whether the effect of a step may have begun, after this signal.
    private func noteEffect(
        of step: Run.Step?, _ twin: Run.Step, _ bit: UInt32, _ memory: inout ModelChecker.Memory
    ) {
        if let attempt = step?.attempt, attempt.probe == 0,
            twin.attempt?.number != attempt.number || twin.attempt?.probe != 0
        {
            let neverBegan =
                switch kind {
                case .canceled(_, let cancellation): !cancellation.effectBegan
                case .restarted: attempt.waitingSince != nil
                case .policyDecided: attempt.lifecycle == .requested
                default: false
                }
            if !neverBegan { memory.doubtful |= bit }
        }
        if case .gateAnswer(_, .rerun) = kind, step?.question != nil, twin.question == nil {
            memory.doubtful &= ~bit
        }
        if case .completed(let id, let result) = kind, id.isProbe, id.ordinal == twin.ordinal,
            result.finding == .notDone
        {
            memory.doubtful &= ~bit
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
