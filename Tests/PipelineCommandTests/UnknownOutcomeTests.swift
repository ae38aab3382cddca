import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a process that is killed in the middle of an edit leaves behind: either the edit is there, or it is not.
@Suite("An edit whose outcome nobody knows", .serialized, .timeLimit(.minutes(2)))
struct UnknownOutcomeTests {
    private static let journal = ".pipeline/task-1/journal"
    private static let file = ".pipeline/task-1/workspace/slug.sh"
    private static let expectation =
        "\"expects\": [{\"name\": \"edit_file\", \"output\": {\"path\": \"slug.sh\"}}], "

    private let folder: WorkFolder
    private let original: String

    init() throws {
        folder = try WorkFolder()
        original = try folder.text(of: "\(try folder.copyExample(as: "original"))/workspace/slug.sh")
    }

    /// Completes the example, and takes from its journal what came after the beginning of the edit.
    ///
    /// - Returns: the workspace as the uninterrupted run left it.
    private func killInEdit(expecting: Bool = true) async throws -> ContentDigest {
        let task = try folder.copyExample { text in
            expecting ? text : text.replacing(Self.expectation, with: "")
        }
        let ran = try await folder.pipeline("run", task)
        try #require(ran.exited(0), "\(ran)")
        let text = try folder.text(of: "\(Self.journal)/journal.jsonl")
        let records = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(
            records.firstIndex { record in record.contains("\"id\":\"task-1/6/1/started\"") })
        let kept = records[...start].joined(separator: "\n") + "\n"
        try #require(kept.utf8.count < text.utf8.count)
        try folder.write(kept, to: "\(Self.journal)/journal.jsonl")
        return try folder.digest(of: ".pipeline/task-1/workspace")
    }

    private func expectQuestion() async throws {
        let shown = try await folder.pipeline("show", Self.journal)
        #expect(shown.output.contains { line in line.hasPrefix("cut off: 6 steps, ") })
        let first = try await folder.pipeline("resume", Self.journal)
        #expect(first.exited(3), "\(first)")
        #expect(first.says("Step 6 (edit_file) was cut off", "nobody can know", "--rerun 6", "--skip"))
        let second = try await folder.pipeline("resume", Self.journal)
        #expect(second.exited(3), "\(second)")
        #expect(second.says("Step 6 (edit_file) was cut off", "--rerun 6", "--skip 6"))
        let waiting = try await folder.pipeline("show", Self.journal)
        #expect(waiting.output.contains("waits    step 6 (edit_file): confirmation, ticket task-1/6/gate/1"))
        #expect(waiting.output.contains { line in line.hasPrefix("interrupted: 6 steps, ") })
    }

    @Test func `an edit that did not happen is made by --rerun`() async throws {
        let workspace = try await killInEdit()
        try folder.write(original, to: Self.file)
        try await expectQuestion()

        let resumed = try await folder.pipeline("resume", Self.journal, "--rerun=6")

        #expect(resumed.exited(0), "\(resumed)")
        #expect(try folder.digest(of: ".pipeline/task-1/workspace") == workspace)
    }

    @Test func `an edit that happened is left alone by --skip`() async throws {
        let workspace = try await killInEdit(expecting: false)
        try await expectQuestion()

        let resumed = try await folder.pipeline("resume", Self.journal, "--skip", "6")

        #expect(resumed.exited(0), "\(resumed)")
        #expect(try folder.digest(of: ".pipeline/task-1/workspace") == workspace)
        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.attempts(of: 6, "requested") == [1])
    }

    @Test func `a decision can come with the first resume`() async throws {
        let workspace = try await killInEdit()
        try folder.write(original, to: Self.file)

        let resumed = try await folder.pipeline("resume", Self.journal, "--rerun", "6", "--json")

        #expect(resumed.exited(0), "\(resumed)")
        #expect(try folder.digest(of: ".pipeline/task-1/workspace") == workspace)
        let answers = try Timeline(resumed.output).events.filter { event in
            event["type"] == "conversation.gate.approved"
        }
        #expect(answers.map { event in event["operator"] } == ["operator:tester"])
    }

    @Test(arguments: ["--skip", "--rerun"])
    func `a result that the recorded model was never shown fails the run with file and line`(
        flag: String
    ) async throws {
        let workspace = try await killInEdit()
        try await expectQuestion()

        let resumed = try await folder.pipeline("resume", Self.journal, flag, "6")

        #expect(resumed.exited(1), "\(resumed)")
        #expect(resumed.says("departs from the transcript", "transcript.jsonl", "line 3", "edit_file"))
        #expect(try folder.digest(of: ".pipeline/task-1/workspace") == workspace)
    }

    @Test(arguments: 1...4)
    func `SIGKILL while a file is written leaves nothing else in the workspace`(time: Int) async throws {
        let workspace = ".pipeline/long-1/workspace"
        let text = String(repeating: "All work and no play makes Jack a dull boy.\n", count: 3_000)
        try folder.write("start\n" + text, to: "long/workspace/long.txt")
        try folder.write("done\n" + text, to: "expected/long.txt")
        try folder.write(#"{"task":"t","workspace":"workspace","transcript":"t"}"#, to: "long/task.json")
        try folder.write(
            """
            {"calls":[{"id":"1","name":"edit_file","arguments":{"path":"long.txt","old":"start","new":"done"}}]}
            {"text":"The end."}
            """, to: "long/t")
        let folder = folder
        let start = Trigger(SIGKILL, after: [Trigger.attempt("started", of: 3)])
        _ = try await folder.pipeline("run", "long", "--json") { line in
            guard let signal = start.reaction(line) else { return nil }
            // The moment that something changes: as a rule the new text is beside the old one then.
            while (try? folder.names(in: workspace)) == ["long.txt"],
                (try? folder.text(of: "\(workspace)/long.txt"))?.hasPrefix("start") == true
            {}
            return signal
        }
        try #require(start.hasFired)

        var resumed = try await folder.pipeline("resume", ".pipeline/long-1/journal")
        if resumed.exited(3) {
            let isEdited = try folder.text(of: "\(workspace)/long.txt").hasPrefix("done")
            resumed = try await folder.pipeline(
                "resume", ".pipeline/long-1/journal", isEdited ? "--skip" : "--rerun", "3")
        }

        #expect(resumed.exited(0), "\(resumed)")
        #expect(try folder.names(in: workspace) == ["long.txt"])
        #expect(try folder.digest(of: workspace) == folder.digest(of: "expected"))
    }
}
