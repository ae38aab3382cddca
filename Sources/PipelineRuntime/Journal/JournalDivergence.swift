public import PipelineCore

/// A record that decides something else now than what it says was decided.
public struct JournalDivergence: Error, Hashable, Sendable {
    public let record: JournalRecord
    /// The number that the next record should have had.
    public let expectedSequence: Int
    /// What becomes of the signal now.
    public let disposition: Run.Disposition
    /// What is decided now, beside events.
    public let deeds: [String]
    /// The digest that it gets now; nil where the record has none.
    public let digest: JournalDigest?
}
