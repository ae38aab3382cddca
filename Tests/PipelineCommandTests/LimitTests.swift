import Testing

@Suite("The limit of steps", .timeLimit(.minutes(2)))
struct LimitTests {
    @Test func `a run at its limit is interrupted, and goes on when a person raises it`() async throws {
        let folder = try WorkFolder()
        try folder.write("x", to: "long/workspace/a")
        try folder.write(
            #"{"task":"Look.","workspace":"workspace","transcript":"t.jsonl"}"#, to: "long/task.json")
        let calls = (1...40).map { number in
            #"{"id":"\#(number)","name":"read_file","arguments":{"path":"a"}}"#
        }
        try folder.write(
            """
            {"text":"All of it.","calls":[\(calls.joined(separator: ","))]}
            {"text":"Done."}
            """, to: "long/t.jsonl")
        let journal = ".pipeline/long-1/journal"

        let first = try await folder.pipeline("run", "long")
        #expect(first.exited(3), "\(first)")
        #expect(first.output.contains { line in line.contains("maxStepsExceeded: 1 of 32 steps are used") })
        #expect(first.says("resume \(journal) --max-steps 64"))

        let second = try await folder.pipeline("resume", journal)
        #expect(second.exited(3), "\(second)")
        #expect(second.says("has used its 32 steps", "--max-steps"))
        #expect(try await folder.pipeline("resume", journal, "--max-steps", "many").exited(64))
        // Room for the calls, and none for what follows them.
        let third = try await folder.pipeline("resume", journal, "--max-steps", "41")
        #expect(third.exited(3), "\(third)")
        #expect(third.output.count { line in line.contains("read_file") } == 40)

        let last = try await folder.pipeline("resume", journal, "--max-steps", "64")
        #expect(last.exited(0), "\(last)")
        #expect(!last.output.contains { line in line.contains("read_file") }, "no finished step is repeated")
    }
}
