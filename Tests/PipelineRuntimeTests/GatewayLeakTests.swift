import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Ways past redaction, limits and accounts that a sub-runner might find.
struct GatewayLeakTests {
    private static let value = "hunter2-swordfish"

    private func everything(_ bench: Bench) -> String {
        let records = bench.journal.records.map { record in record.json.description }
        return (records + bench.events { kind in "\(kind)" }).joined(separator: "\n")
    }

    private func gateway(
        _ names: String..., limits: Gateway.Limits = .standard,
        artifacts: any ArtifactStore = MemoryArtifactStore()
    ) -> Gateway {
        var gateway = Gateway.open(
            limits: limits, secrets: MemorySecrets([("TOKEN", Self.value)]), artifacts: artifacts)
        gateway.register(
            Plan(
                calls: names.enumerated().map { index, name in
                    let arguments: JSON = name == "login" ? ["auth": ["$secret": "TOKEN"]] : [:]
                    return Run.Call(id: "\(index + 1)", name: name, arguments: arguments)
                }))
        return gateway
    }

    private func parts(_ id: Run.Execution.ID, _ bench: Bench) -> [String] {
        bench.events { kind in if case .execution(id, let change) = kind { change.text } else { nil } }
    }

    // MARK: Reports after the end

    @Test func `G13 what is reported after the end is nothing, and completes no secret`() throws {
        let reporters = Log<ProgressReporter>()
        let store = Interrupting {
            for reporter in reporters.entries { await reporter("swordfish, too late") }
        }
        var gateway = gateway("login", limits: try Gateway.Limits(inlineArtifact: 1), artifacts: store)
        gateway.register(
            Crane("login") { _, progress in
                reporters.append(progress)
                await progress("in with hunter2-")
                let artifact = Run.Artifact(name: "a", mediaType: "x", content: [1, 2])
                return Run.Result(output: "in", artifacts: [artifact])
            })
        let bench = Bench(gateway)
        bench.open()
        #expect(parts(.r(3, 1), bench).joined() == "in with hunter2-")
        let records = bench.journal.records.count
        let late = bench.begin { for reporter in reporters.entries { await reporter("later still") } }
        bench.settle()
        #expect(late.isOver && bench.journal.records.count == records)
    }

    // MARK: Secrets

    @Test func `G13 a secret that another call was given meanwhile is found in what is said from then on`() {
        let latch = Latch()
        var gateway = gateway()
        gateway.register(
            Strategy { execution in
                guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
                let call =
                    execution.id.run == "r"
                    ? Run.Call(id: "1", name: "watch", arguments: [:])
                    : Run.Call(id: "1", name: "login", arguments: ["auth": ["$secret": "TOKEN"]])
                return Run.Result(output: "", calls: [call])
            })
        gateway.register(
            Crane("watch") { _, progress in
                await progress("watching hunter2")
                await latch.wait()
                for part in ["-sword", "fish", " and \(Self.value)", "!"] { await progress(part) }
                return Run.Result(output: .string("saw \(Self.value)"))
            })
        gateway.register(Crane("login") { _, _ in Run.Result(output: "in") })
        let bench = Bench(gateway)
        bench.open()
        bench.open("s", in: "other")
        #expect(bench.state(of: "other")?.finished.last?.status == .completed)
        latch.open()
        bench.settle()
        #expect(parts(.r(3, 1), bench).joined() == "watching hunter2-swordfish and [secret TOKEN]!")
        #expect(everything(bench).contains("saw [secret TOKEN]"))
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `G13 what a sub-runner says to being told to end holds no secret`() {
        var gateway = gateway("login")
        gateway.register(
            Crane("login", saying: .failed("no connection with \(Self.value)")) { _, _ in
                try await untilCancelled()
            })
        let bench = Bench(gateway)
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")
        #expect(!everything(bench).contains(Self.value))
        #expect(everything(bench).contains("no connection with [secret TOKEN]"))
    }

    @Test func `G13 neither calls nor kinds of artifacts nor their problems hold a secret`() {
        var gateway = gateway("login")
        gateway.register(
            Crane("login") { _, _ in
                let kind = Run.Artifact(name: "a", mediaType: "x/\(Self.value)", content: [1])
                let known = Run.Artifact(
                    name: Self.value, mediaType: Self.value, bytes: 1, digest: kind.digest)
                return Run.Result(output: "in", artifacts: [kind, known.lost("no room for \(Self.value)")])
            })
        gateway.register(
            Strategy { execution in
                let calls: [Run.Call] =
                    switch execution.arguments["turn"] {
                    case 1: [Run.Call(id: "1", name: "login", arguments: ["auth": ["$secret": "TOKEN"]])]
                    case 2: [Run.Call(id: Self.value, name: Self.value, arguments: [:])]
                    default: []
                    }
                return Run.Result(output: "Done.", calls: calls)
            })
        let bench = Bench(gateway)
        bench.open()
        #expect(!everything(bench).contains(Self.value))
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    // MARK: Accounts and sizes

    @Test func `G10 what an execution has used counts also when the gateway has ended it`() throws {
        var template = Template.coding
        template.tool.idle = 100
        for reports in [0, 20] {
            var gateway = gateway("dig", limits: try Gateway.Limits(reports: 3))
            gateway.register(
                Crane("dig") { _, progress in
                    for _ in 0..<reports { await progress("x") }
                    do { return try await untilCancelled() } catch {
                        throw Run.Failure(.canceled, "", usage: Run.Usage(tokensOut: 7))
                    }
                })
            let bench = Bench(gateway)
            bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
            bench.advance(by: 100)
            #expect(bench.endings.contains("r/3/1 failed \(reports > 0 ? "limitExceeded" : "idle")"))
            #expect(bench.state()?.finished.last?.usage.tokensOut == 7)
        }
    }

    @Test func `a failure whose details are nested too deeply is recorded without them`() throws {
        var details: JSON = "bottom"
        for _ in 0...JSON.greatestPayloadDepth { details = ["in": details] }
        let failure = Run.Failure(.auth, "no", details: details, usage: Run.Usage(cost: 3))
        var gateway = gateway("login")
        gateway.register(Crane("login") { _, _ in throw failure })
        let bench = Bench(gateway)
        bench.open()
        for record in bench.journal.records {
            #expect(throws: Never.self) { try JSON(parsing: record.json.description) }
        }
        let recorded = bench.failure(of: .r(3, 1))
        #expect(recorded?.category == .auth && recorded?.message == "no" && recorded?.usage.cost == 3)
        #expect(recorded?.details.isDeeper(than: JSON.greatestPayloadDepth) == false)
    }

    @Test func `G8 the text and the details of a failure are cut off like an output`() throws {
        var gateway = gateway("dig", limits: try Gateway.Limits(output: 16))
        gateway.register(
            Crane("dig") { _, _ in
                throw Run.Failure(
                    .auth, String(repeating: "é", count: 100), code: String(repeating: "c", count: 100),
                    details: .string(String(repeating: "d", count: 100)))
            })
        let bench = Bench(gateway)
        bench.open()
        let failure = bench.failure(of: .r(3, 1))
        #expect(failure?.message == "éééééééé" && failure?.code == String(repeating: "c", count: 16))
        #expect(failure?.details == .null && failure?.category == .auth)
    }
}

extension Bench {
    /// What the journal has of how an execution failed.
    func failure(of execution: Run.Execution.ID) -> Run.Failure? {
        journal.records.compactMap { record in
            if case .failed(execution, let failure) = record.signal.kind { failure } else { nil }
        }.first
    }
}

/// A store that does something before it takes anything.
private struct Interrupting: ArtifactStore {
    let store = MemoryArtifactStore()
    let act: @Sendable () async -> Void

    init(_ act: @escaping @Sendable () async -> Void) { self.act = act }

    func store(_ bytes: [UInt8]) async throws(ArtifactError) -> ContentDigest {
        await act()
        return try await store.store(bytes)
    }

    func bytes(of digest: ContentDigest) async throws(ArtifactError) -> [UInt8]? {
        try await store.bytes(of: digest)
    }
}
