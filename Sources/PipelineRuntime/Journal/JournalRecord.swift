public import PipelineCore

/// One signal and what became of it: all that is needed to come to the same state again.
public struct JournalRecord: Hashable, Sendable {
    public let conversation: Conversation.ID
    /// Counted from 1 within the conversation, without gaps.
    public let sequence: Int
    public let signal: Run.Signal
    public let disposition: Run.Disposition
    /// What was decided beside events, in words: `start r/2/1 code_generation`. None where records carry no digests.
    public let deeds: [String]
    /// Stands for this record and all before it. Of those that are appended together, a conversation's last has it.
    public let digest: JournalDigest?

    public init(
        conversation: Conversation.ID, sequence: Int, signal: Run.Signal, disposition: Run.Disposition,
        deeds: [String] = [], digest: JournalDigest? = nil
    ) {
        self.conversation = conversation
        self.sequence = sequence
        self.signal = signal
        self.disposition = disposition
        self.deeds = deeds
        self.digest = digest
    }

    /// The same without its digest.
    var undigested: JournalRecord { with(digest: nil) }

    func with(digest: JournalDigest?) -> JournalRecord {
        JournalRecord(
            conversation: conversation, sequence: sequence, signal: signal, disposition: disposition,
            deeds: deeds, digest: digest)
    }
}

extension JournalRecord: JSONRepresentable {
    public var json: JSON {
        var object: JSON.Object = [
            "conversation": conversation.json, "sequence": sequence.json, "signal": signal.json,
            "disposition": disposition.json,
        ]
        if !deeds.isEmpty { object["deeds"] = deeds.json }
        object["digest"] = digest?.json
        return .object(object)
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            conversation: try members.value("conversation"), sequence: try members.value("sequence"),
            signal: try members.value("signal"), disposition: try members.value("disposition"),
            deeds: try members.value("deeds", or: []), digest: try members.optional("digest"))
    }
}

extension [Run.Directive] {
    /// What a record says of them.
    var deeds: [String] {
        compactMap { directive in
            if case .publish = directive { nil } else { directive.line }
        }
    }
}
