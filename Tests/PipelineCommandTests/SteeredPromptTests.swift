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

/// A run asks at its terminal, and the answer comes from another one.
@Suite("Answering from a second terminal", .serialized, .timeLimit(.minutes(2)))
struct SteeredPromptTests {
    private let task: AskingTask

    init() throws { task = try AskingTask(for: [["touch", "b"], ["touch", "c"]]) }

    /// Runs the task on a terminal, and does something when the first of these texts has appeared; the last of several keys are
    /// pressed once that is done, so that the run is there for all of it.
    private func run(
        _ words: [String] = ["run", "ask"], typing: [(String, String)], atFirst deed: () async throws -> Void
    ) async throws -> TerminalProcess.Session {
        let (stream, listener) = AsyncStream<Int>.makeStream()
        let task = task
        let gate = typing.count > 1 ? "done" : nil
        if let gate { try task.folder.makeGate(gate) }
        var opened: FileDescriptor?
        let session = Task {
            try await task.run(words, typing: typing, lastAfter: gate, telling: listener)
        }
        for await place in stream where place == 0 {
            do { try await deed() } catch { Issue.record(error) }
            if let gate { opened = try task.folder.openGate(gate) }
        }
        let outcome = try await session.value
        extendLifetime(opened)
        return outcome
    }

    /// The name that the system knows this user by.
    private var user: String {
        guard let entry = getpwuid(geteuid()) else { return "uid-\(geteuid())" }
        return String(cString: entry.pointee.pw_name)
    }

    @Test func `what is approved elsewhere goes on, says by whom, and asks the next question`() async throws {
        let session = try await run(typing: [
            (AskingTask.question, ""),
            (AskingTask.question, "y\n"),
        ]) {
            let approved = try await task.folder.pipeline("approve", AskingTask.journal, "3")
            #expect(approved.exited(0) && approved.errors == [], "\(approved)")
            #expect(
                approved.output == [
                    "approved step 3 (run_command) by \(user); the run goes on"
                ])
            let again = try await task.folder.pipeline("approve", AskingTask.journal, "3")
            #expect(
                again.exited(64) && again.says("waits for"), "\(again.testDescription)")
        }
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(session.screen.contains("approve by operator:\(user)"))
        #expect(session.screen.contains("approve by operator:tester"))
        #expect(task.made("b") && task.made("c"))
    }

    @Test func `what is denied elsewhere is not done, and what was half typed answers nothing else`()
        async throws
    {
        let session = try await run(typing: [
            // Half a line, which the next question must not be answered with.
            (AskingTask.question, "y"),
            (AskingTask.question, "\n"), (AskingTask.question, "n\n"), ("(empty for none)? ", "nor that\n"),
        ]) {
            let denied = try await task.folder.pipeline(
                "deny", AskingTask.journal, "ask-1/3/gate/1", "--message", "not that")
            #expect(denied.exited(0), "\(denied)")
        }
        #expect(session.exitCode == 0, "\(session.screen)")
        let answers = try await Timeline(of: AskingTask.journal, in: task.folder).events.filter { event in
            event["type"] == "conversation.gate.denied"
        }
        #expect(answers.map { event in event["answer"]?["message"] } == ["not that", "nor that"])
        #expect(answers.first?["operator"] == .string("operator:\(user)"))
        #expect(!task.made("b") && !task.made("c"))
    }

    @Test func `arguments are edited elsewhere, and a wrong ticket is named with the right one`() async throws
    {
        let session = try await run(typing: [
            (AskingTask.question, ""),
            (AskingTask.question, "y\n"),
        ]) {
            let wrong = try await task.folder.pipeline("approve", AskingTask.journal, "9")
            #expect(wrong.exited(64), "\(wrong)")
            #expect(
                wrong.says("Step 9 waits for no approval", "ask-1/3/gate/1  step 3 (run_command)"))
            let approved = try await task.folder.pipeline(
                "approve", AskingTask.journal, "3", "--arguments", #"{"command":["touch","d"]}"#)
            #expect(approved.exited(0), "\(approved)")
        }
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(task.made("d") && !task.made("b"))
    }

    @Test(arguments: [("interrupt", 3, "resume .pipeline/ask-1/journal"), ("cancel", 2, "canceled: ")])
    func `a run that is stopped elsewhere ends its question`(word: String, code: CInt, says: String)
        async throws
    {
        let session = try await run(typing: [(AskingTask.question, "")]) {
            let stopped = try await task.folder.pipeline(word, AskingTask.journal)
            #expect(stopped.exited(code), "\(stopped)")
        }
        #expect(session.exitCode == code, "\(session.screen)")
        #expect(session.screen.contains(says))
        #expect(!task.made("b"))
    }

    @Test func `show --follow sees the question and its answer, and ends with the run`() async throws {
        var following: PipelineProcess?
        let session = try await run(typing: [
            (AskingTask.question, ""),
            (AskingTask.question, "y\n"),
        ]) {
            let follower = try task.folder.start("show", AskingTask.journal, "--follow", "--json")
            following = follower
            #expect(
                await follower.line { line in line.text.contains("conversation.gate.opened") } != nil)
            #expect(try await task.folder.pipeline("approve", AskingTask.journal, "3").exited(0))
        }
        #expect(session.exitCode == 0, "\(session.screen)")
        let followed = try #require(await following?.outcome())
        #expect(followed.exited(0), "\(followed)")
        let timeline = try Timeline(followed.output)
        #expect(timeline.isContiguous() && timeline.outcome == "completed")
        #expect(timeline.count("conversation.gate.approved") == 2)
    }

    @Test func `a question about a step that was cut off is answered elsewhere, and the run goes on`()
        async throws
    {
        let stopped = try await task.stopInTheMiddle(of: "echo begun; exec sleep 1000")
        try #require(stopped.exited(3), "\(stopped)")
        let session = try await run(["resume", AskingTask.journal], typing: [("f = fail the run? ", "")]) {
            let decided = try await task.folder.pipeline("resume", AskingTask.journal, "--skip", "3")
            #expect(decided.exited(0), "\(decided)")
        }
        #expect(session.exitCode == 0, "\(session.screen)")
        #expect(session.screen.contains("skip by operator:\(user)"))
    }
}
