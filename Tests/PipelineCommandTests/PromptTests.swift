import PipelineCore
import Testing

/// What a person can say at the terminal besides yes and no.
@Suite("At the question", .serialized, .timeLimit(.minutes(2)))
struct PromptTests {
    private static let edit = "as one line of JSON (empty to leave them)? "

    private let task: AskingTask

    init() throws {
        task = try AskingTask(for: [["touch", "b"], ["touch", "c"], ["mkdir", "d"], ["touch", "e"]])
    }

    @Test func `always allows the same program in this run, and another one is asked about`() async throws {
        let session = try await task.run(typing: [
            (AskingTask.question, "a\n"), (AskingTask.question, "n\n"), ("none)? ", "\n"),
        ])
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(task.made("b") && task.made("c") && !task.made("d") && task.made("e"))
        let timeline = try await Timeline(of: AskingTask.journal, in: task.folder)
        let answers = timeline.events.filter { event in event["operator"] != nil }
        #expect(answers.map { event in event["operator"] } == Array(repeating: "operator:tester", count: 4))
        #expect(
            answers.map { event in event["answer"]?["answer"] } == ["approve", "approve", "deny", "approve"])
    }

    @Test func `arguments are edited, and what is no object is asked again with its place`() async throws {
        try task.ask(for: [["touch", "b"]])
        let session = try await task.run(typing: [
            (AskingTask.question, "e\n"), (Self.edit, "{\"command\":\n"), ("column 12", ""),
            (Self.edit, "[1]\n"),
            ("arguments are a JSON object", ""), (Self.edit, "\n"), (AskingTask.question, "edit\n"),
            (Self.edit, #"{"command":["touch","other"]}"# + "\n"),
        ])
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(task.made("other") && !task.made("b"))
    }

    @Test func `what turns the direction of writing is shown and does not turn it`() async throws {
        try task.ask(for: [["touch", "\u{202E}txt.b\u{200F}\u{1B}[2J"]])
        let session = try await task.run(typing: [(AskingTask.question, "n\n"), ("none)? ", "\n")])
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
        // The second time it ends at once.
        let stopped = try await task.stopInTheMiddle(
            of: "test -e ../begun && exit 0; touch ../begun; echo begun; exec sleep 1000")
        try #require(stopped.exited(3), "\(stopped)")
        let session = try await task.run(["resume", AskingTask.journal], typing: typing)
        #expect(session.exitCode == code, "\(session.screen)")
        #expect(session.screen.contains(says), "\(session.screen)")
    }
}
