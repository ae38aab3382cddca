public import PipelineCore
public import PipelineRuntime

extension Conversation {
    /// A test told signal by signal: what each one brings about is said in full, or the test fails.
    ///
    ///     var story = Conversation.Story()
    ///     try story.send(.userMessage(Run.Request("Fix it.")), id: "r") {
    ///         "publish run.opened"
    ///         "publish user.message"
    ///         "publish run.started"
    ///         "publish step.ready 1"
    ///         "publish step.completed 1"
    ///         "publish step.ready 2"
    ///         "publish strategy.requested r/2/1"
    ///         "arm r/2/1/attempt/0 at 121000"
    ///         "start r/2/1 code_generation"
    ///     } changes: {
    ///         "new run r: running"
    ///         "new step r/1 system: completed"
    ///         "new step r/2 llm: open 1"
    ///         "messages: 0 -> 1"
    ///     }
    ///     try story.complete("r/9/1", is: .stale)
    ///     story.strictness = .partial
    ///     try story.complete("r/2/1", "Done.") { "publish run.completed" }
    ///     try story.finish()
    ///
    /// First come the directives, in order, as they are or as their short ``PipelineCore/Run/Directive/line``; then the
    /// lines of ``PipelineCore/Conversation/changes(since:)``. What is not said must not happen: a signal is applied
    /// unless `is:` says what else becomes of it. Where it goes otherwise, a ``StoryError`` says how, with the place of
    /// the expectation; the story has then taken the signal all the same.
    public struct Story: Sendable {
        /// As it stands after the last signal.
        public internal(set) var conversation: Conversation
        /// The time of the next signal.
        public private(set) var time: Run.Milliseconds
        /// How much must be said, from the next signal on.
        public var strictness: Strictness
        /// After every signal the conversation is replaced with what its snapshot's bytes hold, so that each signal
        /// meets a state that another process might have read. The same story must come of it.
        public var isRestoring: Bool
        /// Every signal, and what came of it.
        public internal(set) var effects: [SignalRecording.Replay.Effect] = []

        /// - Parameters:
        ///   - conversation: as it stands before the first signal.
        ///   - time: of the first signal.
        ///   - restoring: whether it goes through its snapshot after every signal.
        public init(
            _ conversation: Conversation = Conversation(id: "c"), at time: Run.Milliseconds = 1_000,
            strictness: Strictness = .exhaustive, restoring: Bool = false
        ) {
            self.conversation = conversation
            self.time = time
            self.strictness = strictness
            isRestoring = restoring
        }

        /// How much must be said.
        public enum Strictness: Hashable, Sendable {
            /// The disposition, every directive and every change; and at the end, everything that is still open.
            case exhaustive
            /// What is said must come in this order; anything else may come with it.
            case partial
        }

        /// What a journal of this story holds: every signal but duplicates, and what became of it.
        public var records: [JournalRecord] {
            effects.filter { effect in effect.disposition != .duplicate }.enumerated().map { index, effect in
                JournalRecord(
                    conversation: conversation.id, sequence: index + 1, signal: effect.signal,
                    disposition: effect.disposition)
            }
        }

        /// Lets time pass; it never goes back.
        public mutating func advance(by duration: Run.Milliseconds) { time += max(0, duration) }

        /// Lets time pass until this instant; it never goes back.
        public mutating func advance(to instant: Run.Milliseconds) { time = max(time, instant) }
    }
}
