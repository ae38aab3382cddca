public import PipelineCore

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
