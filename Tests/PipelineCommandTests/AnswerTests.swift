import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a run asks where nobody can be asked is answered later, by another process.
@Suite("Approving and denying", .serialized, .timeLimit(.minutes(2)))
struct AnswerTests {
    private static let journal = ".pipeline/ask-1/journal"
    private static let records = "\(journal)/journal.jsonl"

    let folder: WorkFolder

    /// A task whose mode asks before a file is written, and before the run is complete.
    init() throws {
        folder = try WorkFolder()
        try folder.write("x", to: "ask/workspace/a")
        try folder.write(
            #"{"task":"Write it.","workspace":"workspace","transcript":"t","mode":"careful.json"}"#,
            to: "ask/task.json")
        try write(approvers: 1)
        try write(second: #"{"text":"Written."}"#)
    }

    private func write(approvers: Int) throws {
        try folder.write(
            #"""
            {"id":"careful","version":"1","mode":"careful","completion":["end"],"steps":[
             {"name":"work","strategy":{"name":"worker","tools":{"approve":["write_*"]}},"next":"leave"},
             {"name":"leave","gate":{"message":"Is it good?","approvers":\#(approvers)},"next":"keep"},
             {"name":"keep","system":"commit","next":"end"},
             {"name":"end","artifact":[]}]}
            """#, to: "ask/careful.json")
    }

    private func write(second: String) throws {
        try folder.write(
            """
            {"calls":[{"id":"1","name":"write_file","arguments":{"path":"b","text":"one"}}]}
            \(second)
            """, to: "ask/t")
    }

    /// Runs the task up to its first question, and makes sure that nothing has been written.
    private func park() async throws {
        let ran = try await folder.pipeline("run", "ask")
        try #require(ran.exited(3), "\(ran)")
        #expect(ran.says("Step 2 (write_file) waits for a person's approval"))
        #expect(ran.says("approve \(Self.journal) 2", "deny \(Self.journal) 2", "resume \(Self.journal)"))
        #expect(!folder.exists(".pipeline/ask-1/workspace/b"))
    }

    private func expectOneLine(_ answered: Outcome, _ words: String...) {
        #expect(answered.exited(0), "\(answered)")
        #expect(answered.errors == [])
        #expect(answered.output.count == 1)
        for word in words { #expect(answered.output.first?.contains(word) == true, "\(answered)") }
    }

    @Test func `what is approved is done at the resume, and the next question is asked`() async throws {
        try await park()

        let approved = try await folder.pipeline("approve", Self.journal, "2")
        expectOneLine(approved, "approved step 2 (write_file) by tester", "resume \(Self.journal)")
        #expect(!folder.exists(".pipeline/ask-1/workspace/b"), "an answer starts nothing")
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(3), "\(resumed)")
        #expect(resumed.says("Step 4 (leave) waits for a person's approval"))
        #expect(try folder.text(of: ".pipeline/ask-1/workspace/b") == "one")
        expectOneLine(try await folder.pipeline("approve", Self.journal, "4"), "step 4 (leave)")
        let last = try await folder.pipeline("resume", Self.journal)
        #expect(last.exited(0), "\(last)")

        let timeline = try await Timeline(of: Self.journal, in: folder)
        let answers = timeline.events.filter { event in event["type"] == "conversation.gate.approved" }
        #expect(answers.map { event in event["operator"] } == ["operator:tester", "operator:tester"])
        #expect(timeline.attempts(of: 2, "requested") == [1])
        #expect(timeline.isContiguous())
        #expect(timeline.outcome == "completed")
    }

    @Test func `the ticket that show prints names the gate, and arguments can be edited`() async throws {
        try await park()
        let shown = try await folder.pipeline("show", Self.journal)
        let waits = try #require(shown.output.firstIndex { line in line.hasPrefix("waits") })
        #expect(shown.output[waits] == "waits    step 2 (write_file): approval, ticket ask-1/2/gate/1")
        #expect(shown.output[waits + 1] == #"         {"path":"b","text":"one"}"#)
        #expect(shown.output[waits + 2].hasSuffix("approve \(Self.journal) 2"))
        #expect(shown.output[waits + 3].hasSuffix("deny \(Self.journal) 2"))

        let approved = try await folder.pipeline(
            "approve", Self.journal, "ask-1/2/gate/1", "--arguments", #"{"path":"c","text":"two"}"#)
        expectOneLine(approved, "approved step 2 (write_file)")
        let after = try await folder.pipeline("show", Self.journal)
        #expect(!after.output.contains { line in line.hasPrefix("waits") })
        #expect(try await folder.pipeline("resume", Self.journal).exited(3))

        #expect(!folder.exists(".pipeline/ask-1/workspace/b"))
        #expect(try folder.text(of: ".pipeline/ask-1/workspace/c") == "two")
    }

    @Test func `what is denied is not done, and the model is told why`() async throws {
        try write(
            second: #"""
                {"expects":[{"name":"write_file","output":{"error":{"category":"gateDenied","message":"operator:tester denied it: not there"}}}],"text":"Then not."}
                """#)
        try await park()

        let denied = try await folder.pipeline("deny", Self.journal, "2", "--message", "not there")
        expectOneLine(denied, "denied   step 2 (write_file) by tester")
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(3), "\(resumed)")
        #expect(!folder.exists(".pipeline/ask-1/workspace/b"))

        expectOneLine(try await folder.pipeline("deny", Self.journal, "4"), "denied   step 4 (leave)")
        let last = try await folder.pipeline("resume", Self.journal)
        #expect(last.exited(1), "\(last)")
        #expect(last.says("gateDenied", "operator:tester denied it"))
    }

    @Test func `a run that is resumed without an answer asks again, and records no more than that`()
        async throws
    {
        try await park()
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(3), "\(resumed)")
        #expect(resumed.says("approve \(Self.journal) 2"))
        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.types.last == "conversation.run.interrupted")
        #expect(timeline.events.last?["interruption"]?["reason"] == "approvalRequired")
    }

    @Test func `where two must agree, one person counts once`() async throws {
        try write(approvers: 2)
        try await park()
        #expect(try await folder.pipeline("approve", Self.journal, "2").exited(0))
        #expect(try await folder.pipeline("resume", Self.journal).exited(3))

        expectOneLine(
            try await folder.pipeline("approve", Self.journal, "4"), "approved step 4", "1 more must")
        expectOneLine(
            try await folder.pipeline("approve", Self.journal, "4"), "unchanged step 4", "1 more must")
        let shown = try await folder.pipeline("show", Self.journal)
        #expect(
            shown.output.contains { line in line.contains("(leave): approval, 1 more must approve, ticket") })
        #expect(try await folder.pipeline("resume", Self.journal).exited(3))
        let words = ["approve", Self.journal, "4"]
        let second = try await PipelineProcess(words, in: folder.path, for: "other").outcome()
        expectOneLine(second, "approved step 4 (leave) by other", "resume \(Self.journal)")
        #expect(try await folder.pipeline("resume", Self.journal).exited(0))
    }

    @Test(arguments: [
        (
            ["approve", journal, "9"],
            ["Step 9 waits for no approval", "ask-1/2/gate/1  step 2 (write_file)"]
        ),
        (["deny", journal, "0"], ["Step 0 waits for no approval", "ask-1/2/gate/1"]),
        (["approve", journal, "ask-1/2/gate/2"], ["The ticket \"ask-1/2/gate/2\" waits for no approval"]),
        (["approve", journal, "ask-1/i1"], ["\"ask-1/i1\" waits for no approval"]),
        (["deny", journal, "other/2/gate/1"], ["\"other/2/gate/1\" waits for no approval"]),
        (["deny", journal, "nonsense"], ["\"nonsense\" waits for no approval"]),
    ])
    func `a wrong ticket is named with the right ones, and nothing is recorded`(
        words: [String], says: [String]
    ) async throws {
        try await park()
        let before = try folder.bytes(of: Self.records)
        let answered = try await PipelineProcess(words, in: folder.path).outcome()
        #expect(answered.exited(64), "\(answered)")
        for word in says { #expect(answered.says(word), "\(answered.message)") }
        #expect(try folder.bytes(of: Self.records) == before)
    }

    @Test func `a gate is answered once, and a step that calls nothing has no arguments`() async throws {
        try await park()
        #expect(try await folder.pipeline("approve", Self.journal, "2").exited(0))
        for word in ["approve", "deny"] {
            let again = try await folder.pipeline(word, Self.journal, "ask-1/2/gate/1")
            #expect(again.exited(64), "\(again)")
            #expect(again.says("waits for no approval; no step does"))
        }
        #expect(try await folder.pipeline("resume", Self.journal).exited(3))
        let edited = try await folder.pipeline("approve", Self.journal, "4", "--arguments", "{}")
        #expect(edited.exited(64), "\(edited)")
        #expect(edited.says("Step 4 (leave) calls nothing"))
    }

    @Test func `a run that has ended waits for nothing`() async throws {
        try await park()
        #expect(try await folder.pipeline("cancel", Self.journal).exited(2))
        let answered = try await folder.pipeline("approve", Self.journal, "2")
        #expect(answered.exited(64), "\(answered)")
        #expect(answered.says("ask-1 is canceled already"))
    }

    @Test func `a run that was cut off is resumed first, and asks again`() async throws {
        try await park()
        let text = try folder.text(of: Self.records)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let stop = try #require(lines.firstIndex { line in line.contains("approvalRequired") })
        try folder.write(lines[..<stop].joined(separator: "\n") + "\n", to: Self.records)
        let before = try folder.bytes(of: Self.records)

        let answered = try await folder.pipeline("approve", Self.journal, "2")

        #expect(answered.exited(3), "\(answered)")
        #expect(answered.says("was cut off", "resume \(Self.journal)"))
        #expect(try folder.bytes(of: Self.records) == before)
        #expect(try await folder.pipeline("resume", Self.journal).exited(3))
        #expect(try await folder.pipeline("approve", Self.journal, "2").exited(0))
    }

    @Test func `a run that is under way and asks nothing is not answered, and show says what it waits for`()
        async throws
    {
        let task = try folder.copyPausingExample()
        let journal = ".pipeline/task-1/journal"
        let running = try folder.start("run", task, "--json")
        let progress = await running.line { line in line.text.contains("\"lifecycle_status\":\"progress\"") }
        try #require(progress != nil)
        for word in ["approve", "deny"] {
            let answered = try await folder.pipeline(word, journal, "2")
            #expect(answered.exited(64), "\(answered)")
            #expect(answered.says("Step 2 waits for no approval; no step does"))
        }
        let shown = try await folder.pipeline("show", journal)
        let waits = shown.output.last ?? ""
        #expect(waits.hasPrefix("waits    step 2 (code_generation): the end of attempt 1, "), "\(shown)")
        running.send(SIGKILL)
        _ = await running.outcome()
        let cut = try await folder.pipeline("show", journal)
        #expect(cut.output.contains("cut off  step 2 (code_generation): attempt 1 was under way"))
    }

    @Test func `a step whose outcome nobody knows is neither approved nor denied`() async throws {
        try folder.write(
            #"""
            {"task":"Deploy it.","workspace":"workspace","transcript":"t",
             "commands":{"deploy":{"arguments":["sh","-c","echo begun; exec sleep 1000"]}}}
            """#, to: "ask/task.json")
        try folder.write(
            """
            {"calls":[{"id":"1","name":"command.run.deploy","arguments":{}}]}
            {"text":"Done."}
            """, to: "ask/t")
        let trigger = Trigger(SIGINT, after: [Trigger.attempt("progress", of: 3)])
        let ran = try await folder.pipeline("run", "ask", "--json", reacting: trigger.reaction)
        try #require(ran.exited(3), "\(ran)")
        let before = try folder.bytes(of: Self.records)
        for word in ["approve", "deny"] {
            let answered = try await folder.pipeline(word, Self.journal, "3")
            #expect(answered.exited(64), "\(answered)")
            #expect(answered.says("resume \(Self.journal) --rerun 3", "resume \(Self.journal) --skip 3"))
        }
        #expect(try folder.bytes(of: Self.records) == before)
    }
}
