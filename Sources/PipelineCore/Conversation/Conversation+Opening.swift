extension Conversation {
    /// Opens a run for what a person wrote; its id is the signal's. It begins when the conversation is free.
    mutating func open(
        _ request: Run.Request, _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        guard !request.text.isBlank else { return .rejected(.emptyMessage) }
        guard request.text.utf8.count <= Conversation.mostBytes, request.operators.count <= Run.mostOperators,
            request.skills.count <= Run.mostSkills,
            request.skills.json.canonicalBytes.count <= Conversation.mostBytes,
            !request.metadata.isDeeper(than: JSON.greatestPayloadDepth),
            request.metadata.canonicalBytes.count <= Conversation.mostBytes
        else { return .rejected(.payloadInvalid) }
        let id = Run.ID(key: signal.id.key)
        guard run(id) == nil, !finished.contains(where: { summary in summary.run == id }) else {
            return .duplicate
        }
        guard let template = resolve(request.mode) else { return .rejected(.unknownMode) }
        guard template.isValid else { return .rejected(.definitionInvalid) }
        let approvers = template.approvers
        guard request.operators.isEmpty || request.operators.count >= approvers else {
            return .rejected(.payloadInvalid)
        }
        if active != nil || !waiting.isEmpty, request.whenBusy == .reject { return .rejected(.busy) }
        guard parked.count < Conversation.mostParked else {
            announce(.parked, of: Conversation.mostParked, id, signal, into: &directives)
            return .rejected(.parkedFull)
        }
        guard waiting.count < Conversation.mostQueued else {
            announce(.queue, of: Conversation.mostQueued, id, signal, into: &directives)
            return .rejected(.queueFull)
        }
        let opened = Run.Event.Kind.run(
            id,
            .opened(
                template.reference, mode: template.mode, skills: request.skills.map { skill in skill.name }))
        directives.append(.publish(Run.Event(kind: opened, cause: signal.id, time: signal.time)))
        let run = Run(id: id, request: request, template: template, cause: signal)
        waiting.append(run.charter)
        if active == nil { startNext(signal, into: &directives) }
        return .applied
    }

    /// Tells subscribers that there is no room for a request.
    private func announce(
        _ limit: Run.LimitName, of most: Int, _ run: Run.ID, _ signal: Run.Signal,
        into directives: inout [Run.Directive]
    ) {
        let reached = Run.Event.Limit(name: limit, used: Int64(most), allowed: Int64(most), refused: [])
        directives.append(
            .publish(Run.Event(kind: .limitReached(run, reached), cause: signal.id, time: signal.time)))
    }

    /// The template that a mode stands for now; nil for a name that is not known.
    func resolve(_ mode: Run.Mode) -> Template? {
        switch mode {
        case .current: template ?? .coding
        case .named(let name): Template.builtIn(name)
        case .defined(let template): template
        }
    }

    /// Sets the mode for the runs that are opened from now on; a forced switch interrupts the active one.
    mutating func switchMode(
        _ change: Run.ModeSwitch, _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        guard let target = resolve(change.mode) else { return .rejected(.unknownMode) }
        guard target.isValid else { return .rejected(.payloadInvalid) }
        if !change.isForced, active != nil || !waiting.isEmpty { return .rejected(.activeRunConflict) }
        let event = Run.Event.Kind.modeSwitched(
            Run.Event.ModeChange(
                from: mode, to: target.mode, isForced: change.isForced, reason: change.reason))
        directives.append(.publish(Run.Event(kind: event, cause: signal.id, time: signal.time)))
        template = target
        if let active {
            let interrupt = signal.with(.interrupt(active.id, reason: change.reason))
            var interrupted: [Run.Directive] = []
            _ = pass(interrupt, to: active.id, into: &interrupted)
            directives.merge(interrupted)
        }
        return .applied
    }
}

extension Run {
    static let mostOperators = 64
    static let mostSkills = 64

    /// Takes the conversation: what the queue's head does when its turn comes.
    mutating func begin(_ signal: Signal, into directives: inout [Directive]) {
        _ = reduce(
            signal.with(.userMessage(Request(request, mode: .current))), into: &directives)
    }
}

extension Run.Signal {
    /// What this signal means for one run.
    func with(_ kind: Kind) -> Run.Signal {
        Run.Signal(id: id, kind, by: actor, at: time, cause: cause, correlation: correlation)
    }
}
