import Testing

@Suite("On a terminal", .timeLimit(.minutes(2)))
struct TerminalTests {
    private static let question = AskingTask.question

    let folder: WorkFolder

    /// A task whose model asks for a command that nobody listed, and then for one that may not run twice.
    init() throws {
        folder = try WorkFolder()
        try folder.write("x", to: "ask/workspace/a")
        try folder.write(
            """
            {"task":"Deploy it.","workspace":"workspace","transcript":"t.jsonl",
             "commands":{"deploy":{"arguments":["sh","-c","echo begun; exec sleep 1000"]}}}
            """, to: "ask/task.json")
        try folder.write(
            #"""
            {"text":"May I?","calls":[{"id":"1","name":"run_command","arguments":{"command":["touch","b","\u001b[2J"]}}]}
            {"text":"Then so."}
            """#, to: "ask/t.jsonl")
    }

    @Test func `what is not listed asks, with its exact arguments, and runs when a person says yes`()
        async throws
    {
        let session = try await TerminalProcess.run(
            ["run", "ask"], in: folder.path,
            typing: [(Self.question, "what\n"), (Self.question, "y\n")])
        #expect(session.exitCode == 0, "\(session.screen)")
        let lines = session.screen.split(separator: "\r\n").map { line in line.drop { $0 == " " } }
        #expect(lines.contains("step 3: run_command") && lines.contains(#""touch","#))
        #expect(lines.contains(#""\u001b[2J""#), "\(lines)")
        #expect(session.screen.contains("approve by operator:tester"))
        #expect(!session.screen.contains("\u{1B}[2J"), "what a model says does not steer the terminal")
        #expect(folder.exists(".pipeline/ask-1/workspace/b"))
    }

    @Test func `a person's no is a failure that the model sees, and nothing runs`() async throws {
        let session = try await TerminalProcess.run(
            ["run", "ask"], in: folder.path, typing: [(Self.question, "n\n"), ("(empty for none)? ", "\n")])
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(session.screen.contains("deny by operator:tester"))
        #expect(!folder.exists(".pipeline/ask-1/workspace/b"))
    }

    @Test func `Ctrl-C and the end of input at the question interrupt the run, and it asks again`()
        async throws
    {
        for keys in ["\u{3}", "\u{4}"] {
            let first = try await TerminalProcess.run(
                ["run", "ask"], in: folder.path, typing: [(Self.question, keys)])
            #expect(first.exitCode == 3, "\(first.screen)")
            #expect(first.screen.contains("resume .pipeline/ask-"))
        }
        let second = try await TerminalProcess.run(
            ["resume", ".pipeline/ask-1/journal"], in: folder.path, typing: [(Self.question, "y\n")])
        #expect(second.exitCode == 0, "\(second.screen)")
        #expect(folder.exists(".pipeline/ask-1/workspace/b"))
    }

    @Test func `a step whose outcome nobody knows is asked about when the run is resumed`() async throws {
        try folder.write(
            """
            {"text":"Now.","calls":[{"id":"1","name":"command.run.deploy","arguments":{}}]}
            {"text":"Done."}
            """, to: "ask/t.jsonl")
        try folder.makeGate("begun")
        try folder.write(
            """
            {"task":"Deploy it.","workspace":"workspace","transcript":"t.jsonl",
             "commands":{"deploy":{"arguments":["sh","-c","echo > \(folder["begun"]); exec sleep 1000"]}}}
            """, to: "ask/task.json")
        let first = try await TerminalProcess.run(
            ["run", "ask"], in: folder.path, typing: [("command.run.deploy", ""), ("started", "\u{3}")],
            lastAfter: folder["begun"])
        #expect(first.exitCode == 3, "\(first.screen)")
        let second = try await TerminalProcess.run(
            ["resume", ".pipeline/ask-1/journal"], in: folder.path,
            typing: [("s = skip it, p = supply its result, f = fail the run? ", "s\n")])
        #expect(second.exitCode == 0, "\(second.screen)")
        #expect(
            second.screen.contains("nobody can know whether it took effect"),
            "\(first.screen)\(second.screen)")
    }

    @Test func `what was asked on a terminal can be approved and resumed without one`() async throws {
        let first = try await TerminalProcess.run(
            ["run", "ask"], in: folder.path, typing: [(Self.question, "\u{3}")])
        #expect(first.exitCode == 3, "\(first.screen)")
        #expect(first.screen.contains("approve .pipeline/ask-1/journal 3"))
        let approved = try await folder.pipeline("approve", ".pipeline/ask-1/journal", "3")
        #expect(approved.exited(0), "\(approved)")
        let resumed = try await folder.pipeline("resume", ".pipeline/ask-1/journal")
        #expect(resumed.exited(0), "\(resumed)")
        #expect(folder.exists(".pipeline/ask-1/workspace/b"))
    }

    @Test func `where two must agree, a yes at the question is one, and the run waits for the other`()
        async throws
    {
        try folder.write(#"{"text":"So be it."}"#, to: "ask/t.jsonl")
        try folder.write(
            #"""
            {"id":"two","version":"1","mode":"two","completion":["end"],"steps":[
             {"name":"say","strategy":{"name":"s"},"next":"leave"},
             {"name":"leave","gate":{"approvers":2},"next":"keep"},
             {"name":"keep","system":"commit","next":"end"},{"name":"end","artifact":[]}]}
            """#, to: "two.json")
        let session = try await TerminalProcess.run(
            ["run", "ask", "--mode", "two.json"], in: folder.path,
            typing: [("y = yes, n = no, a = always? ", "y\n")])
        #expect(session.exitCode == 3, "\(session.screen)")
        #expect(session.screen.contains("Step 2 (leave) waits for a person's approval"))
    }
}
