import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Secrets reach the tool and nothing else.
struct GatewaySecretTests {
    private static let value = "hunter2-\"quoted\"/é"

    private func everything(_ bench: Bench) -> String {
        let records = bench.journal.records.map { record in record.json.description }
        let events = bench.events { kind in "\(kind)" }
        let state = bench.state().map { state in state.json.description } ?? ""
        return (records + events + [state]).joined(separator: "\n")
    }

    @Test func `G13 a secret is filled in after the permit, and no journal, state or event holds it`()
        async throws
    {
        let seen = Log<JSON>()
        let judged = Log<JSON>()
        let value = Self.value
        var gateway = Gateway(
            policy: Policy { execution in
                judged.append(execution.arguments)
                return .allowed
            }, secrets: MemorySecrets([("TOKEN", value)]))
        let arguments: JSON = ["auth": ["$secret": "TOKEN"], "url": "x"]
        gateway.register(
            Plan(calls: [Run.Call(id: "1", name: "fetch", arguments: arguments), .once("2", "fail")]))
        gateway.register(
            Crane("fetch") { execution, progress in
                seen.append(execution.arguments)
                for character in "using \(value)!" { await progress(String(character)) }
                return Run.Result(
                    output: [
                        "header": .string("Bearer \(value)"),
                        "escaped": JSON.string(JSON.string(value).description),
                    ],
                    artifacts: [
                        Run.Artifact(name: "log", mediaType: "text/plain", content: Array("\(value)".utf8))
                    ])
            })
        gateway.register(Crane("fail") { _, _ in throw Run.Failure(.auth, "rejected \(value)", code: value) })
        let bench = Bench(gateway)
        bench.open()

        #expect(seen.entries == [["auth": .string(value), "url": "x"]])
        #expect(judged.entries.contains(arguments))
        let text = everything(bench)
        #expect(!text.contains("hunter2"))
        #expect(text.contains("Bearer [secret TOKEN]") && text.contains("rejected [secret TOKEN]"))
        let parts = bench.events { kind in
            if case .execution(.r(3, 1), let change) = kind { change.text } else { nil }
        }
        #expect(parts.joined() == "using [secret TOKEN]!")
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `G13 a tool that declares a text is given a secret in its place, and nothing else but a text`()
    {
        var gateway = Gateway.open(secrets: MemorySecrets([("TOKEN", Self.value)]))
        let reference: JSON = ["$secret": "TOKEN"]
        let calls: [JSON] = [["auth": reference], ["auth": ["$secret": 7]], ["auth": ["other": "x"]]]
        gateway.register(
            Plan(
                calls: calls.enumerated().map { index, arguments in
                    Run.Call(id: "\(index)", name: "fetch", arguments: arguments)
                }))
        let seen = Log<JSON>()
        gateway.register(
            Tool(
                "fetch", "",
                arguments: [
                    "type": "object", "properties": ["auth": ["type": "string"]], "required": ["auth"],
                ]
            ) { arguments in
                seen.append(arguments)
                return "x"
            })
        let bench = Bench(gateway)
        bench.open()
        #expect(seen.entries == [["auth": .string(Self.value)]])
        #expect(
            bench.endings.filter { line in line.hasPrefix("r/4") || line.hasPrefix("r/5") }
                == ["r/4/1 failed validation", "r/5/1 failed validation"])
    }

    @Test func `a secret that is not known fails the call before it begins`() {
        var gateway = Gateway.open()
        let arguments: JSON = ["auth": ["$secret": "TOKEN"]]
        gateway.register(Plan(calls: [Run.Call(id: "1", name: "fetch", arguments: arguments)]))
        let crane = Crane("fetch") { _, _ in Run.Result(output: "never") }
        gateway.register(crane)
        let bench = Bench(gateway)
        bench.open()
        #expect(crane.began.entries.isEmpty)
        #expect(bench.endings.contains("r/3/1 failed config"))
        #expect(!bench.journal.lines.contains { line in line.contains("execution.started r/3/1") })
    }

    @Test func `G13 an artifact holds no secret, and one that is no text and does is given up`() throws {
        let value = Self.value
        var gateway = Gateway.open(secrets: MemorySecrets([("TOKEN", value)]))
        gateway.register(
            Plan(calls: [Run.Call(id: "1", name: "make", arguments: ["auth": ["$secret": "TOKEN"]])]))
        gateway.register(
            Crane("make") { _, _ in
                let contents = [Array("a \(value)".utf8), [0xFF] + Array(value.utf8), [0xFF, 1]]
                return Run.Result(
                    output: "made",
                    artifacts: contents.map { content in
                        Run.Artifact(name: "a", mediaType: "x", content: content)
                    })
            })
        let bench = Bench(gateway)
        bench.open()
        let artifacts = bench.journal.records.compactMap { record in
            if case .completed(.r(3, 1), let result) = record.signal.kind { result.artifacts } else { nil }
        }.first
        #expect(artifacts?.map(\.content) == [Array("a [secret TOKEN]".utf8), nil, [0xFF, 1]])
        #expect(artifacts?.map { artifact in artifact.problem == nil } == [true, false, true])
    }

    @Test func `G13 a secret that one tool was given is found in what another one says`() {
        let value = Self.value
        var gateway = Gateway.open(secrets: MemorySecrets([("TOKEN", value)]))
        gateway.register(
            Plan(calls: [
                Run.Call(id: "1", name: "login", arguments: ["auth": ["$secret": "TOKEN"]]),
                .once("2", "print"),
            ]))
        gateway.register(Crane("login") { _, _ in Run.Result(output: "in") })
        gateway.register(Crane("print") { _, _ in Run.Result(output: .string("TOKEN=\(value)")) })
        let bench = Bench(gateway)
        bench.open()
        #expect(everything(bench).contains("TOKEN=[secret TOKEN]"))
    }

    @Test func `what a tool declares as secret is taken out, whatever it is`() throws {
        let redaction = try Redaction(places: ["/token"], texts: ["ghp_*"])
        var gateway = Gateway.open()
        gateway.register(Plan(calls: [.once("1", "login")]))
        gateway.register(
            Tool("login", "", redaction: redaction) { _ in ["token": "abc", "note": "ghp_123 is new"] })
        let bench = Bench(gateway)
        bench.open()
        let text = everything(bench)
        #expect(!text.contains("abc") && !text.contains("ghp_123"))
        #expect(text.contains("[redacted] is new"))
    }
}
