import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("The modes", .serialized, .timeLimit(.minutes(2)))
struct ModeTests {
    private let folder: WorkFolder
    private static let journal = ".pipeline/task-1/journal"

    init() throws { folder = try WorkFolder() }

    // MARK: The examples

    @Test(arguments: [
        ("plan-a-change", "planning", 8, ["goal", "risks", "steps"]),
        ("choose-a-queue", "engineering", 9, ["alternatives", "frame", "recommend", "tradeoffs"]),
    ])
    func `an example runs to its end, prints its artifact, and changes nothing`(
        name: String, mode: String, steps: Int, members: [String]
    ) async throws {
        let ran = try await folder.pipeline("run", WorkFolder.example(name))

        #expect(ran.exited(0), "\(ran)")
        #expect(ran.errors == [])
        let last = try #require(
            ran.output.firstIndex { line in line.hasPrefix("completed: \(steps) steps, ") })
        let printed = try JSON(parsing: ran.output[(last + 1)...].joined(separator: "\n"))
        #expect(printed.objectValue?.map { member in member.key.text } == members)
        let timeline = try await Timeline(of: ".pipeline/\(name)-1/journal", in: folder)
        #expect(timeline.events.last?["artifact"] == printed)
        #expect(timeline.events.first?["mode"]?.stringValue == mode)
        let shown = try await folder.pipeline("show", ".pipeline/\(name)-1/journal")
        #expect(shown.output[(last + 1)...] == ran.output[(last + 1)...])
        try folder.copy("\(WorkFolder.example(name))/workspace", to: "original")
        #expect(try folder.digest(of: ".pipeline/\(name)-1/workspace") == folder.digest(of: "original"))
    }

    @Test func `an answer that breaks a rule goes back with what is wrong, and the mended one counts`()
        async throws
    {
        let ran = try await folder.pipeline("run", try folder.copyExample("plan-a-change"))

        let complaints = ran.output.filter { line in line.contains("must mend its answer") }
        #expect(complaints == ["step 6   must mend its answer: The section \"risks\" is missing or empty."])
        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.events.last?["artifact"]?["steps"]?.arrayValue?.count == 3)
    }

    @Test(arguments: [SIGINT, SIGKILL], [2, 5])
    func `a planning run that was stopped goes on in its mode, and comes to the same plan`(
        signal: CInt, step: Int
    ) async throws {
        let task = try folder.copyExample("plan-a-change") { text in
            let turn = "\"tokensOut\": \(step == 2 ? 49 : 91)}, \"pace\": "
            return text.replacing("\(turn)0", with: "\(turn)600000")
        }
        let trigger = Trigger(signal, after: [Trigger.attempt("progress", of: step)])
        let stopped = try await folder.pipeline("run", task, "--json", reacting: trigger.reaction)
        try #require(stopped.exited(3) || stopped.ending == .signaled(SIGKILL), "\(stopped)")
        // The task may be changed or gone by then: the run has all it needs.
        folder.remove(task)
        try folder.endPause(in: ".pipeline/task-1/transcript.jsonl")

        let resumed = try await folder.pipeline("resume", Self.journal)

        #expect(resumed.exited(0), "\(resumed)")
        let timeline = try await Timeline(of: Self.journal, in: folder)
        let again = try folder.copyExample("plan-a-change", as: "again")
        let uninterrupted = try Timeline(try await folder.pipeline("run", "--json", again).output)
        expectCompletedOnce(timeline, like: uninterrupted, "step \(step)")
        #expect(timeline.events.last?["artifact"] == uninterrupted.events.last?["artifact"])
    }

    // MARK: Naming one

    private static let turns = [
        "coding": #"{"text":"Done."}"#,
        "planning": #"{"text":"{\"goal\":\"g\",\"steps\":[\"s\"]}"}"#,
        "engineering": #"""
        {"text":"{\"problem\":\"p\"}"}
        {"text":"{\"alternatives\":[{\"name\":\"a\"},{\"name\":\"b\"}]}"}
        {"text":"{\"tradeoffs\":{\"a\":{\"benefit\":1,\"cost\":1,\"risk\":1},\"b\":{\"benefit\":1,\"cost\":1,\"risk\":1}}}"}
        {"text":"{\"recommendation\":\"a\",\"because\":\"b\"}"}
        """#,
    ]

    /// A mode of one strategy with a name of its own.
    private static let template = #"""
        {"id":"short","version":"7","mode":"short","completion":["end"],"steps":[
         {"name":"say","strategy":{"name":"speaker"},"next":"keep"},
         {"name":"keep","system":"commit","next":"end"},
         {"name":"end","artifact":[]}]}
        """#

    /// Writes the folder `task` with further members of task.json, each with its comma.
    private func write(_ transcript: String, _ members: String = "") throws {
        try folder.write("x", to: "task/workspace/a")
        try folder.write(
            #"{"task":"Do it.",\#(members)"workspace":"workspace","transcript":"t"}"#, to: "task/task.json")
        try folder.write(transcript, to: "task/t")
    }

    private func mode(_ words: String...) async throws -> String? {
        let ran = try await PipelineProcess(["run", "task", "--json"] + words, in: folder.path).outcome()
        #expect(ran.exited(0), "\(ran)")
        return try Timeline(ran.output).events.first?["mode"]?.stringValue
    }

    @Test(arguments: ["coding", "planning", "engineering"])
    func `a mode is named by the flag, by the task, or by both`(name: String) async throws {
        let transcript = try #require(Self.turns[name])
        try write(transcript)
        #expect(try await mode("--mode", name) == name)
        #expect(try await mode("--mode=\(name)") == name)
        try write(transcript, "\"mode\":\"\(name)\",")
        #expect(try await mode() == name)
        try write(transcript, "\"mode\":\"no such mode\",")
        #expect(try await mode("--mode", name) == name, "the flag wins")
    }

    @Test func `a task without a mode is coding`() async throws {
        try write(try #require(Self.turns["coding"]))
        #expect(try await mode() == "coding")
    }

    @Test func `a mode of one's own is a file: beside the task, or where the flag says`() async throws {
        try write(try #require(Self.turns["coding"]), #""mode":"modes/short.json","#)
        try folder.write(Self.template, to: "task/modes/short.json")
        #expect(try await mode() == "short")
        try folder.write(Self.template.replacing("\"short\"", with: "\"other\""), to: "other")
        #expect(try await mode("--mode", "other") == "other")
    }

    // MARK: Extensions

    @Test func `an extension in the task changes what an answer must have`() async throws {
        let turns = #"""
            {"text":"{\"goal\":\"g\",\"steps\":[\"s\"]}"}
            {"text":"{\"owner\":\"o\"}"}
            """#
        try write(turns, #""mode":"planning","#)
        let plain = try await folder.pipeline("run", "task")
        #expect(plain.exited(0), "\(plain)")
        #expect(plain.output.contains { line in line.contains("\"goal\": \"g\"") })
        try write(turns, #""mode":"planning","extensions":{"artifact.sections":["owner"]},"#)
        let extended = try await folder.pipeline("run", "task")
        #expect(extended.exited(0), "\(extended)")
        #expect(extended.output.suffix(3) == ["{", "  \"owner\": \"o\"", "}"])
    }

    @Test func `an extension in the task denies a tool, and the model is told`() async throws {
        try write(
            #"""
            {"calls":[{"id":"1","name":"write_file","arguments":{"path":"b","text":"b"}}]}
            {"expects":[{"name":"write_file","output":{"error":{"category":"policyDenied"}}}],"text":"Then not."}
            """#, #""extensions":{"tool.exposure_policy":{"deny":["write_*"]}},"#)
        let ran = try await folder.pipeline("run", "task")
        #expect(ran.exited(0), "\(ran)")
        #expect(ran.output.contains { line in line.hasSuffix("This mode denies write_file.") })
        #expect(!folder.exists(".pipeline/task-1/workspace/b"))
    }

    @Test func `a strategy of another name is the transcript's too, also after a stop`() async throws {
        try write(
            #"{"text":"Slowly now.","pace":600000}"#,
            #""extensions":{"strategy.override":{"code":"reasoning"}},"#)
        let trigger = Trigger(SIGINT, after: [Trigger.attempt("progress", of: 2)])
        let stopped = try await folder.pipeline("run", "task", "--json", reacting: trigger.reaction)
        try #require(stopped.exited(3), "\(stopped)")
        try folder.write(#"{"text":"Slowly now."}"#, to: ".pipeline/task-1/transcript.jsonl")
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(0), "\(resumed)")
        #expect(resumed.output.contains { line in line.contains("reasoning") })
    }

    // MARK: What is wrong with one

    @Test func `everything that is wrong with a mode's file is listed, one place a line`() async throws {
        try write(try #require(Self.turns["coding"]), #""mode":"bad.json","#)
        try folder.write(
            #"""
            {"id":"bad","version":"1","mode":"","completion":["end","nowhere"],"concurrency":0,"steps":[
             {"name":"say","strategy":{"name":"s","rules":[{"depth":2}]},"next":"there"},
             {"name":"end","artifact":["say"]}]}
            """#, to: "task/bad.json")

        let ran = try await folder.pipeline("run", "task")

        #expect(ran.exited(65), "\(ran)")
        let lines = ran.errors.filter { line in line.hasPrefix("  task/bad.json: /") }
        let places = lines.compactMap { line in line.split(separator: ": ").dropFirst().first }
        #expect(
            places == [
                "/mode", "/concurrency", "/steps/0/next", "/steps/0/strategy/rules/0",
                "/steps/1/artifact/0", "/completion/1", "/steps/1",
            ])
        #expect(ran.errors.first?.contains("7 problems") == true)
        #expect(ran.output == [])
        #expect(!folder.exists(".pipeline"))
    }

    @Test(arguments: [
        ("", ["--mode", "codng"], 64, ["\"codng\" is no mode", "coding, planning and engineering"]),
        ("", ["--mode", "gone.json"], 65, ["There is no gone.json", "coding, planning and engineering"]),
        ("", ["--mode", "task"], 65, ["task cannot be read as a mode", "directory"]),
        ("", ["--mode", "task/t"], 65, ["task/t: \"text\" is not known here"]),
        ("", ["--mode", "task/broken"], 65, ["task/broken cannot be read as a mode", "line 1, column 2"]),
        (
            #""mode":"codng","#, [], 65,
            ["task/task.json: /mode: \"codng\" is no mode", "coding, planning and engineering"]
        ),
        (#""mode":"gone.json","#, [], 65, ["There is no task/gone.json"]),
        (#""mode":1,"#, [], 65, ["task/task.json: /mode: expected a string"]),
        (#""extensions":[],"#, [], 65, ["task/task.json: /extensions: expected an object"]),
        (#""extensions":{"speed":1},"#, [], 65, ["task.json: /extensions: \"speed\" is no extension point"]),
        (
            #""extensions":{"plan.depth":"x"},"#, ["--mode", "planning"], 65,
            ["task.json: /extensions/plan.depth: expected"]
        ),
        (
            #""extensions":{"plan.depth":3,"artifact.sections":["a"]},"#, [], 65,
            [
                "2 problems", "task.json: /extensions/plan.depth: coding.baseline does not offer",
                "task.json: /extensions/artifact.sections: coding.baseline does not offer",
            ]
        ),
        (
            #""extensions":{"plan.depth":0},"#, ["--mode", "planning"], 65,
            ["task.json: /extensions: they make the mode unusable", "depth"]
        ),
    ])
    func `a mode or extension that cannot be used is named, and nothing is made`(
        members: String, words: [String], code: Int, says: [String]
    ) async throws {
        try write(try #require(Self.turns["coding"]), members)
        try folder.write("{", to: "task/broken")

        let ran = try await PipelineProcess(["run", "task"] + words, in: folder.path).outcome()

        #expect(ran.exited(CInt(code)), "\(ran)")
        for word in says { #expect(ran.says(word), "\(ran.message)") }
        #expect(ran.output == [])
        #expect(!folder.exists(".pipeline"))
    }
}
