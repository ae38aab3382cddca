import PipelineCore
import PipelineRuntime
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Replay, verify, diff, fork, compact", .serialized, .timeLimit(.minutes(3)))
struct TimeTravelTests {
    private static let journal = ".pipeline/task-1/journal"
    private static let file = ".pipeline/task-1/journal/journal.jsonl"

    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    private func runExample() async throws {
        let ran = try await folder.pipeline("run", try folder.copyExample())
        try #require(ran.exited(0), "\(ran)")
    }

    /// A run that is interrupted while its model pauses.
    private func interruptExample() async throws {
        let live = try folder.start("run", try folder.copyPausingExample()) { line in
            line.text.contains("context") ? SIGINT : nil
        }
        let ended = await live.outcome()
        try #require(ended.exited(3), "\(ended)")
        try folder.endPause(in: ".pipeline/task-1/transcript.jsonl")
    }

    private var records: [JournalRecord] { get throws { try folder.contents(of: Self.journal).records } }

    /// The number of the record with the answer of a call of this name.
    private func answer(of name: String) throws -> Int {
        var names: [Run.Execution.ID: String] = [:]
        var found: Int?
        _ = try folder.contents(of: Self.journal).history(of: "task-1").replay { step in
            for case .startExecution(let execution) in step.directives {
                names[execution.id] = execution.name
            }
            if case .completed(let id, _) = step.record.signal.kind, names[id] == name {
                found = step.record.sequence
            }
        }
        return try #require(found)
    }

    // MARK: replay

    @Test
    func `a replay prints each record with what it decided, and the state after the one it is to go to`()
        async throws
    {
        try await runExample()
        let answer = try answer(of: "edit_file")
        let workspace = try folder.digest(of: ".pipeline/task-1")
        let replayed = try await folder.pipeline("replay", Self.journal, "--to", "\(answer)")
        #expect(replayed.exited(0) && replayed.errors == [], "\(replayed)")
        #expect(replayed.output.first?.hasPrefix("1        message.user     applied") == true)
        #expect(replayed.output.contains { $0.hasPrefix("\(answer) ") && $0.contains("execution.completed") })
        #expect(!replayed.output.contains { line in line.hasPrefix("\(answer + 1) ") })
        #expect(replayed.output.contains("         start task-1/2/1 code_generation"))
        #expect(replayed.output.contains { $0.hasPrefix("after record \(answer), ") })
        #expect(replayed.output.contains { $0.hasPrefix("run      task-1 running, at code, ") })
        #expect(replayed.output.contains { $0.hasPrefix("step 2   llm      code_generation  completed") })
        #expect(replayed.output.contains { $0.hasPrefix("waits    step ") })
        let whole = try await folder.pipeline("replay", Self.journal)
        #expect(whole.output.contains("run      task-1 completed"), "\(whole)")
        #expect(try folder.digest(of: ".pipeline/task-1") == workspace, "nothing was started")
    }

    @Test func `a replay as JSON has a line for each record, and the state last`() async throws {
        try await runExample()
        let replayed = try await folder.pipeline("replay", Self.journal, "--to", "3", "--json")
        let lines = try replayed.output.map { line in try JSON(parsing: line) }
        #expect(lines.count == 4 && lines.prefix(3).map { $0["sequence"] } == [1, 2, 3])
        #expect(lines.first?["deeds"]?.arrayValue?.contains("start task-1/2/1 code_generation") == true)
        #expect(lines.last?["after"] == 3)
        let state = try Conversation(json: try #require(lines.last?["state"]))
        let history = try folder.contents(of: Self.journal).history(of: "task-1")
        #expect(try state == history.replay(to: 3).state)
    }

    @Test func `a record that is not there is refused with those that are`() async throws {
        try await runExample()
        let last = try records.count
        let replayed = try await folder.pipeline("replay", Self.journal, "--to", "\(last + 1)")
        #expect(replayed.exited(64) && replayed.output == [], "\(replayed)")
        #expect(replayed.says("after record \(last + 1)", "records 1 to \(last)"))
        for word in ["0", "-1", "x"] {
            let wrong = try await folder.pipeline("replay", Self.journal, "--to=\(word)")
            #expect(wrong.exited(64) && wrong.says("\"\(word)\" is not the number of a record"), "\(wrong)")
        }
    }

    // MARK: verify

    @Test func `a journal that is well has one line for each conversation`() async throws {
        try await runExample()
        let verified = try await folder.pipeline("verify", Self.journal)
        #expect(verified.exited(0) && verified.errors == [], "\(verified)")
        #expect(verified.output == ["sound    task-1: \(try records.count) records, 0 snapshots"])
    }

    @Test func `a record that was changed, its checksum made anew, is named`() async throws {
        try await runExample()
        let answer = try answer(of: "edit_file")
        let records = try records
        let changed = records[answer - 1].withOutput(["path": "other.sh"])
        try #require(changed != records[answer - 1])
        try await folder.rewrite(
            Self.journal, records.map { .record($0.sequence == answer ? changed : $0) })
        let verified = try await folder.pipeline("verify", Self.journal)
        #expect(verified.exited(1), "\(verified)")
        let digested = try #require(records.first { $0.sequence >= answer && $0.digest != nil })
        let digest = try #require(digested.digest)
        #expect(verified.line(0).hasPrefix("diverges task-1: "))
        #expect(verified.line(1).hasPrefix("record \(digested.sequence) ("))
        #expect(verified.line(2).contains("recorded") && verified.line(2).contains("digest \(digest)"))
        #expect(verified.line(3).contains("recomputed") && !verified.line(3).contains("\(digest)"))
        let resumed = try await folder.pipeline("show", Self.journal)
        #expect(resumed.exited(0), "what it says is shown all the same: \(resumed)")
    }

    @Test func `damaged bytes are an error with their place`() async throws {
        try await runExample()
        var bytes = try folder.bytes(of: Self.file)
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, to: Self.file)
        for words in [["verify"], ["replay"], ["diff"], ["fork", "--at", "2"]] {
            let all =
                [words[0], Self.journal] + (words[0] == "diff" ? [Self.journal] : []) + words.dropFirst()
            let ran = try await PipelineProcess(all, in: folder.path).outcome()
            #expect(ran.exited(65) && ran.says("journal.jsonl, line ", "is damaged"), "\(ran)")
        }
        let planned = try await folder.pipeline("plan-upgrade", Self.journal, "--template", "coding")
        #expect(planned.exited(65), "\(planned)")
        #expect(planned.output.contains { line in line.contains("is damaged") }, "\(planned)")
        #expect(try folder.names(in: ".pipeline") == ["task-1"], "no fork was made")
    }

    // MARK: diff

    @Test func `two journals differ at the first record that is not in both`() async throws {
        try await runExample()
        let last = try records.count
        let same = try await folder.pipeline("diff", Self.journal, Self.journal)
        #expect(same.exited(0) && same.output == ["same     all records, and the states at their end"])
        try folder.copy(folder[".pipeline/task-1/journal"], to: "short")
        try await folder.rewrite("short", try records.prefix(last - 3).map { .record($0) })
        let shorter = try await folder.pipeline("diff", Self.journal, "short")
        #expect(shorter.exited(1), "\(shorter)")
        #expect(shorter.line(0).hasPrefix("differs  record \(last - 2): "))
        #expect(shorter.line(0).hasSuffix("in \(Self.journal), and short has ended"))
        #expect(shorter.output.contains { line in line.hasPrefix("  /active") }, "\(shorter)")
        let missing = try await folder.pipeline("diff", Self.journal, "nowhere")
        #expect(missing.exited(65) && missing.says("There is no journal at nowhere"))
    }

    // MARK: fork

    @Test func `a fork goes on from its record, beside the run, and says where it comes from`() async throws {
        try await runExample()
        let journal = try folder.bytes(of: Self.file)
        let answer = try answer(of: "edit_file")
        let forked = try await folder.pipeline("fork", Self.journal, "--at", "\(answer)")
        #expect(forked.exited(0), "\(forked)")
        #expect(
            forked.output.contains { line in line.contains("copied as they are now, not as they were then") })
        let fork = ".pipeline/task-1-fork-1/journal"
        #expect(
            forked.output.contains { line in line.hasPrefix("resume ") && line.hasSuffix("resume \(fork)") })

        let verified = try await folder.pipeline("verify", fork)
        #expect(verified.exited(0), "\(verified)")
        let shown = try await folder.pipeline("show", fork)
        let origin = "of \(folder[Self.journal]) after record \(answer) of task-1"
        #expect(shown.output.first == "fork     \(origin)", "\(shown)")
        let audit = try await folder.pipeline("audit", fork, "--json")
        let entries = try audit.output.map { line in try JSON(parsing: line) }
        #expect(
            entries.last?["category"] == "fork" && entries.last?["subject"] == .string(folder[Self.journal]))

        let edits = try folder.contents(of: fork).records.count
        let resumed = try await folder.pipeline("resume", fork)
        #expect(resumed.exited(0), "\(resumed)")
        let timeline = try await Timeline(of: fork, in: folder)
        #expect(timeline.outcome == "completed" && timeline.isContiguous())
        // Its effect was done, and is not done again.
        let begun = timeline.steps.filter { step in step.name == "edit_file" }
        #expect(begun.map { step in timeline.attempts(of: step.ordinal, "started") } == [[1]])
        #expect(try folder.contents(of: fork).records.count > edits)
        #expect(try await folder.pipeline("verify", fork).exited(0))
        #expect(try folder.bytes(of: Self.file) == journal, "the run itself is not touched")
        let parted = try await folder.pipeline("diff", Self.journal, fork)
        #expect(
            parted.exited(1) && parted.line(0).hasPrefix("differs  record \(answer + 1): "), "\(parted)")
    }

    @Test func `a fork keeps its journal where it is told, and works in a folder of its own`() async throws {
        let ran = try await folder.pipeline("run", try folder.copyExample(), "--journal", "kept/journal")
        try #require(ran.exited(0), "\(ran)")
        let records = try folder.contents(of: "kept/journal").records
        let forked = try await folder.pipeline(
            "fork", "kept/journal", "--at", "\(records.count - 4)", "--journal", "kept/fork")
        #expect(forked.exited(0), "\(forked)")
        #expect(folder.exists(".pipeline/task-1-fork-1/workspace") && !folder.exists("kept/workspace"))
        folder.remove(".pipeline/task-1")
        let resumed = try await folder.pipeline("resume", "kept/fork")
        #expect(resumed.exited(0), "the other run's folder is not needed: \(resumed)")
        let again = try await folder.pipeline("fork", "kept/fork", "--at", "2", "--journal", "kept/journal")
        #expect(again.exited(73) && again.says("holds a journal already"), "\(again)")
    }

    @Test func `a fork of a record that is not there makes nothing`() async throws {
        try await interruptExample()
        let last = try records.count
        let forked = try await folder.pipeline("fork", Self.journal, "--at", "\(last + 1)")
        #expect(forked.exited(64) && forked.says("records 1 to \(last)"), "\(forked)")
        let nowhere = try await folder.pipeline("fork", Self.journal)
        #expect(nowhere.exited(64) && nowhere.says("--at is missing"), "\(nowhere)")
        #expect(try folder.names(in: ".pipeline") == ["task-1"])
    }

    // MARK: compact

    @Test func `a compacted run goes on, and everything says that its history is no longer kept`()
        async throws
    {
        try await interruptExample()
        let last = try records.count
        let events = try await Timeline(of: Self.journal, in: folder).events.count
        let compacted = try await folder.pipeline("compact", Self.journal)
        #expect(compacted.exited(0), "\(compacted)")
        #expect(compacted.line(0).contains("\(last) of \(last) records are gone"), "\(compacted)")
        #expect(try records.isEmpty)
        for word in ["show", "audit", "replay"] {
            let ran = try await folder.pipeline(word, Self.journal)
            #expect(ran.exited(0) && ran.says("no longer kept", "after record \(last)"), "\(word): \(ran)")
        }
        let verified = try await folder.pipeline("verify", Self.journal)
        #expect(verified.exited(0), "\(verified)")
        #expect(verified.line(0).contains("earlier history is no longer kept, up to record \(last)"))

        let resumed = try await folder.pipeline("resume", Self.journal, "--json")
        #expect(resumed.exited(0) && resumed.says("no longer kept"), "\(resumed)")
        let live = try Timeline(resumed.output)
        #expect(live.isContiguous(from: events + 1), "its events go on where they were: \(live.sequences)")
        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.outcome == "completed" && timeline.sequences == live.sequences)
        #expect(try await folder.pipeline("verify", Self.journal).exited(0))
        let forked = try await folder.pipeline("fork", Self.journal, "--at", "1")
        #expect(forked.exited(64) && forked.says("records \(last) to "), "\(forked)")
        let again = try await folder.pipeline("compact", Self.journal)
        #expect(again.exited(0))
        let ended = try await folder.pipeline("show", Self.journal)
        #expect(ended.output.last?.hasPrefix("completed: ") == true, "\(ended)")
        #expect(ended.output.last?.contains("steps") == false, "nothing says how many there were: \(ended)")
    }

    @Test func `a journal that a process holds is not compacted, and can be forked`() async throws {
        let live = try folder.start("run", try folder.copyPausingExample())
        _ = try #require(await live.line { line in line.text.contains("context") })
        let compacted = try await folder.pipeline("compact", Self.journal)
        #expect(compacted.exited(75) && compacted.says("Another process is using"), "\(compacted)")
        let forked = try await folder.pipeline("fork", Self.journal, "--at", "1")
        #expect(forked.exited(0), "\(forked)")
        live.send(SIGTERM)
        #expect(await live.outcome().exited(3))
    }
}

extension JournalRecord {
    /// The same with another output of its execution.
    fileprivate func withOutput(_ output: JSON) -> JournalRecord {
        guard case .completed(let id, let result) = signal.kind else { return self }
        let other = Run.Result(
            output: output, calls: result.calls, usage: result.usage, truncation: result.truncation)
        return JournalRecord(
            conversation: conversation, sequence: sequence,
            signal: Run.Signal(
                id: signal.id, .completed(id, other), by: signal.actor, at: signal.time, cause: signal.cause,
                correlation: signal.correlation), disposition: disposition, deeds: deeds, digest: digest)
    }
}
