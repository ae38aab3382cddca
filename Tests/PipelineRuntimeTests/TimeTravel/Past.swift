import PipelineCore
import PipelineRuntime
import PipelineTesting

/// Runs that were run once by a real engine, in a journal of its own, to look back at.
struct Past {
    let folder: ScratchFolder
    let path: String

    init() throws {
        folder = try ScratchFolder()
        path = folder["run"]
    }

    /// What becomes of a run in the end.
    enum End { case completes, isInterrupted }

    /// Runs one to its end, or interrupts it while its tool is at work.
    func run(
        _ run: Run.ID = "r", in conversation: Conversation.ID = "chat", _ end: End = .completes,
        template: Template = .coding, snapshots interval: Int = 512
    ) async throws {
        let runner = ScriptedRunner([
            .calls(.safe("a", "look")), end == .completes ? .completes("look", ["é": 1]) : .waits("look"),
            .answer,
        ])
        try await engine(runner, snapshots: interval) { engine in
            try await engine.request(
                .userMessage(Run.Request("Do it.", template: template)), id: Run.Signal.ID(key: run.key),
                in: conversation)
            for await entry in engine.events(of: conversation) {
                if case .execution(let id, let change) = entry.event.kind, id.run == run,
                    change.name == "look", change.lifecycle == .started, end == .isInterrupted
                {
                    try await engine.request(
                        .interrupt(run, reason: "lunch"), id: Run.Signal.ID("\(run)/stop"), in: conversation)
                }
                if case .run(run, _) = entry.event.kind, entry.event.outcome != nil { break }
            }
        }
    }

    /// Resumes an interrupted run, and waits for its end; or takes up one that was cut off.
    func resume(
        _ run: Run.ID = "r", in conversation: Conversation.ID = "chat", at path: String? = nil
    ) async throws -> Conversation {
        let runner = ScriptedRunner([
            .calls(.safe("a", "look")), .completes("look", 1), .answer,
        ])
        return try await engine(runner, at: path) { engine in
            var state = try await engine.state(of: conversation)
            if let stop = state.run(run)?.interruption, state.run(run)?.status == .interrupted {
                try await engine.request(
                    .resume(run, stop.ticket), id: Run.Signal.ID("\(run)/on/\(stop.ticket)"),
                    in: conversation)
            }
            guard state.run(run) != nil else { return state }
            for await _ in engine.events(of: conversation) {
                state = try await engine.state(of: conversation)
                if state.run(run) == nil { break }
            }
            return state
        }
    }

    private func engine<Value>(
        _ runner: ScriptedRunner, at path: String? = nil, snapshots interval: Int = 512,
        _ body: (Engine) async throws -> Value
    ) async throws -> Value {
        let path = path ?? self.path
        let isThere = folder.exists("run/journal.jsonl") || path != self.path
        let journal = try isThere ? FileJournal.open(at: path) : FileJournal.create(at: path)
        let engine = Engine(
            ungoverned: runner, journal: journal, clock: ManualClock(now: 1_000), snapshotInterval: interval)
        let value = try await body(engine)
        await engine.shutdown(within: .seconds(30))
        await journal.close()
        return value
    }

    var contents: FileJournalContents { get throws { try FileJournal.contents(of: path) } }

    func history(of conversation: Conversation.ID = "chat") throws -> JournalHistory {
        try contents.history(of: conversation)
    }
}

extension JournalHistory {
    /// The same with something done to the record of one number.
    func changing(_ sequence: Int, _ change: (JournalRecord) -> JournalRecord) -> JournalHistory {
        JournalHistory(
            of: conversation, snapshots: snapshots,
            records: records.map { record in record.sequence == sequence ? change(record) : record })
    }

    /// The number of the first record of this kind.
    func first(_ word: String) -> Int? {
        records.first { record in record.signal.kind.word == word }?.sequence
    }
}

extension JournalRecord {
    /// The same with another result of its execution.
    func answering(_ output: JSON) -> JournalRecord {
        guard case .completed(let id, let result) = signal.kind else { return self }
        let other = Run.Result(output: output, calls: result.calls, usage: result.usage)
        return JournalRecord(
            conversation: conversation, sequence: sequence,
            signal: Run.Signal(id: signal.id, .completed(id, other), by: signal.actor, at: signal.time),
            disposition: disposition, deeds: deeds, digest: digest)
    }

    /// The same without a digest.
    var undigested: JournalRecord {
        JournalRecord(
            conversation: conversation, sequence: sequence, signal: signal, disposition: disposition,
            deeds: deeds)
    }

    /// The same with another disposition.
    func becoming(_ disposition: Run.Disposition) -> JournalRecord {
        JournalRecord(
            conversation: conversation, sequence: sequence, signal: signal, disposition: disposition,
            deeds: deeds, digest: digest)
    }
}
