public import PipelineCore

/// The state of a conversation after one of its records: what comes after can be folded from here.
public struct JournalSnapshot: Hashable, Sendable {
    public let conversation: Conversation.ID
    /// The record after which it was taken.
    public let sequence: Int
    /// The time of that record.
    public let time: Run.Milliseconds
    /// How many events were published up to there.
    public let events: Int
    /// The digest of that record.
    public let digest: JournalDigest
    /// ``Conversation/snapshot``, with a digest of its own.
    public let state: JSON

    public init(
        conversation: Conversation.ID, sequence: Int, time: Run.Milliseconds, events: Int,
        digest: JournalDigest, state: JSON
    ) {
        self.conversation = conversation
        self.sequence = sequence
        self.time = time
        self.events = events
        self.digest = digest
        self.state = state
    }
}

extension JournalSnapshot: JSONRepresentable {
    public var json: JSON {
        [
            "conversation": conversation.json, "sequence": sequence.json, "time": time.json,
            "events": events.json, "digest": digest.json, "snapshot": state,
        ]
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            conversation: try members.value("conversation"), sequence: try members.value("sequence"),
            time: try members.value("time"), events: try members.value("events"),
            digest: try members.value("digest"), state: try members.value("snapshot"))
    }
}
