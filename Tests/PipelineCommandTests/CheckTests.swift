import Testing

@Suite("Checking a mode", .timeLimit(.minutes(2)))
struct CheckTests {
    let folder: WorkFolder

    init() throws {
        folder = try WorkFolder()
        try folder.write(
            """
            {"id":"small","version":"1","mode":"small","completion":["end"],"steps":[
             {"name":"say","strategy":{"name":"s"},"next":"end"},{"name":"end","artifact":[]}]}
            """, to: "small.json")
    }

    @Test func `a host's own template is walked to the end, rule by rule`() async throws {
        let outcome = try await folder.pipeline("check", "small.json")
        #expect(outcome.exited(0), "\(outcome)")
        #expect(outcome.output.contains { line in line.hasPrefix("small: ") && line.contains(" states, ") })
        #expect(
            outcome.output.contains { line in
                line.hasSuffix("a ticket counts once, and only while it is current")
            })
        #expect(!outcome.output.contains { line in line.contains("VIOLATED") || line.contains("CUT SHORT") })
    }

    @Test func `random signals give a table, the same for the same seed`() async throws {
        let first = try await folder.pipeline("check", "small.json", "--random", "3000", "--seed", "9")
        let second = try await folder.pipeline("check", "small.json", "--random", "3000", "--seed", "9")
        #expect(first.exited(0), "\(first)")
        #expect(first.output.contains { line in line.hasPrefix("3000 signals, ") })
        #expect(first.output.dropLast() == second.output.dropLast())
    }

    @Test func `what is wrong is said at once, each thing with its place`() async throws {
        try folder.write(
            """
            {"id":"","version":"1","mode":"m","completion":["nowhere"],"steps":[
             {"name":"say","strategy":{"name":"s"},"next":"gone"},{"name":"lost","wait":-1}]}
            """, to: "broken.json")
        let outcome = try await folder.pipeline("check", "broken.json")
        #expect(outcome.exited(65), "\(outcome)")
        for pointer in ["/id", "/steps/0/next", "/steps/1/wait", "/steps/1", "/completion/0"] {
            #expect(
                outcome.errors.contains { line in line.contains("broken.json: \(pointer): ") }, "\(pointer)")
        }
        #expect(try await folder.pipeline("check").exited(64))
        #expect(try await folder.pipeline("check", "nonsense").exited(64))
        #expect(try await folder.pipeline("check", "small.json", "--random", "few").exited(64))
        #expect(try await folder.pipeline("check", "small.json", "--random", "5", "--seed", "-1").exited(64))
    }
}
