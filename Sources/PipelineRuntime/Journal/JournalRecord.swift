public import PipelineCore

/// One signal and what became of it: all that is needed to come to the same state again.
public struct JournalRecord: Hashable, Sendable {
    public let conversation: Conversation.ID
    /// Counted from 1 within the conversation, without gaps.
    public let sequence: Int
    public let signal: Run.Signal
    public let disposition: Run.Disposition

    public init(
        conversation: Conversation.ID, sequence: Int, signal: Run.Signal, disposition: Run.Disposition
    ) {
        self.conversation = conversation
        self.sequence = sequence
        self.signal = signal
        self.disposition = disposition
    }
}

extension JournalRecord: JSONRepresentable {
    public var json: JSON {
        .object([
            "conversation": conversation.json, "sequence": sequence.json, "signal": signal.json,
            "disposition": disposition.json,
        ])
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            conversation: try members.value("conversation"), sequence: try members.value("sequence"),
            signal: try members.value("signal"), disposition: try members.value("disposition"))
    }
}
