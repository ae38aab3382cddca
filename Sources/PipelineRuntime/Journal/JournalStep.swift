public import PipelineCore

/// One record of a replay, and what it decides.
public struct JournalStep: Hashable, Sendable {
    public let record: JournalRecord
    /// What is decided now.
    public let directives: [Run.Directive]
    /// In what that differs from what was decided then; nil where it does not.
    public let divergence: JournalDivergence?

    /// What is decided now beside events, in words.
    public var deeds: [String] { directives.deeds }
}
