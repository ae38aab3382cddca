import PipelineCore

extension ModelChecker {
    /// One signal in one state: checks what it brought about.
    struct Edge {
        let kind: Run.Signal.Kind
        let role: Move.Role
        let before: Conversation
        let after: Conversation
        let disposition: Run.Disposition
        let directives: [Run.Directive]
        /// What was under way before.
        let ledger: Ledger
        /// What the state afterwards implies.
        let implied: Ledger

        /// Checks every rule about a signal, and brings `used` up to date.
        func check(_ verdicts: inout Verdicts, _ used: inout Used) {
            guard disposition == .applied else { return checkNothingChanged(&verdicts) }
            checkDirectives(&verdicts)
            for run in before.runs {
                guard let next = after.runs.first(where: { next in next.id == run.id }) else {
                    checkEnd(of: run, &verdicts)
                    continue
                }
                checkSteps(run, next, &verdicts)
                remember(run, next, &used, &verdicts)
            }
            checkRequests(&verdicts)
        }

        private var isCrash: Bool { if case .restarted = kind { true } else { false } }

        /// What was not applied may give an audit event and nothing else.
        private func checkNothingChanged(_ verdicts: inout Verdicts) {
            let isQuiet = directives.allSatisfy { directive in
                if case .publish(let event) = directive, case .request = event.kind { true } else { false }
            }
            let rule: Rule = role == .noise ? .noiseIsIgnored : .unchangedIsUnchanged
            verdicts.check(
                rule, isQuiet && before == after, "\(kind.summary): \(disposition), and the state changed")
            if case .unchanged = disposition {
                let isPursued = before.runs.contains { run in
                    switch kind {
                    case .interrupt(run.id, _): run.status == .interrupted || run.stop?.kind == .interrupt
                    case .cancel(run.id, _): run.stop?.kind == .cancel
                    case .cancelStep(run.id, let ordinal, _): run.step(ordinal)?.ending != nil
                    case .gateAnswer: true
                    default: false
                    }
                }
                let isConversation =
                    if case .cancelConversation = kind { before.cancellation != nil } else { false }
                verdicts.check(
                    .unchangedIsUnchanged, isPursued || isConversation,
                    "\(kind.summary) is unchanged, and not pursued")
            }
        }

        /// Carries the directives out on paper.
        private func checkDirectives(_ verdicts: inout Verdicts) {
            var ledger = isCrash ? Ledger() : ledger
            if case .resume(let id, _, _) = kind { ledger.gates.removeAll { gate in gate.run == id } }
            var ended: [String] = []
            var rank = 0
            for directive in directives {
                verdicts.check(.directivesInOrder, directive.rank >= rank, "\(directive) comes too late")
                rank = directive.rank
                switch directive {
                case .publish(let event):
                    note(event, &ledger, &ended, &verdicts)
                case .disarmTimer(let id):
                    let index = ledger.timers.firstIndex { timer in timer.id == id }
                    verdicts.check(.timersArmed, index != nil, "disarms \(id), which is not armed")
                    if let index { ledger.timers.remove(at: index) }
                case .withdrawGate(let ticket):
                    let index = ledger.gates.firstIndex(of: ticket)
                    verdicts.check(.gatesAsked, index != nil, "withdraws \(ticket), which is not asked")
                    if let index { ledger.gates.remove(at: index) }
                case .cancelExecution(let id):
                    let index = ledger.executions.firstIndex { live in live.id == id && !live.isTold }
                    verdicts.check(.canceledOnce, index != nil, "cancels \(id) twice, or when it is not live")
                    if let index { ledger.executions[index].isTold = true }
                case .armTimer(let timer):
                    let isNew = !ledger.timers.contains { other in other.id == timer.id }
                    verdicts.check(.timersArmed, isNew, "arms \(timer.id) twice")
                    ledger.timers.append(timer)
                case .openGate(let gate):
                    verdicts.check(
                        .gatesAsked, !ledger.gates.contains(gate.ticket), "asks \(gate.ticket) twice")
                    ledger.gates.append(gate.ticket)
                case .startExecution(let execution):
                    checkStart(execution, ledger, &verdicts)
                    ledger.executions.append(Ledger.Live(id: execution.id, isTold: false))
                }
            }
            let difference = ledger.difference(from: implied)
            for rule in [Rule.timersArmed, .executionsLive, .gatesAsked] {
                verdicts.check(rule, difference?.0 != rule, difference?.1 ?? "")
            }
        }

        private func note(
            _ event: Run.Event, _ ledger: inout Ledger, _ ended: inout [String], _ verdicts: inout Verdicts
        ) {
            guard let end = event.end else { return }
            verdicts.check(.oneTerminal, !ended.contains(end), "\(end) ends twice")
            ended.append(end)
            switch event.kind {
            case .execution(let id, _):
                let index = ledger.executions.firstIndex { live in live.id == id }
                verdicts.check(.oneTerminal, index != nil || isCrash, "\(id) ends and is not live")
                if let index { ledger.executions.remove(at: index) }
            case .step(let run, let change):
                let was = before.run(run)?.step(change.ordinal)?.status.isTerminal ?? false
                verdicts.check(.oneTerminal, !was, "step \(change.ordinal) ends again")
            default: break
            }
        }

        private func checkStart(_ execution: Run.Execution, _ ledger: Ledger, _ verdicts: inout Verdicts) {
            let id = execution.id
            let run = after.run(id.run)
            verdicts.check(
                .startsAreAllowed, run.map { run in run.status == .running && run.stop == nil } ?? false,
                "\(id) starts though its run does not run")
            verdicts.check(
                .startsAreAllowed,
                !ledger.executions.contains { live in live.id.run == id.run && live.id.ordinal == id.ordinal
                },
                "\(id) starts before the last attempt has settled")
            guard let old = before.run(id.run)?.step(id.ordinal) else {
                return verdicts.check(
                    .startsAreAllowed, id.attempt == 1 && id.probe == 0, "\(id) is no first attempt")
            }
            verdicts.check(.startsAreAllowed, !old.status.isTerminal, "\(id) starts a step that has ended")
            let isNext =
                id.isProbe
                ? id.attempt == old.attempts && id.probe == old.probes + 1 : id.attempt == old.attempts + 1
            verdicts.check(.startsAreAllowed, isNext, "\(id) is not the next one")
        }

        /// The run is gone: it ended, and its summary says how.
        private func checkEnd(of run: Run, _ verdicts: inout Verdicts) {
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

        private func checkSteps(_ run: Run, _ next: Run, _ verdicts: inout Verdicts) {
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
        private func remember(_ run: Run, _ next: Run, _ used: inout Used, _ verdicts: inout Verdicts) {
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

        private func checkRequests(_ verdicts: inout Verdicts) {
            switch kind {
            case .resume(let id, let ticket, _):
                let run = before.run(id)
                verdicts.check(
                    .ticketsOnce, run?.status == .interrupted && run?.interruption?.ticket == ticket,
                    "\(ticket) counts and is not current")
            case .gateAnswer(let ticket, _):
                let needsMore = before.run(ticket.run)?.gates.contains { gate in
                    gate.ticket == ticket && gate.approvers > 1
                }
                verdicts.check(
                    .ticketsOnce,
                    ledger.gates.contains(ticket) && (!implied.gates.contains(ticket) || needsMore == true),
                    "\(ticket) counts and is not open, or stays so")
            default: break
            }
            if role == .noise {
                var isEvidence = false
                if case .completed(let id, _) = kind, let step = before.run(id.run)?.step(id.ordinal) {
                    isEvidence = step.awaitsEvidence && step.attempts == id.attempt && !id.isProbe
                }
                verdicts.check(.noiseIsIgnored, isEvidence, "\(kind.summary) is applied")
            }
            for run in before.queue where !after.queue.contains(where: { other in other.id == run.id }) {
                let isTold = directives.contains { directive in
                    guard case .publish(let event) = directive, case .run(run.id, let change) = event.kind
                    else { return false }
                    return change == .started || event.outcome == .canceled
                }
                verdicts.check(.queueIsKept, isTold, "request \(run.id) left the queue in silence")
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

extension Run.Event {
    /// Names what this event ends for good.
    fileprivate var end: String? {
        switch kind {
        case .run(let run, .completed), .run(let run, .failed), .run(let run, .canceled): "run \(run)"
        case .step(let run, let change): change.status.isTerminal ? "step \(run)/\(change.ordinal)" : nil
        case .execution(let id, let change): change.duration != nil ? "attempt \(id)" : nil
        case .gateWithdrawn(let ticket), .gateExpired(let ticket): "gate \(ticket)"
        default: nil
        }
    }
}
