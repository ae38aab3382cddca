import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// What every journal of ours promises.
struct JournalTests {
    enum Kind: CaseIterable { case memory, file }

    /// A journal of one kind, and where it is.
    private struct Subject {
        let journal: any Journal
        let folder: ScratchFolder

        init(_ kind: Kind) throws {
            folder = try ScratchFolder()
            switch kind {
            case .memory: journal = MemoryJournal()
            case .file: journal = try FileJournal.create(at: folder["run"])
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `what is appended is read back in order, each conversation by itself`(kind: Kind) async throws {
        let subject = try Subject(kind)
        try await subject.journal.append([.note(1, in: "a"), .note(1, in: "b")], flushing: true)
        try await subject.journal.append([.note(2, in: "b")], flushing: false)
        try await subject.journal.append([.note(2, in: "a"), .note(3, in: "a")], flushing: true)
        #expect(try await subject.journal.records(of: "a") == (1...3).map { .note($0, in: "a") })
        #expect(try await subject.journal.records(of: "b") == (1...2).map { .note($0, in: "b") })
    }

    @Test(arguments: Kind.allCases)
    func `a conversation that is not known has no records`(kind: Kind) async throws {
        let subject = try Subject(kind)
        #expect(try await subject.journal.records(of: "nobody").isEmpty)
        try await subject.journal.append([JournalEntry](), flushing: true)
        try await subject.journal.append([.note(1, in: "é")], flushing: true)
        #expect(try await subject.journal.records(of: "e\u{301}").isEmpty, "ids compare by their bytes")
        #expect(try await subject.journal.records(of: "é").count == 1)
    }

    @Test(arguments: Kind.allCases)
    func `whatever a record holds comes back the same`(kind: Kind) async throws {
        let subject = try Subject(kind)
        let text = "line\nfeed \r\n\t\"quoted\" \\ \u{0} \u{7F} \u{2028} é e\u{301} 👩‍🚀 \u{FEFF}"
        let numbers: JSON = [1, -1, 1.5, 1e300, .integer(.max), .integer(.min)]
        let failure = Run.Failure(.provider, text, isRetryable: false)
        let request = Run.Request(text, metadata: ["numbers": numbers, text: .null])
        let result = Run.Result(
            output: ["text": .string(text), "numbers": numbers], calls: [.safe(text, text)],
            usage: Run.Usage(tokensIn: 1, tokensOut: .max),
            truncation: Run.Truncation(originalBytes: 9, keptBytes: 1))
        let kinds: [(Run.Signal.Kind, Run.Actor, Run.Disposition)] = [
            (.userMessage(request), .operator(Key(text)), .applied),
            (.completed(.r(2, 1), result), .runner, .stale),
            (.failed(.r(2, 1), failure), .runner, .applied),
            (.interrupt("r", reason: text), .host, .rejected(.unauthorized)),
            (.gateAnswer(.gate("r/1", ordinal: 3, 1), .deny(message: text)), .operator(""), .unchanged),
            (.restarted, .engine, .applied),
        ]
        let records = kinds.enumerated().map { index, entry in
            let signal = Run.Signal(
                id: Run.Signal.ID("\(text)\(index)"), entry.0, by: entry.1, at: .min, cause: "c",
                correlation: Run.Signal.ID(text))
            return JournalRecord(
                conversation: Conversation.ID(text), sequence: index + 1, signal: signal,
                disposition: entry.2)
        }
        try await subject.journal.append(records, flushing: true)
        #expect(try await subject.journal.records(of: Conversation.ID(text)) == records)
    }

    @Test(arguments: Kind.allCases)
    func `concurrent appends and reads come to no harm`(kind: Kind) async throws {
        let subject = try Subject(kind)
        let journal = subject.journal
        try await withThrowingTaskGroup { group in
            for name in ["a", "b", "c", "d"] as [Conversation.ID] {
                group.addTask {
                    for number in 1...25 {
                        try await journal.append([.note(number, in: name)], flushing: false)
                        let known = try await journal.records(of: name)
                        #expect(known.map(\.sequence) == Array(1...number))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Kind.allCases)
    func `a closed journal says so`(kind: Kind) async throws {
        let subject = try Subject(kind)
        try await subject.journal.append([.note(1, in: "a")], flushing: true)
        await subject.journal.close()
        await subject.journal.close()
        await #expect(throws: JournalError.self) {
            try await subject.journal.append([.note(2, in: "a")], flushing: true)
        }
        await #expect(throws: JournalError.self) { _ = try await subject.journal.records(of: "a") }
    }

    @Test(arguments: Kind.allCases)
    func `an engine gives the same whatever keeps its records`(kind: Kind) async throws {
        let subject = try Subject(kind)
        let engine = Engine(
            ungoverned: ScriptedAnswer(), journal: subject.journal, clock: ManualClock(now: 1_000))
        try await engine.submit(.message("r"), to: "chat")
        var types: [String] = []
        for await entry in engine.events(of: "chat") {
            types.append(entry.event.type)
            if entry.event.outcome != nil { break }
        }
        let state = try await engine.state(of: "chat")
        #expect(types.last == "conversation.run.completed")
        let next = Engine(
            ungoverned: ScriptedAnswer(), journal: subject.journal, clock: ManualClock(now: 1_000))
        #expect(try await next.state(of: "chat") == state)
    }
}

/// A runner that is done at once.
private struct ScriptedAnswer: ExecutionRunner {
    func run(
        _ execution: Run.Execution, report: ExecutionReporter
    ) async -> ExecutionAnswer { .completed(Run.Result(output: "Done.")) }
}

extension JournalRecord {
    /// A short record.
    static func note(_ number: Int, in conversation: Conversation.ID) -> JournalRecord {
        JournalRecord(
            conversation: conversation, sequence: number,
            signal: .interrupt("none", id: Run.Signal.ID("n\(number)")), disposition: .rejected(.runNotFound))
    }
}
