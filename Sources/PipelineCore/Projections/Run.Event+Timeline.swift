extension Run.Event {
    /// The run that it is about; nil where it is about the conversation.
    var run: Run.ID? {
        switch kind {
        case .message(let run, _), .run(let run, _), .step(let run, _), .limitReached(let run, _),
            .loopSeen(let run, _, _, _):
            run
        case .execution(let id, _), .abandoned(let id), .policy(let id, _), .degraded(let id, _): id.run
        case .gateOpened(let gate): gate.ticket.run
        case .gateAnswered(let ticket, _, _, _), .gateExpired(let ticket), .gateWithdrawn(let ticket):
            ticket.run
        case .timerArmed(let timer): timer.id.run
        case .timerFired(let timer): timer.run
        case .modeSwitched, .conversationCanceled, .conversationResumed, .request, .restarted: nil
        }
    }

    /// Whether it is a part of an output, as it is made.
    var isPart: Bool {
        if case .execution(_, let change) = kind { change.lifecycle == .progress } else { false }
    }

    /// What there is to read.
    var text: String {
        switch kind {
        case .message(_, .user(let text)), .message(_, .assistant(let text, _)): text
        case .message(_, .tool(_, let name, let output, _)): name.followed(by: output.text)
        case .run(_, let change): change.text
        case .step(_, let change): change.name.followed(by: change.failure?.description)
        case .execution(_, let change): change.entryText
        case .policy(_, let decision):
            "\(decision.verdict.rawValue) by \(decision.rule)".followed(by: decision.reason)
        case .gateOpened(let gate): gate.name.followed(by: gate.reason)
        case .gateAnswered(_, let answer, let actor, _):
            "\(answer.word) by \(actor)".followed(by: answer.message)
        case .timerArmed(let timer): "until \(timer.at)"
        case .limitReached(_, let limit): "\(limit.name.rawValue): \(limit.used) of \(limit.allowed)"
        case .degraded(_, let limit): limit.rawValue
        case .loopSeen(_, _, let name, let times): "\(name), \(times) times"
        case .modeSwitched(let change): "\(change.from.text) to \(change.to.text)".followed(by: change.reason)
        case .conversationCanceled(let reason): reason
        case .request(let word, .rejected(let code)): word.followed(by: code.rawValue)
        case .request(let word, _): word
        case .abandoned, .gateExpired, .gateWithdrawn, .timerFired, .conversationResumed, .restarted: ""
        }
    }
}

extension Run.Event.RunChange {
    fileprivate var text: String {
        switch self {
        case .opened(_, let mode, _): mode.text
        case .stopping(let stop): stop.kind.rawValue.followed(by: stop.reason)
        case .interrupted(let interruption): interruption.reason
        case .progress(let progress): progress.step.text
        case .completed(let artifact): artifact["summary"]?.stringValue ?? ""
        case .failed(let failure): failure.description
        case .canceled(let reason): reason
        case .started, .resumed: ""
        }
    }
}

extension Run.Event.ExecutionChange {
    /// A part of an output stands alone, with its white space; anything else after the name.
    fileprivate var entryText: String {
        if lifecycle == .progress { return text ?? "" }
        if let result { return name.followed(by: result.output.text) }
        return name.followed(by: failure?.description ?? reason)
    }
}

extension Run.Gate.Answer {
    fileprivate var word: String {
        switch self {
        case .approve: "approve"
        case .deny: "deny"
        case .rerun: "rerun"
        case .skip: "skip"
        case .supply: "supply"
        case .failRun: "fail"
        }
    }

    fileprivate var message: String? { if case .deny(let message) = self { message } else { nil } }
}

extension JSON {
    /// A text as it is, and anything else in its canonical form.
    fileprivate var text: String { stringValue ?? description }
}

extension String {
    /// With a colon between, where there is something to follow.
    fileprivate func followed(by text: String?) -> String {
        guard let text, !text.isEmpty else { return self }
        return "\(self): \(text)"
    }
}
