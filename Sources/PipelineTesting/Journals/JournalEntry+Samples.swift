import PipelineCore
import PipelineRuntime

extension JournalRecord {
    /// A short record that tells of itself which one it is.
    static func sample(_ number: Int, in conversation: Conversation.ID = "a") -> JournalRecord {
        JournalRecord(
            conversation: conversation, sequence: number,
            signal: Run.Signal(
                id: Run.Signal.ID("\(conversation)#\(number)"), .interrupt("none", reason: "a sample"),
                by: .host, at: Int64(number)), disposition: .rejected(.runNotFound),
            deeds: ["deed \(number)"], digest: .sample(number))
    }

    static func samples(_ numbers: ClosedRange<Int>, in conversation: Conversation.ID = "a")
        -> [JournalRecord]
    {
        numbers.map { number in sample(number, in: conversation) }
    }
}

extension JournalSnapshot {
    static func sample(_ number: Int, in conversation: Conversation.ID = "a") -> JournalSnapshot {
        JournalSnapshot(
            conversation: conversation, sequence: number, time: Int64(number), events: number,
            digest: .sample(number), state: ["of": conversation.json, "after": number.json])
    }
}

extension JournalEntry {
    static func sample(_ number: Int, in conversation: Conversation.ID = "a") -> JournalEntry {
        .record(.sample(number, in: conversation))
    }

    static func samples(_ numbers: ClosedRange<Int>, in conversation: Conversation.ID = "a") -> [JournalEntry]
    {
        numbers.map { number in sample(number, in: conversation) }
    }

    static func snapshot(_ number: Int, in conversation: Conversation.ID = "a") -> JournalEntry {
        .snapshot(.sample(number, in: conversation))
    }
}

extension JournalDigest {
    fileprivate static func sample(_ number: Int) -> JournalDigest {
        let digits = String(UInt32(truncatingIfNeeded: number), radix: 16)
        let text = String(repeating: "e", count: 32 - digits.utf8.count) + digits
        return (try? JournalDigest(json: .string(text))) ?? .start
    }
}
