public import PipelineCore

/// What would become of the runs of a conversation under another definition than the one that each of them keeps.
///
/// Each run that has not ended is folded twice, under its own definition and under the new one, from the request that
/// opened it; then both are asked what would be done if it was taken up now. Nothing is changed, and nothing is started.
public struct UpgradePlan: Hashable, Sendable {
    public let template: Template.Reference
    /// Of each run that has not ended: the active one, those that are parked, those in the queue.
    public private(set) var entries: [Entry] = []

    /// What would become of one run.
    public struct Entry: Hashable, Sendable {
        public let run: Run.ID
        public let status: Run.Status
        /// The definition that it keeps.
        public let pinned: Template.Reference
        public let outcome: Outcome
        /// In what the new definition differs: what is not behind the run yet, it may still come to.
        public let changes: [JSON.Difference]
    }

    public enum Outcome: Hashable, Sendable {
        /// It would have come to here in the same way, and the next thing that it does is the same.
        case same
        case differs(UpgradeDeviation)
        /// It cannot be told, for these reasons; problems of the template begin with their JSON Pointers.
        case unfoldable([String])
    }

    /// - Throws: `diverged` when the snapshot that the history begins with is not what was digested.
    public init(for template: Template, of history: JournalHistory) throws(JournalError) {
        self.template = template.reference
        let problems = template.problems.map { problem in "\(problem)" }
        let trial = try UpgradeTrial(history, template)
        let state = trial.state
        for run in [state.active].compactMap(\.self) + state.parked + state.queue {
            entries.append(
                Entry(
                    run: run.id, status: run.status, pinned: run.template.reference,
                    outcome: problems.isEmpty ? trial.outcome(of: run) : .unfoldable(problems),
                    changes: run.template.json.differences(from: template.json)))
        }
    }
}

/// Where a run would have done, or would do, something else.
public struct UpgradeDeviation: Hashable, Sendable {
    /// What is decided about a signal.
    public struct Decision: Hashable, Sendable {
        public let disposition: Run.Disposition
        /// Beside events, in words.
        public let deeds: [String]
        /// How the run stands after it; nil where it is not known then.
        public let status: Run.Status?
    }

    /// The record; nil when all records are the same, and only what would be done next is not.
    public let sequence: Int?
    /// The signal, by its word on the wire.
    public let signal: String
    public let pinned: Decision
    public let new: Decision
    /// Where the deeds read the same and say other things, in what: by the place of the deed.
    public let contents: [JSON.Difference]
}
