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
