import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Each limit with its outcome and its event.
struct GatewayLimitTests {
    private func result(_ crane: Crane, _ gateway: Gateway, _ template: Template = .coding) -> Bench {
        var gateway = gateway
        gateway.register(Plan(calls: [.once("1", crane.declaration.name)]))
        gateway.register(crane)
        let bench = Bench(gateway)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        return bench
    }

    private func recorded(_ bench: Bench) -> Run.Result? {
        bench.journal.records.compactMap { record in
            if case .completed(.r(3, 1), let result) = record.signal.kind { result } else { nil }
        }.first
    }

    @Test func `G8 an output that is too long is cut off, and the event says by how much`() throws {
        let crane = Crane("read") { _, _ in Run.Result(output: "éééééééééé") }
        let bench = result(crane, .open(limits: try Gateway.Limits(output: 13)))
        #expect(recorded(bench)?.output == "éééééé")
        #expect(recorded(bench)?.truncation == Run.Truncation(originalBytes: 20, keptBytes: 12))
        #expect(bench.limits == ["output 20 of 12", "r/3/1 output"])
    }

    @Test func `G8 a large artifact goes to the store under its digest, a small one stays`() async throws {
        let store = MemoryArtifactStore()
        let (small, large) = ([UInt8](repeating: 1, count: 8), [UInt8](repeating: 0xFF, count: 9))
        let crane = Crane("make") { _, _ in
            Run.Result(
                output: "made",
                artifacts: [
                    Run.Artifact(name: "small", mediaType: "x", content: small),
                    Run.Artifact(name: "large", mediaType: "x", content: large),
                ])
        }
        let bench = result(crane, .open(limits: try Gateway.Limits(inlineArtifact: 8), artifacts: store))
        let artifacts = try #require(recorded(bench)?.artifacts)
        #expect(artifacts.map(\.content) == [small, nil] && artifacts.map(\.bytes) == [8, 9])
        #expect(try await store.bytes(of: artifacts[1].digest) == large)
        #expect(try await store.bytes(of: artifacts[0].digest) == nil)
        #expect(bench.limits == ["artifact 9 of 0", "r/3/1 artifact"])
    }

    @Test func `G8 an artifact that cannot be kept says so, and the work counts`() throws {
        let crane = Crane("make") { _, _ in
            let artifact = Run.Artifact(name: "a", mediaType: "x", content: [1, 2])
            return Run.Result(output: "made", artifacts: [artifact])
        }
        let gateway = Gateway.open(limits: try Gateway.Limits(inlineArtifact: 1), artifacts: FullStore())
        let bench = result(crane, gateway)
        #expect(recorded(bench)?.output == "made")
        #expect(recorded(bench)?.artifacts.first?.problem?.isEmpty == false)
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `G8 an execution that reports too often has failed, and is told to end`() throws {
        let crane = Crane("talk") { _, progress in
            for _ in 0..<20 { await progress("x") }
            return try await untilCancelled()
        }
        let bench = result(crane, .open(limits: try Gateway.Limits(reports: 3)))
        #expect(bench.endings.contains("r/3/1 failed limitExceeded"))
        #expect(crane.told.entries == [.r(3, 1)])
        let parts = bench.events { kind in
            if case .execution(.r(3, 1), let change) = kind { change.text } else { nil }
        }
        #expect(parts == ["x", "x", "x"])
        #expect(bench.state()?.finished.last?.status == .completed, "the model goes on")
    }

    @Test func `G8 an execution that reports too often and does not end is given up`() throws {
        let latch = Latch()
        let crane = Crane("talk") { _, progress in
            for _ in 0..<20 { await progress("x") }
            await latch.wait()
            return Run.Result(output: "said")
        }
        var template = Template.coding
        template.tool.startToClose = nil
        let bench = result(crane, .open(limits: try Gateway.Limits(reports: 3)), template)
        #expect(crane.told.entries == [.r(3, 1)] && bench.limits == ["reports 4 of 3"])
        bench.advance(by: 5_000)
        #expect(bench.endings.last == "r/3/1 failed outcomeUnknown")
        #expect(bench.state()?.active?.gates.map(\.kind) == [.confirmation])
        latch.open()
        bench.settle()
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `G8 what an execution gives in spite of too many reports counts`() throws {
        let crane = Crane("talk") { _, progress in
            for _ in 0..<20 { await progress("x") }
            return Run.Result(output: "said")
        }
        let bench = result(crane, .open(limits: try Gateway.Limits(reports: 3)))
        #expect(recorded(bench)?.output == "said" && bench.limits == ["reports 4 of 3"])
    }

    @Test func `G8 limits that let nothing through are errors, all at once`() {
        let error = #expect(throws: Gateway.Limits.Invalid.self) {
            try Gateway.Limits(output: 0, inlineArtifact: -1)
        }
        #expect(error?.problems == ["output is 0", "inlineArtifact is -1"])
    }

    @Test func `G9 of three requests for one place two wait in order, and the record says how long`() throws {
        let capacity = try Capacity(1)
        let latches = [Latch(), Latch(), Latch()]
        let order = Log<String>()
        var gateway = Gateway.open(capacity: capacity)
        gateway.register(Plan(calls: ["a", "b", "c"].map { name in .safe(name, name) }))
        for (name, latch) in zip(["a", "b", "c"], latches) {
            gateway.register(
                Crane(name, isIdempotent: true) { _, _ in
                    order.append(name)
                    await latch.wait()
                    return Run.Result(output: .string(name))
                })
        }
        let bench = Bench(gateway)
        bench.open()
        #expect(order.entries == ["a"] && capacity.waiting == 2)
        let run = try #require(bench.state()?.active)
        let waiting = run.blockers.compactMap { blocker in
            if case .capacity(let id, let since) = blocker { "\(id) since \(since)" } else { nil }
        }
        #expect(waiting == ["r/4/1 since 1000", "r/5/1 since 1000"])
        bench.advance(by: 40_000)
        #expect(order.entries == ["a"], "the tool has 30 seconds, but not while it waits")
        latches[0].open()
        bench.settle()
        bench.advance(by: 7)
        for latch in latches[1...] {
            latch.open()
            bench.settle()
        }
        #expect(order.entries == ["a", "b", "c"])
        let waited = bench.events { kind in
            if case .execution(let id, let change) = kind, let waited = change.waited {
                "\(id) \(waited)"
            } else {
                nil
            }
        }
        #expect(waited == ["r/4/1 40000", "r/5/1 40007"])
        #expect(
            bench.limits.filter { line in line.hasSuffix("concurrency") } == [
                "r/4/1 concurrency", "r/5/1 concurrency",
            ])
        #expect(capacity.free == 1)
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `G9 an execution that waits too long for a place has not begun, and is tried again`() throws {
        let capacity = try Capacity(1)
        var template = Template.coding
        template.tool.scheduleToStart = 500
        let (busy, late) = (Latch(), Log<Int>())
        var gateway = Gateway.open(capacity: capacity)
        gateway.register(Plan(calls: [.safe("1", "busy"), .safe("2", "late")]))
        gateway.register(
            Crane("busy", isIdempotent: true) { _, _ in
                await busy.wait()
                return Run.Result(output: "x")
            })
        gateway.register(
            Crane("late", isIdempotent: true) { execution, _ in
                late.append(execution.id.attempt)
                return Run.Result(output: "x")
            })
        let bench = Bench(gateway)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        bench.advance(by: 500)
        #expect(bench.endings.last == "r/4/1 failed scheduleToStart")
        #expect(late.entries.isEmpty && capacity.waiting == 0)
        busy.open()
        bench.settle()
        bench.advance(by: 100)
        #expect(late.entries == [2])
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `G9 no place at all is an error of the definition`() {
        #expect(throws: Capacity.Invalid.self) { try Capacity(0) }
    }

    @Test func `G10 usage that is reported after a cancel still counts against the budget`() {
        var template = Template.coding
        template.limits.tokens = 100
        let crane = Crane("dig") { _, _ in
            do { return try await untilCancelled() } catch {
                throw Run.Failure(.canceled, "", usage: Run.Usage(tokensOut: 100))
            }
        }
        let bench = result(crane, .open(), template)
        bench.request(.interrupt("r", reason: "stop"), id: "i")
        let run = bench.state()?.parked.first
        #expect(run?.spent.usage.tokens == 100 && run?.remaining(at: 0).tokens == 0)
        #expect(run?.gates.count == 1, "nobody knows what the dig did")
    }
}

private struct FullStore: ArtifactStore {
    func store(_ bytes: [UInt8]) async throws(ArtifactError) -> ContentDigest {
        throw ArtifactError("/artifacts", .system("write", "No space left on device"))
    }

    func bytes(of digest: ContentDigest) async throws(ArtifactError) -> [UInt8]? { nil }
}
