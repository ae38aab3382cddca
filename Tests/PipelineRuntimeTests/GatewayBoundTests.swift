import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Nothing that a sub-runner gives back makes a record grow without end.
struct GatewayBoundTests {
    private func bench(_ crane: Crane, _ gateway: Gateway) -> Bench {
        var gateway = gateway
        gateway.register(Plan(calls: [.once("1", crane.declaration.name)]))
        gateway.register(crane)
        let bench = Bench(gateway)
        bench.open()
        return bench
    }

    private func result(_ bench: Bench, of execution: Run.Execution.ID = .r(3, 1)) -> Run.Result? {
        bench.journal.records.compactMap { record in
            if case .completed(execution, let result) = record.signal.kind { result } else { nil }
        }.first
    }

    private func artifact(_ name: String, _ content: [UInt8]) -> Run.Artifact {
        Run.Artifact(name: name, mediaType: "x", content: content)
    }

    @Test func `G8 artifacts stay in a record as long as there is room for all of them together`() throws {
        let crane = Crane("make") { _, _ in
            let sizes = [5, 4, 3, 1]
            return Run.Result(
                output: "made",
                artifacts: sizes.map { size in artifact("\(size)", [UInt8](repeating: 1, count: size)) })
        }
        let bench = bench(crane, .open(limits: try Gateway.Limits(inlineArtifact: 9)))
        let artifacts = try #require(result(bench)?.artifacts)
        #expect(artifacts.map { artifact in artifact.content?.count } == [5, 4, nil, nil])
        #expect(artifacts.allSatisfy { artifact in artifact.problem == nil })
    }

    @Test func `G8 of too many artifacts the first are kept, and the last one says how many there were`()
        throws
    {
        let crane = Crane("make") { _, _ in
            Run.Result(output: "made", artifacts: (1...9).map { number in artifact("\(number)", [1]) })
        }
        let bench = bench(crane, .open(limits: try Gateway.Limits(artifacts: 3)))
        let artifacts = try #require(result(bench)?.artifacts)
        #expect(artifacts.map(\.name) == ["1", "2", "3"])
        #expect(artifacts.map { artifact in artifact.problem == nil } == [true, true, false])
        #expect(artifacts.last?.problem?.contains("7") == true)
        #expect(bench.limits.last == "r/3/1 artifact")
        #expect(bench.state()?.finished.last?.status == .completed, "the work counts")
    }

    @Test func `G8 the name and the kind of an artifact are cut off`() throws {
        let long = String(repeating: "é", count: 1_000)
        let crane = Crane("make") { _, _ in
            let made = Run.Artifact(name: long, mediaType: long, content: [1])
            let known = Run.Artifact(name: long, mediaType: long, bytes: 1, digest: made.digest)
            return Run.Result(output: "made", artifacts: [made, known, known.lost(long)])
        }
        let bench = bench(crane, .open())
        let artifacts = try #require(result(bench)?.artifacts)
        for artifact in artifacts {
            #expect(artifact.name.utf8.count <= 1_024 && artifact.mediaType.utf8.count <= 1_024)
        }
        #expect(artifacts.map { artifact in artifact.content } == [[1], nil, nil])
        #expect((artifacts.last?.problem?.utf8.count ?? 0) <= 1_024)
        #expect(artifacts.last?.problem?.isEmpty == false)
    }

    @Test(arguments: [false, true])
    func `G8 G14 a call with too long arguments fails, and the model is told how long they may be`(
        isText: Bool
    ) throws {
        let long: JSON = ["text": .string(String(repeating: "x", count: 100))]
        let plan = Plan(calls: [
            Run.Call(id: "1", name: "look", arguments: isText ? .string(long.description) : long),
            .once("2", "look"),
        ])
        let called = Log<JSON>()
        var gateway = Gateway.open(limits: try Gateway.Limits(arguments: 100))
        gateway.register(plan)
        gateway.register(Tool.counting("look", called))
        let bench = Bench(gateway)
        bench.open()
        #expect(called.entries == [[:]])
        let calls = try #require(result(bench, of: .r(2, 1))?.calls)
        #expect(calls.map(\.arguments) == [[:], [:]])
        #expect(calls[0].defect?.category == .limitExceeded)
        #expect(calls[0].defect?.message.contains("100 bytes") == true)
        #expect(calls[1].defect == nil)
    }

    @Test func `G8 G14 a call with too long a name or id fails, and neither is kept whole`() throws {
        let long = String(repeating: "n", count: 5_000)
        let plan = Plan(calls: [.once("1", long), .once(long, "look"), .once(long, "look")])
        let called = Log<JSON>()
        var gateway = Gateway.open()
        gateway.register(plan)
        gateway.register(Tool.counting("look", called))
        let bench = Bench(gateway)
        bench.open()
        #expect(called.entries.isEmpty)
        let calls = try #require(result(bench, of: .r(2, 1))?.calls)
        #expect(calls.count == 3 && calls.allSatisfy { call in call.defect != nil })
        #expect(calls.allSatisfy { call in call.id.utf8.count <= 1_024 && call.name.utf8.count <= 1_024 })
        #expect(bench.state()?.finished.last?.status == .completed, "the model goes on")
    }

    @Test func `G8 an answer with more calls than can be recorded has failed, and what it used counts`()
        throws
    {
        var gateway = Gateway.open(limits: try Gateway.Limits(calls: 3))
        gateway.register(
            Strategy { _ in
                let calls = (1...4).map { number in Run.Call.once("\(number)", "look") }
                return Run.Result(output: "", calls: calls, usage: Run.Usage(tokensOut: 9))
            })
        let bench = Bench(gateway)
        bench.open()
        #expect(bench.endings == ["r/2/1 failed limitExceeded"])
        #expect(bench.failure(of: .r(2, 1))?.message == "The answer asks for 4 calls; 3 can be recorded.")
        #expect(bench.state()?.finished.last?.usage.tokensOut == 9)
    }

    @Test func `G8 of too much progress the beginning is kept, once it is said, and the work goes on`() throws
    {
        let crane = Crane("talk") { _, progress in
            for part in ["éé", "ééé", "é", "é"] { await progress(part) }
            return Run.Result(output: "said")
        }
        let bench = bench(crane, .open(limits: try Gateway.Limits(progress: 9)))
        let parts = bench.events { kind in
            if case .execution(.r(3, 1), let change) = kind { change.text } else { nil }
        }
        #expect(parts.count == 2 && parts.first == "éé")
        #expect(parts.last == "éé\n[The rest of its progress is left out: 9 bytes are kept.]")
        #expect(result(bench)?.output == "said")
    }

    @Test func `G8 what is held back as a secret's beginning does not go past the room for progress`() throws
    {
        let crane = Crane("login") { _, progress in
            await progress("12345678hunter")
            return Run.Result(output: "in")
        }
        var gateway = Gateway.open(
            limits: try Gateway.Limits(progress: 10), secrets: MemorySecrets([("TOKEN", "hunter2")]))
        let call = Run.Call(id: "1", name: "login", arguments: ["auth": ["$secret": "TOKEN"]])
        gateway.register(Plan(calls: [call]))
        gateway.register(crane)
        let bench = Bench(gateway)
        bench.open()
        let parts = bench.events { kind in
            if case .execution(.r(3, 1), let change) = kind { change.text } else { nil }
        }
        #expect(parts.joined() == "12345678hu\n[The rest of its progress is left out: 10 bytes are kept.]")
    }

    @Test func `limits that let nothing through are named, the newer ones too`() {
        let error = #expect(throws: Gateway.Limits.Invalid.self) {
            try Gateway.Limits(artifacts: -1, progress: 0, calls: 0, arguments: 0)
        }
        #expect(
            error?.problems == ["artifacts is -1", "progress is 0", "calls is 0", "arguments is 0"])
    }
}
