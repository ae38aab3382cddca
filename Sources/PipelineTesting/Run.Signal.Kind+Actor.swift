public import PipelineCore

extension Run.Signal.Kind {
    /// Who sends such a signal when nothing else is said: the host, `operator:ada` for what needs a person, and the
    /// runner, the timer or the engine for their answers.
    public var usualActor: Run.Actor {
        switch self {
        case .resume(_, _, let resumption) where !resumption.replies.isEmpty: .operator("ada")
        case .switchMode(let change) where change.isForced: .operator("ada")
        case .userMessage, .interrupt, .resume, .cancel, .cancelStep, .withdraw, .cancelConversation,
            .resumeConversation, .switchMode:
            .host
        case .gateAnswer: .operator("ada")
        case .policyDecided, .started, .progress, .exceeded, .completed, .failed, .canceled: .runner
        case .timerFired: .timer
        case .restarted: .engine
        }
    }
}
