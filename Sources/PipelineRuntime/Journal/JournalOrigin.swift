public import PipelineCore

/// What a journal is a fork of: the cause of everything in it.
public struct JournalOrigin: Hashable, Sendable {
    /// The journal that it was made from.
    public let journal: String
    public let conversation: Conversation.ID
    /// The last record that both have.
    public let sequence: Int
    /// The digest of that record in the fork.
    public let digest: JournalDigest
    /// The host's own notes about the fork.
    public let notes: JSON

    public init(
        journal: String, conversation: Conversation.ID, sequence: Int, digest: JournalDigest,
        notes: JSON = .null
    ) {
        self.journal = journal
        self.conversation = conversation
        self.sequence = sequence
        self.digest = digest
        self.notes = notes
    }
}

extension JournalOrigin: JSONRepresentable {
    public var json: JSON {
        var object: JSON.Object = [
            "journal": .string(journal), "conversation": conversation.json, "sequence": sequence.json,
            "digest": digest.json,
        ]
        if notes != .null { object["notes"] = notes }
        return .object(object)
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            journal: try members.value("journal"), conversation: try members.value("conversation"),
            sequence: try members.value("sequence"), digest: try members.value("digest"),
            notes: try members.value("notes", or: .null))
    }
}
