import PipelineCore

/// A conversation that is folded under two definitions, side by side.
struct UpgradeTrial {
    private let history: JournalHistory
    private let template: Template
    /// As it is.
    let state: Conversation
    private let time: Run.Milliseconds
    /// The first record that decides something else already.
    private let diverged: Int?

    init(_ history: JournalHistory, _ template: Template) throws(JournalError) {
        self.history = history
        self.template = template
        var diverged: Int?
        let replay = try history.replay { step in
            if step.divergence != nil { diverged = diverged ?? step.record.sequence }
        }
        (state, time, self.diverged) = (replay.state, replay.time, diverged)
    }

    /// What would become of a run that has not ended.
    func outcome(of run: Run) -> UpgradePlan.Outcome {
        if let diverged {
            return .unfoldable([
                "record \(diverged) decides something else already under the run's own template; see `pipeline verify`"
            ])
        }
        let opening = history.records.first { record in
            guard case .userMessage = record.signal.kind else { return false }
            return record.disposition == .applied && record.signal.id.key == run.id.key
        }
        guard let opening else {
            guard let other = state.replacingTemplate(of: run.id, by: template) else {
                let step = run.progress(at: time).step
                return .unfoldable([
                    "/steps: it stands at \"\(step)\", which the new template does not have"
                ])
            }
            return next(for: run, state, other)
        }
        return outcome(of: run, openedBy: opening)
    }

    /// Folds both from the beginning, and compares from the request on that opened the run.
    private func outcome(of run: Run, openedBy opening: JournalRecord) -> UpgradePlan.Outcome {
        guard var pinned = try? history.start().state else { return .unfoldable(["it does not replay"]) }
        var new = pinned
        for record in history.records {
            let signal =
                record.sequence == opening.sequence ? record.signal.asking(for: template) : record.signal
            let (recorded, recomputed) = (
                pinned.effect(of: record.signal, on: run.id), new.effect(of: signal, on: run.id)
            )
            if record.sequence == opening.sequence, recomputed.disposition != .applied {
                return .unfoldable(["its request would be refused: \(recomputed.disposition.line)"])
            }
            guard record.sequence >= opening.sequence, recorded != recomputed else { continue }
            return .differs(
                UpgradeDeviation(record.signal, sequence: record.sequence, recorded, recomputed))
        }
        return next(for: run, pinned, new)
    }

    /// What each would do if a new process took the run up: end what was cut off, resume what waits.
    private func next(for run: Run, _ pinned: Conversation, _ new: Conversation) -> UpgradePlan.Outcome {
        if run.status == .pending { return beginning(of: run) }
        var (pinned, new) = (pinned, new)
        let restarted = Run.Signal(id: "upgrade/restarted", .restarted, by: .engine, at: time)
        var signals = [restarted]
        if let ticket = run.interruption?.ticket, run.status == .interrupted {
            let actor: Run.Actor =
                run.parent?.isAttached == true ? .engine : .operator(run.operators.first ?? "upgrade")
            signals.append(
                Run.Signal(id: "upgrade/resume", .resume(run.id, ticket), by: actor, at: time))
        }
        for signal in signals {
            let (one, other) = (pinned.effect(of: signal, on: run.id), new.effect(of: signal, on: run.id))
            guard one == other else { return .differs(UpgradeDeviation(signal, one, other)) }
        }
        return .same
    }

    /// What a run in the queue begins with: the same in an empty conversation.
    private func beginning(of run: Run) -> UpgradePlan.Outcome {
        func effect(under template: Template) -> Effect {
            var conversation = Conversation(id: state.id)
            let request = Run.Request(
                run.request, template: template, isUnattended: run.isUnattended, operators: run.operators,
                skills: run.skills, metadata: run.metadata, parent: run.parent)
            return conversation.effect(of: opening(request, run), on: run.id)
        }
        let (pinned, new) = (effect(under: run.template), effect(under: template))
        let signal = opening(Run.Request(run.request), run)
        guard new.disposition == .applied else {
            return .unfoldable(["its request would be refused: \(new.disposition.line)"])
        }
        return pinned == new ? .same : .differs(UpgradeDeviation(signal, pinned, new))
    }

    private func opening(_ request: Run.Request, _ run: Run) -> Run.Signal {
        Run.Signal(
            id: Run.Signal.ID(key: run.id.key), .userMessage(request),
            by: run.parent == nil ? .operator(run.operators.first ?? "upgrade") : .engine, at: time)
    }
}

/// What a signal does, beside events: those say of a definition only what it is.
private struct Effect: Equatable {
    let disposition: Run.Disposition
    let directives: [Run.Directive]
    /// The run's, after it.
    let status: Run.Status?

    var decision: UpgradeDeviation.Decision {
        UpgradeDeviation.Decision(
            disposition: disposition, deeds: directives.deeds, status: status)
    }
}

extension Conversation {
    fileprivate mutating func effect(of signal: Run.Signal, on run: Run.ID) -> Effect {
        var directives: [Run.Directive] = []
        let disposition = reduce(signal, into: &directives)
        directives.removeAll { directive in
            if case .publish = directive { true } else { false }
        }
        let ended = finished.last { summary in summary.run == run }
        return Effect(
            disposition: disposition, directives: directives, status: self.run(run)?.status ?? ended?.status)
    }
}

extension UpgradeDeviation {
    fileprivate init(_ signal: Run.Signal, sequence: Int? = nil, _ pinned: Effect, _ new: Effect) {
        self.sequence = sequence
        self.signal = signal.kind.word
        self.pinned = pinned.decision
        self.new = new.decision
        let isWorded = self.pinned != self.new
        contents =
            isWorded
            ? []
            : JSON.array(pinned.directives.map(\.contents))
                .differences(from: .array(new.directives.map(\.contents)))
    }
}

extension Run.Signal {
    /// The same request for another definition.
    fileprivate func asking(for template: Template) -> Run.Signal {
        guard case .userMessage(let request) = kind else { return self }
        let other = Run.Request(
            request.text, template: template, whenBusy: request.whenBusy,
            isUnattended: request.isUnattended, operators: request.operators, skills: request.skills,
            metadata: request.metadata, parent: request.parent)
        return Run.Signal(
            id: id, .userMessage(other), by: actor, at: time, cause: cause, correlation: correlation)
    }
}

extension Run.Directive {
    /// What its line leaves out.
    fileprivate var contents: JSON {
        switch self {
        case .publish, .disarmTimer, .withdrawGate, .cancelExecution, .cancelChild, .armTimer: .string(line)
        case .openGate(let gate): gate.json
        case .startExecution(let execution):
            [
                "execution_id": execution.id.json, "name": .string(execution.name),
                "arguments": execution.arguments, "context": execution.context.json,
                "mode": .string(execution.mode), "skills": execution.skills.json,
                "tools": execution.tools?.json ?? .null, "deadline": execution.deadline?.json ?? .null,
                "scheduleToStart": execution.scheduleToStart?.json ?? .null,
                "idle": execution.idle?.json ?? .null,
            ]
        }
    }
}
