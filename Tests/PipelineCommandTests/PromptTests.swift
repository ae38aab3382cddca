import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a person can say at the terminal besides yes and no.
@Suite("At the question", .serialized, .timeLimit(.minutes(2)))
struct PromptTests {
    private static let question = "y = yes, n = no, e = edit, a = always? "
    private static let edit = "as one line of JSON (empty to leave them)? "

    let folder: WorkFolder

    init() throws {
        folder = try WorkFolder()
        try folder.write("x", to: "ask/workspace/a")
        try folder.write(
            #"{"task":"Do it.","workspace":"workspace","transcript":"t.jsonl"}"#, to: "ask/task.json")
        try write(calls: [["touch", "b"], ["touch", "c"], ["mkdir", "d"], ["touch", "e"]])
    }

    /// A transcript that asks for these commands, one after the other.
    private func write(calls: [[String]]) throws {
        var lines = calls.enumerated().map { index, words -> String in
            let call: JSON = [
                "id": .string("\(index)"), "name": "run_command",
                "arguments": ["command": .array(words.map { word in .string(word) })],
            ]
            return JSON.object(["calls": [call]]).description
        }
        lines.append(#"{"text":"So be it."}"#)
        try folder.write(lines.joined(separator: "\n"), to: "ask/t.jsonl")
    }

    private func run(_ typing: [(String, String)]) async throws -> TerminalProcess.Session {
        try await TerminalProcess.run(
            ["run", "ask"], in: folder.path, typing: typing.map { step in (after: step.0, keys: step.1) })
    }

    private func made(_ name: String) -> Bool { folder.exists(".pipeline/ask-1/workspace/\(name)") }

    @Test func `always allows the same program in this run, and another one is asked about`() async throws {
        let session = try await run([(Self.question, "a\n"), (Self.question, "n\n"), ("none)? ", "\n")])
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(made("b") && made("c") && !made("d") && made("e"))
        let timeline = try await Timeline(of: ".pipeline/ask-1/journal", in: folder)
        let answers = timeline.events.filter { event in event["operator"] != nil }
        #expect(answers.map { event in event["operator"] } == Array(repeating: "operator:tester", count: 4))
        #expect(
            answers.map { event in event["answer"]?["answer"] } == ["approve", "approve", "deny", "approve"])
    }

    @Test func `arguments are edited, and what is no object is asked again with its place`() async throws {
        try write(calls: [["touch", "b"]])
        let session = try await run([
            (Self.question, "e\n"), (Self.edit, "{\"command\":\n"), ("column 12", ""), (Self.edit, "[1]\n"),
            ("arguments are a JSON object", ""), (Self.edit, "\n"), (Self.question, "edit\n"),
            (Self.edit, #"{"command":["touch","other"]}"# + "\n"),
        ])
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(made("other") && !made("b"))
    }

    @Test func `what turns the direction of writing is shown and does not turn it`() async throws {
        try write(calls: [["touch", "\u{202E}txt.b\u{200F}\u{1B}[2J"]])
        let session = try await run([(Self.question, "n\n"), ("none)? ", "\n")])
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(session.screen.contains(#""\u{202e}txt.b\u{200f}\u001b[2J""#), "\(session.screen)")
        #expect(!session.screen.unicodeScalars.contains("\u{202E}"))
    }

    @Test(arguments: [
        ([("f = fail the run? ", "f\n")], 1 as CInt, "failed: "),
        (
            [
                ("f = fail the run? ", "p\n"), ("(empty to choose again)? ", "\n"),
                ("f = fail the run? ", "p\n"),
                ("(empty to choose again)? ", "{\"exitCode\":0}\n"),
            ], 0, "completed: "
        ),
        ([("f = fail the run? ", "r\n"), ("exit code 0", "")], 0, "completed: "),
    ])
    func `of a step that was cut off a person says what came of it`(
        typing: [(String, String)], code: CInt, says: String
    ) async throws {
        try folder.write(
            """
            {"calls":[{"id":"1","name":"command.run.deploy","arguments":{}}]}
            {"text":"Done."}
            """, to: "ask/t.jsonl")
        // The second time it ends at once.
        try folder.write(
            #"""
            {"task":"Deploy it.","workspace":"workspace","transcript":"t.jsonl",
             "commands":{"deploy":{"arguments":["sh","-c","test -e ../begun && exit 0; touch ../begun; echo begun; exec sleep 1000"]}}}
            """#, to: "ask/task.json")
        let trigger = Trigger(SIGINT, after: [Trigger.attempt("progress", of: 3)])
        let stopped = try await folder.pipeline("run", "ask", "--json", reacting: trigger.reaction)
        try #require(stopped.exited(3), "\(stopped)")
        let session = try await TerminalProcess.run(
            ["resume", ".pipeline/ask-1/journal"], in: folder.path,
            typing: typing.map { step in (after: step.0, keys: step.1) })
        #expect(session.exitCode == code, "\(session.screen)")
        #expect(session.screen.contains(says), "\(session.screen)")
    }
}
