import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    func values() async throws {
        let text = "line\nfeed \r\n\t\"quoted\" \\ \u{0} \u{7F} \u{2028} é e\u{301} 👩‍🚀 \u{FEFF} \u{FFFF}"
        let id = Conversation.ID(text)
        let records = JournalRecord.variety(text, in: id)
        var deep: JSON = 1
        for _ in 0..<JSON.greatestPayloadDepth - 1 { deep = [deep] }
        let snapshot = JournalSnapshot(
            conversation: id, sequence: records.count, time: .max, events: .max,
            digest: records.last?.digest ?? .start,
            state: [
                "text": .string(text), "deep": deep, "long": .string(String(repeating: text, count: 2_000)),
            ])
        var journal = try await create()
        try await journal.append(records.map { record in .record(record) }, flushing: true)
        try await expect(journal, holds: records, of: id)
        try await journal.append([.snapshot(snapshot)], flushing: true)
        try expect("the snapshot", try await journal.tail(of: id), JournalTail(snapshot: snapshot))
        await journal.close()
        guard kit.open != nil else { return }
        journal = try await open()
        let kept = try await journal.records(of: id, from: 1, limit: .max)
        try expect("what it holds when it is opened again", kept, records)
        try expect("the snapshot then", try await journal.tail(of: id), JournalTail(snapshot: snapshot))
        await journal.close()
    }

    func identifiers() async throws {
        let ids: [Conversation.ID] = [
            "é", "e\u{301}", "", " ", "a", "A", "a ", "a\u{0}", "a\u{0}b", "a/b", "../a", "%", "_", "'", "\"",
            "\\", "-1", "1", "1.0", "null", "😀", Conversation.ID(String(repeating: "long ", count: 500)),
        ]
        let journal = try await create()
        for id in ids { try await journal.append([.sample(1, in: id)], flushing: false) }
        for id in ids.reversed() {
            try await journal.append([.sample(2, in: id), .snapshot(2, in: id)], flushing: false)
            try await journal.append([.sample(3, in: id)], flushing: false)
        }
        for id in ids {
            try expect(
                "what it holds of \(id)", try await journal.records(of: id, from: 1, limit: .max),
                JournalRecord.samples(1...3, in: id))
            try expect(
                "the tail of \(id)", try await journal.tail(of: id),
                JournalTail(snapshot: .sample(2, in: id), records: [.sample(3, in: id)]))
        }
        let count = try await journal.conversations().count
        if count != ids.count { throw fail("it lists \(count) conversations of \(ids.count)") }
        await journal.close()
    }
}

extension JournalRecord {
    /// One record for each kind of thing that a record can hold.
    fileprivate static func variety(_ text: String, in conversation: Conversation.ID) -> [JournalRecord] {
        let numbers: JSON = [1, -1, 1.5, 1e300, 2.5e-308, .integer(.max), .integer(.min)]
        let result = Run.Result(
            output: ["text": .string(text), "numbers": numbers],
            calls: [Run.Call(id: text, name: text, arguments: ["numbers": numbers])],
            usage: Run.Usage(tokensIn: 1, tokensOut: .max),
            truncation: Run.Truncation(originalBytes: 9, keptBytes: 1))
        let execution = Run.Execution.ID(run: "r", ordinal: 2, attempt: 1)
        let kinds: [(Run.Signal.Kind, Run.Actor, Run.Disposition)] = [
            (
                .userMessage(Run.Request(text, metadata: ["numbers": numbers, text: .null])),
                .operator(Key(text)), .applied
            ),
            (.completed(execution, result), .runner, .stale),
            (.failed(execution, Run.Failure(.provider, text, isRetryable: false)), .runner, .applied),
            (.progress(execution, text), .runner, .applied),
            (.interrupt("r", reason: text), .host, .rejected(.unauthorized)),
            (.cancelConversation(reason: ""), .operator(""), .unchanged),
            (.restarted, .engine, .applied),
        ]
        return kinds.enumerated().map { index, entry in
            JournalRecord(
                conversation: conversation, sequence: index + 1,
                signal: Run.Signal(
                    id: Run.Signal.ID("\(text)\(index)"), entry.0, by: entry.1,
                    at: index.isMultiple(of: 2) ? .min : .max, cause: index == 1 ? nil : "c",
                    correlation: Run.Signal.ID(text)),
                disposition: entry.2, deeds: index.isMultiple(of: 3) ? [] : [text, ""],
                digest: index == 2 ? nil : JournalRecord.sample(index).digest)
        }
    }
}
