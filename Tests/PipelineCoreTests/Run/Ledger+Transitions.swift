import PipelineCore

extension Conversation {
    /// The rules between one state and the next.
    func breaches(since before: Conversation, _ effect: World.Effect) -> [String] {
        var found: [String] = []
        for run in before.runs {
            if let after = self.run(run.id) {
                found += after.breaches(since: run)
            } else if let end = finished.last(where: { summary in summary.run == run.id }) {
                found += end.breaches(since: run)
            } else if finished.count < 25 || !effect.tells(of: run.id) {
                found.append("\(run.id) is gone")
            }
        }
        // A queued request leaves only by starting, or with an event.
        for run in before.queue where !queue.contains(where: { queued in queued.id == run.id }) {
            if !effect.tells(of: run.id, orOfItsStart: true) {
                found.append("\(run.id) has left the queue in silence")
            }
        }
        if parked.count > 9 { found.append("\(parked.count) runs are parked") }
        if active == nil, holder == nil, !queue.isEmpty { found.append("the queue waits for nothing") }
        let known = Set(before.finished.map { summary in summary.run })
        for summary in finished where known.contains(summary.run) && !before.finished.contains(summary) {
            found.append("the summary of \(summary.run) has changed")
        }
        for case .startExecution(let execution) in effect.directives {
            if active?.id != execution.id.run || active?.stop != nil {
                found.append("\(execution.id) starts though its run does not go on")
            }
        }
        return found
    }

    fileprivate var runs: [Run] { parked + queue + (active.map { run in [run] } ?? []) }
}

extension World.Effect {
    /// Whether an event says how a run has ended, or that it has begun.
    fileprivate func tells(of run: Run.ID, orOfItsStart: Bool = false) -> Bool {
        directives.contains { directive in
            guard case .publish(let event) = directive, case .run(run, let change) = event.kind else {
                return false
            }
            return event.outcome != nil || orOfItsStart && change == .started
        }
    }
}

extension Run {
    fileprivate func breaches(since before: Run) -> [String] {
        var found: [String] = []
        if let stop = before.stop, let later = self.stop, later.kind < stop.kind {
            found.append("the stop of \(id) is weaker than it was")
        }
        if let stop = before.stop, stop.kind > .interrupt, self.stop == nil { found.append("\(id) goes on") }
        for step in before.steps {
            guard let after = self.step(step.ordinal) else { continue }
            if step.status.isTerminal, after != step { found.append("step \(step.ordinal) has changed") }
            if after.tries < step.tries { found.append("step \(step.ordinal) has lost a try") }
            if after.recoveries > 3 { found.append("step \(step.ordinal) is recovered for ever") }
            if let approval = step.approval, after.approval != approval {
                found.append("step \(step.ordinal) has lost its approval")
            }
            if step.approval != nil, after.question?.kind == .approval {
                found.append("step \(step.ordinal) is asked for again")
            }
        }
        return found
    }
}

extension Conversation.Summary {
    fileprivate func breaches(since before: Run) -> [String] {
        var found: [String] = []
        if !status.isTerminal { found.append("\(run) has ended \(status)") }
        if before.stop != nil, status == .completed { found.append("\(run) has completed while stopping") }
        if before.stop?.kind == .cancel, status != .canceled {
            found.append("\(run) was canceled, and \(status)")
        }
        return found
    }
}

/// How often the effect of a step that may not be repeated has begun.
struct Effects {
    private(set) var problems: [String] = []
    private var begun: [String: Int] = [:]
    /// Orders of a person, and proofs that it did not happen.
    private var allowed: [String: Int] = [:]

    mutating func take(
        _ signal: Run.Signal, _ effect: World.Effect, from before: Conversation, to after: Conversation
    ) {
        problems = []
        guard effect.disposition == .applied else { return }
        switch signal.kind {
        case .canceled(let id, let cancellation) where !id.isProbe && !cancellation.effectBegan:
            begun[id.stepName, default: 0] -= 1
        case .restarted:
            // What waits for room has not begun, and its process died.
            for run in [before.active].compactMap({ run in run }) + before.parked {
                for step in run.steps where step.attempt?.waitingSince != nil && step.attempt?.probe == 0 {
                    begun["\(run.id)/\(step.ordinal)", default: 0] -= 1
                }
            }
        case .policyDecided(let id, let decision) where decision.verdict == .ask && !id.isProbe:
            let attempt = before.run(id.run)?.step(id.ordinal)?.attempt
            if attempt?.lifecycle == .requested { begun[id.stepName, default: 0] -= 1 }
        case .completed(let id, let result) where id.isProbe && result.finding == .notDone:
            allowed[id.stepName, default: 0] += 1
        case .gateAnswer(let ticket, .rerun): allow(ticket)
        case .resume(_, _, let resumption):
            for reply in resumption.replies where reply.answer == .rerun { allow(reply.ticket) }
        default: break
        }
        for case .startExecution(let execution) in effect.directives where !execution.id.isProbe {
            let name = execution.id.stepName
            begun[name, default: 0] += 1
            guard let step = after.run(execution.id.run)?.step(execution.id.ordinal), !step.isRepeatable,
                step.call?.recovery != .retry
            else { continue }
            if begun[name, default: 0] > 1 + allowed[name, default: 0] {
                problems.append("\(execution.id) does again what may be done once")
            }
        }
    }

    private mutating func allow(_ ticket: Run.Ticket) {
        guard case .gate(let run, let ordinal, _) = ticket else { return }
        allowed[Run.Execution.ID(run: run, ordinal: ordinal, attempt: 0).stepName, default: 0] += 1
    }
}

extension Run.Execution.ID {
    fileprivate var stepName: String { "\(run)/\(ordinal)" }
}
