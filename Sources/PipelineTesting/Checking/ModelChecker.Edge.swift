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
                remember(run, next, &used.memories[run.slot], &verdicts)
            }
            checkRequests(&verdicts)
        }

        var isCrash: Bool { if case .restarted = kind { true } else { false } }

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
            // Who resumes is asked again what is still open.
            let isResume = if case .resume = kind { true } else { false }
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
                    let index = ledger.gates.firstIndex { gate in gate.ticket == ticket }
                    verdicts.check(.gatesAsked, index != nil, "withdraws \(ticket), which is not asked")
                    if let index { ledger.gates.remove(at: index) }
                case .cancelExecution(let id):
                    let index = ledger.executions.firstIndex { live in live.id == id && !live.isTold }
                    verdicts.check(.canceledOnce, index != nil, "cancels \(id) twice, or when it is not live")
                    if let index { ledger.executions[index].isTold = true }
                case .cancelChild(let child): checkOrphan(child, &verdicts)
                case .armTimer(let timer):
                    let isNew = !ledger.timers.contains { other in other.id == timer.id }
                    verdicts.check(.timersArmed, isNew, "arms \(timer.id) twice")
                    ledger.timers.append(timer)
                case .openGate(let gate):
                    let isAsked = ledger.gate(gate.ticket) != nil
                    verdicts.check(.gatesAsked, !isAsked || isResume, "asks \(gate.ticket) twice")
                    // Whoever is asked again goes by what is asked now.
                    ledger.gates.removeAll { other in other.ticket == gate.ticket }
                    ledger.gates.append(gate)
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

        /// A child run is ended only by a step that has ended without a result, or gives it up for a new attempt.
        private func checkOrphan(_ child: Run.ID, _ verdicts: inout Verdicts) {
            let keeps = after.runs.contains { run in run.steps.contains { step in step.child == child } }
            verdicts.check(.stepsEndWithRun, !keeps, "the child run \(child) is canceled and still needed")
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
