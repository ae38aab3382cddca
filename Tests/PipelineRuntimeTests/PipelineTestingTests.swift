import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// What tests are made of, tested.
struct PipelineTestingTests {
    // MARK: ScriptedRunner

    @Test func `finish is content when every step was used and nothing else was asked`() throws {
        let runner = ScriptedRunner([.calls(.once("a", "deploy")), .completes("deploy", "ok"), .answer])
        Bench(runner).open()
        try runner.finish()
    }

    @Test func `finish names the steps that were not used`() {
        let runner = ScriptedRunner([.answer, .completes("deploy", "ok"), .thinks()])
        Bench(runner).open()
        let error = #expect(throws: ScriptError.self) { try runner.finish() }
        #expect(error?.unused == ["deploy", "code_generation"] && error?.unexpected == [])
        #expect(error?.description == "The script's steps were not used: deploy, code_generation.")
    }

    @Test func `finish names the executions that had no step, and they have failed`() {
        let runner = ScriptedRunner([.calls(.once("a", "deploy"), .once("b", "deploy")), .answer])
        let bench = Bench(runner)
        bench.open()
        let error = #expect(throws: ScriptError.self) { try runner.finish() }
        #expect(error?.unused == [] && error?.unexpected == [.r(3, 1), .r(4, 1)])
        #expect(error?.description == "The script has no step for: r/3/1, r/4/1.")
        #expect(bench.journal.lines.contains { line in line.contains("failed r/3/1 config") })
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `steps of one name are used in order, and others may come between`() {
        let runner = ScriptedRunner([
            .completes("b", "1"), .calls(.once("1", "b"), .once("2", "a"), .once("3", "b")),
            .completes("a", "2"), .completes("b", "3"), .answer,
        ])
        let bench = Bench(runner)
        bench.open()
        let outputs = bench.journal.records.compactMap { record in
            if case .completed(let id, let result) = record.signal.kind, id.ordinal > 2 {
                result.output
            } else {
                nil
            }
        }
        #expect(outputs.prefix(3) == ["1", "2", "3"])
        #expect(throws: Never.self) { try runner.finish() }
    }

    @Test
    func `an execution that waits ends with its release, also one that comes first, or with its cancel`() {
        let runner = ScriptedRunner([.thinks(), .waits("deploy")])
        runner.release(.r(2, 1), .completed(Run.Result(output: "", calls: [.once("a", "deploy")])))
        let bench = Bench(runner)
        bench.open()
        #expect(bench.journal.lines.last == "4 execution.started r/3/1 applied")
        bench.request(.cancel("r", reason: ""), id: "stop")
        #expect(bench.journal.lines.last == "6 execution.canceled r/3/1 begun applied")
    }

    // MARK: SignalRecording

    @Test func `a recording that is saved and loaded replays to the same effects`() throws {
        let bench = Bench(
            ScriptedRunner([
                .calls(.once("a", "deploy")), .fails("deploy", Run.Failure(.crashed, "é \n \u{2028} 👩‍🚀")),
                .answer,
            ]))
        bench.open()
        bench.request(.cancel("none", reason: "line\nbreak"), id: "c")
        let recording = SignalRecording(of: bench.journal.records)
        let folder = try ScratchFolder()
        try recording.save(to: folder["signals.jsonl"])
        let loaded = try SignalRecording.load(from: folder["signals.jsonl"])
        #expect(loaded == recording && recording.signals.count == bench.journal.records.count)
        let start = Conversation(id: "chat")
        #expect(loaded.replay(from: start) == recording.replay(from: start))
        #expect(loaded.replay(from: start).conversation == bench.state())
        #expect(
            loaded.replay(from: start).effects.map(\.disposition) == bench.journal.records.map(\.disposition))
        #expect(loaded.replay(from: start).effects.map(\.signal) == recording.signals)
        let starts = loaded.replay(from: start).effects.flatMap(\.directives).count { directive in
            if case .startExecution = directive { true } else { false }
        }
        #expect(starts == 3)
        #expect(throws: RecordingError.self) { try recording.save(to: folder["signals.jsonl"]) }
    }

    @Test func `a damaged line is named, blank ones count`() throws {
        let good = SignalRecording([.message("r"), .interrupt("r", id: "stop")]).text
        #expect(try SignalRecording(parsing: "\n\(good)  \n").signals.count == 2)
        #expect(try SignalRecording(parsing: "").signals.isEmpty)
        for (bad, line) in [("\n\n\(good){\"id\":1}\n", 5), ("\(good)x", 3), ("{}\n\(good)", 1)] {
            let error = #expect(throws: RecordingError.self) { try SignalRecording(parsing: bad) }
            #expect(error?.line == line && error?.description.contains("Line \(line) ") == true)
        }
    }

    @Test func `lines may end as other systems end them`() throws {
        let text = SignalRecording([.message("r"), .interrupt("r", id: "stop")]).text
        let other = text.split(separator: "\n").map { line in "\(line)\r\n" }.joined()
        #expect((try? SignalRecording(parsing: other))?.text == text)
    }

    @Test func `bytes that are no text are damage, and no other text`() throws {
        let folder = try ScratchFolder()
        var bytes = Array(SignalRecording([.message("r"), .interrupt("none", id: "stop")]).text.utf8)
        let index = try #require(bytes.lastIndex(of: UInt8(ascii: "s")))
        bytes[index] |= 0x80
        try folder.write(bytes, to: "signals.jsonl")
        #expect(throws: RecordingError.self) { try SignalRecording.load(from: folder["signals.jsonl"]) }
    }

    @Test func `a file that is not there is an error of the whole`() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: RecordingError.self) {
            try SignalRecording.load(from: folder["nothing.jsonl"])
        }
        #expect(error?.line == nil && error?.reason.contains("nothing.jsonl") == true)
    }
}
