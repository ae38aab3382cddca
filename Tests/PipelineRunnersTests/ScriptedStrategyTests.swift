import PipelineCore
import PipelineRunners
import PipelineRuntime
import PipelineTesting
import Testing

struct ScriptedStrategyTests {
    @Test func `text comes word by word, white space kept, and adds up to the answer`() async throws {
        let (events, status) = try await run(#"{"text":"One  two,\nthree. "}"#)
        #expect(status == .completed)
        let deltas = events.compactMap { event in
            if case .execution(_, let change) = event.kind, change.lifecycle == .progress {
                change.text
            } else {
                nil
            }
        }
        #expect(deltas == ["One ", " ", "two,\n", "three. "])
    }

    @Test(arguments: [
        (#"{"text":"a","calls":[{"id":"1","name":"tool","arguments":{}}]}"#, "it has 1 turns"),
        (
            """
            {"text":"a","calls":[{"id":"1","name":"tool","arguments":{}}]}
            {"text":"b","expects":[{"name":"tool","output":{"value":2}}]}
            """, #"line 2 expects another result of tool at "/value": 2 and not 1"#
        ),
        (
            """
            {"text":"a","calls":[{"id":"1","name":"tool","arguments":{}}]}
            {"text":"b","expects":[{"name":"other"}]}
            """, "line 2 expects a result of other, and the run shows tool"
        ),
        (
            """
            {"text":"a","calls":[{"id":"1","name":"tool","arguments":{}}]}
            {"text":"b","expects":[{"name":"tool"},{"name":"tool"}]}
            """, "line 2 expects 2 results, and the run shows 1"
        ),
    ])
    func `a run that departs from the transcript fails and says where`(text: String, reason: String)
        async throws
    {
        let (events, status) = try await run(text)
        #expect(status == .failed)
        guard case .run(_, .failed(let failure))? = events.last?.kind else { return #expect(Bool(false)) }
        #expect(failure.category == .validation)
        #expect(failure.message.contains(reason), "\(failure.message)")
        #expect(failure.message.contains("t.jsonl"))
    }

    @Test(arguments: [
        ("{\"text\":\"a\"}\n{\"text\":", 2), ("[]", 1), ("{}", 1), ("\n\n{\"txet\":\"a\"}", 3),
        ("{\"text\":\"a\",\"calls\":[{\"name\":\"x\"}]}", 1),
    ])
    func `a malformed transcript is an error with file and line`(text: String, line: Int) {
        let error = #expect(throws: TranscriptError.self) {
            try Transcript(parsing: Array(text.utf8), path: "t.jsonl")
        }
        #expect(error?.line == line)
        #expect(error?.description.hasPrefix("t.jsonl, line \(line): ") == true)
    }

    @Test func `an empty transcript is an error`() {
        #expect(throws: TranscriptError.self) { try Transcript(parsing: [], path: "t.jsonl") }
        #expect(throws: TranscriptError.self) { try Transcript.load(from: "/no/such/file") }
    }

    private func run(_ text: String) async throws -> ([Run.Event], Run.Status?) {
        var gateway = Gateway(policy: Policy { _ in Run.Decision(.allow, rule: "all") })
        gateway.register(ScriptedStrategy(try Transcript(parsing: Array(text.utf8), path: "t.jsonl")))
        gateway.register(Tool("tool", "Gives one.") { _ in ["value": 1] })
        let engine = Engine(gateway, journal: MemoryJournal(), clock: ManualClock())
        try await engine.request(.userMessage(Run.Request("Go.")), id: "r", in: "c")
        var events: [Run.Event] = []
        for await entry in engine.events(of: "c") {
            events.append(entry.event)
            if entry.event.outcome != nil { break }
        }
        await engine.shutdown(within: .seconds(5))
        return (events, events.last?.outcome)
    }
}
