import PipelineCore
import Testing

@Suite("The main job", .serialized, .timeLimit(.minutes(2)))
struct MainJobTests {
    private let folder: WorkFolder
    private static let journal = ".pipeline/fix-the-test-1/journal"

    init() throws { folder = try WorkFolder() }

    @Test func `the example is fixed in a copy, and the original stays as it was`() async throws {
        try folder.copy("\(WorkFolder.example)/workspace", to: "expected")
        let slug = try folder.text(of: "expected/slug.sh")
        let fixed = slug.replacing("sed 's/--*/-/'", with: "sed 's/--*/-/g; s/^-//; s/-$//'")
        try #require(fixed != slug)
        let original = try folder.digest(of: "expected")
        try folder.write(fixed, to: "expected/slug.sh")

        let ran = try await folder.pipeline("run", WorkFolder.example)

        #expect(ran.exited(0), "\(ran)")
        #expect(ran.errors == [])
        #expect(
            try folder.digest(of: ".pipeline/fix-the-test-1/workspace") == folder.digest(of: "expected"))
        try folder.copy("\(WorkFolder.example)/workspace", to: "afterwards")
        #expect(try folder.digest(of: "afterwards") == original)
        #expect(folder.exists("\(Self.journal)/journal.jsonl"))
        let last = try #require(ran.output.last)
        #expect(last.hasPrefix("completed: 11 steps, "))
        #expect(last.hasSuffix("s, 3118 tokens in, 229 out"))
    }

    @Test func `plain lines tell of every step once, and hold nothing that steers a terminal`() async throws {
        let ran = try await folder.pipeline("run", try folder.copyExample(as: "fix-the-test"))

        let steps = ran.output.filter { line in line.hasPrefix("step ") }
        try #require(steps.count == 11, "\(ran)")
        for (index, line) in steps.enumerated() {
            #expect(line.hasPrefix("step \(index + 1) "))
            #expect(line.contains(" completed"))
        }
        #expect(steps[3].contains("command  command.run.test") && steps[3].contains("attempt 1  exit code 1"))
        #expect(steps[7].contains("command  command.run.test") && steps[7].contains("attempt 1  exit code 0"))
        #expect(ran.output.contains("         | Now the test again."))
        let controls = ran.output.joined().unicodeScalars.filter { scalar in scalar.value < 0x20 }
        #expect(controls.isEmpty)
    }

    @Test func `JSON output is one object a line, numbered without a gap, and is what the journal says`()
        async throws
    {
        let ran = try await folder.pipeline("run", "--json", try folder.copyExample(as: "fix-the-test"))

        #expect(ran.exited(0), "\(ran)")
        let live = try Timeline(ran.output)
        expectCompletedOnce(live, like: live, "live")
        #expect(live.runs == ["fix-the-test-1"])
        #expect(live.events.allSatisfy { event in event["time"]?.integerValue != nil })
        let shown = try await folder.pipeline("show", "--json", Self.journal)
        #expect(shown.output == ran.output)
        let artifact = live.events.last?["artifact"]
        #expect(artifact?["usage"] == ["tokensIn": 3118, "tokensOut": 229])
        #expect(artifact?["files"]?.arrayValue?.map { file in file["path"] } == ["slug.sh"])
        #expect(artifact?["commands"]?.arrayValue?.map { command in command["exitCode"] } == [1, 0])
    }

    @Test func `a completed run is shown and listed, and resuming it starts nothing`() async throws {
        let task = try folder.copyExample(as: "fix-the-test")
        let ran = try await folder.pipeline("run", task)
        let journal = try folder.bytes(of: "\(Self.journal)/journal.jsonl")

        let shown = try await folder.pipeline("show", Self.journal)
        #expect(shown.exited(0))
        #expect(shown.output.dropLast() == ran.output.dropLast())
        #expect(shown.output.last?.hasPrefix("completed: 11 steps, ") == true)

        let listed = try await folder.pipeline("list")
        #expect(listed.exited(0))
        #expect(listed.output == ["fix-the-test-1  completed  11 steps  \(Self.journal)"])
        let named = try await folder.pipeline("list", folder[".pipeline"])
        #expect(named.output == ["fix-the-test-1  completed  11 steps  \(folder[Self.journal])"])

        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(0))
        #expect(resumed.says("fix-the-test-1", "completed already"))
        #expect(resumed.output == [])
        #expect(try folder.bytes(of: "\(Self.journal)/journal.jsonl") == journal)
    }

    @Test func `a second run of the same task has a folder of its own`() async throws {
        let task = try folder.copyExample(as: "fix-the-test")
        #expect(try await folder.pipeline("run", task).exited(0))
        #expect(try await folder.pipeline("run", "./\(task)/").exited(0))

        #expect(
            try folder.digest(of: ".pipeline/fix-the-test-1/workspace")
                == folder.digest(of: ".pipeline/fix-the-test-2/workspace"))
        let listed = try await folder.pipeline("list", ".pipeline")
        #expect(listed.output.count == 2)
        #expect(listed.output.allSatisfy { line in line.contains("  completed  11 steps  ") })
    }

    @Test func `the journal goes where it is told to go`() async throws {
        let task = try folder.copyExample(as: "fix-the-test")
        let ran = try await folder.pipeline("run", task, "--journal", "elsewhere/deep/journal")

        #expect(ran.exited(0), "\(ran)")
        #expect(!folder.exists(Self.journal))
        let shown = try await folder.pipeline("show", "elsewhere/deep/journal")
        #expect(shown.output.last?.hasPrefix("completed: 11 steps, ") == true)
        let listed = try await folder.pipeline("list", "elsewhere/deep")
        #expect(listed.output == ["fix-the-test-1  completed  11 steps  elsewhere/deep/journal"])
    }

    @Test func `a command that the task does not list is denied where nobody can be asked`() async throws {
        let task = try folder.copyExample(as: "fix-the-test")
        try folder.write(
            """
            {"calls":[{"id":"1","name":"run_command","arguments":{"command":["touch","made"]}}]}
            {"text":"It was denied."}
            """, to: "\(task)/transcript.jsonl")

        let ran = try await folder.pipeline("run", task)

        #expect(ran.exited(0), "\(ran)")
        #expect(
            ran.output.contains { line in
                line.contains("denied (everything else): task.json does not list it")
            })
        #expect(!folder.exists(".pipeline/fix-the-test-1/workspace/made"))
    }

    @Test func `a run that departs from its transcript fails, and names the file and the line`() async throws
    {
        let task = try folder.copyExample(as: "fix-the-test") { text in
            text.replacing("{\"exitCode\": 1}", with: "{\"exitCode\": 2}")
        }

        let ran = try await folder.pipeline("run", task)

        #expect(ran.exited(1), "\(ran)")
        #expect(ran.says("The run failed", "departs from the transcript", "transcript.jsonl", "line 2"))
        #expect(ran.says("command.run.test", "/exitCode", "2 and not 1"))
        #expect(ran.output.last?.hasPrefix("failed: 5 steps, ") == true)
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(1))
        #expect(resumed.says("failed already"))
    }
}
