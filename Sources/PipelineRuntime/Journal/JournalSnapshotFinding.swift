public import PipelineCore

/// How a snapshot differs from the state that the records before it come to.
public struct JournalSnapshotFinding: Hashable, Sendable {
    /// The record after which it was taken.
    public let sequence: Int
    /// Why it cannot be used, where it cannot.
    public let problem: String?
    /// The fields of the state that differ: as they were recorded, and as they are folded.
    public let state: [JSON.Difference]
    /// What else differs: `/digest`, `/events`, `/time`.
    public let rest: [JSON.Difference]

    /// Nil where it is as it should be.
    init?(_ snapshot: JournalSnapshot, _ problem: JSON.FormatError?, folded: JournalSnapshot?) {
        sequence = snapshot.sequence
        self.problem = problem.map { problem in "\(problem)" }
        if let folded {
            state = (snapshot.state["state"] ?? .null).differences(from: folded.state["state"] ?? .null)
            let (recorded, recomputed) = (snapshot.with(state: .null), folded.with(state: .null))
            rest = recorded.json.differences(from: recomputed.json)
        } else {
            (state, rest) = ([], [])
        }
        if problem == nil, state.isEmpty, rest.isEmpty { return nil }
    }
}

extension JournalSnapshot {
    fileprivate func with(state: JSON) -> JournalSnapshot {
        JournalSnapshot(
            conversation: conversation, sequence: sequence, time: time, events: events, digest: digest,
            state: state)
    }
}
