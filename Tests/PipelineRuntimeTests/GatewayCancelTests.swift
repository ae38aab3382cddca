import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// How an execution is told to end, and what comes of it.
struct GatewayCancelTests {
    private func bench(_ crane: Crane, _ capacity: Capacity = Capacity()) -> Bench {
        var gateway = Gateway.open(capacity: capacity)
        gateway.register(Plan(calls: [.once("1", crane.declaration.name)]))
        gateway.register(crane)
        return Bench(gateway)
    }

    private func cancellation(of execution: Run.Execution.ID, _ bench: Bench) -> Run.Cancellation? {
        bench.journal.records.compactMap { record in
            if case .canceled(execution, let cancellation) = record.signal.kind { cancellation } else { nil }
        }.first
    }

    @Test(arguments: [Run.CancelReply.accepted, .notAvailable, .failed("the crane is stuck")])
    func `G3 the cancel reaches the instance that works, and the record says what it said`(
        reply: Run.CancelReply
    ) {
        let crane = Crane("lift", saying: reply) { _, _ in try await untilCancelled() }
        let other = Crane("lower") { _, _ in try await untilCancelled() }
        var gateway = Gateway.open()
        gateway.register(Plan(calls: [.once("1", "lift")]))
        gateway.register(crane)
        gateway.register(other)
        let bench = Bench(gateway)
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")

        #expect(crane.told.entries == [.r(3, 1)] && other.told.entries.isEmpty)
        #expect(cancellation(of: .r(3, 1), bench) == Run.Cancellation(effectBegan: true, reply: reply))
        #expect(bench.state()?.finished.last?.status == .canceled)
    }

    @Test func `G3 a sub-runner that never ends is abandoned, and nobody can know what became of it`() {
        let latch = Latch()
        let crane = Crane("lift") { _, _ in
            await latch.wait()
            return Run.Result(output: "lifted")
        }
        let capacity = Capacity()
        let bench = bench(crane, capacity)
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")
        #expect(bench.state()?.active?.stop?.kind == .cancel)
        bench.advance(by: 5_000)

        #expect(bench.endings.last == "r/3/1 failed outcomeUnknown")
        #expect(bench.state()?.finished.last?.status == .canceled)
        #expect(capacity.free == capacity.limit - 1, "it still works")
        latch.open()
        bench.settle()
        #expect(capacity.free == capacity.limit)
        #expect(bench.journal.lines.last?.contains("execution.completed r/3/1") == true)
        #expect(bench.journal.lines.last?.hasSuffix("stale") == true)
    }

    @Test func `what a canceled execution has used is counted all the same`() {
        let crane = Crane("lift") { _, _ in
            do {
                return try await untilCancelled()
            } catch {
                throw Run.Failure(.canceled, "told to end", usage: Run.Usage(tokensIn: 7, cost: 3))
            }
        }
        let bench = bench(crane)
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")
        #expect(bench.state()?.finished.last?.usage == Run.Usage(tokensIn: 7, cost: 3))
    }

    @Test func `C17 ten cancels of asynchronous tools leave all places free, and each is told once`() throws {
        let capacity = try Capacity(3)
        let crane = Crane("lift", isIdempotent: true) { _, _ in try await untilCancelled() }
        let bench = bench(crane, capacity)
        for number in 1...10 {
            let run = Run.ID("r\(number)")
            bench.open(Run.Signal.ID(key: run.key))
            bench.request(.cancel(run, reason: "enough"), id: Run.Signal.ID("stop\(number)"))
        }
        #expect(capacity.free == 3 && capacity.waiting == 0)
        #expect(crane.told.entries.count == 10)
        #expect(Set(crane.told.entries).count == 10)
        #expect(bench.state()?.finished.count == 10)
    }

    @Test func `an execution that was canceled before it began is told to nobody`() throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        let crane = Crane("lift") { _, _ in try await untilCancelled() }
        var gateway = Gateway.open(capacity: capacity)
        gateway.register(crane)
        gateway.register(Plan(calls: []))
        let bench = Bench(gateway)
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")
        #expect(cancellation(of: .r(2, 1), bench) == Run.Cancellation(effectBegan: false))
        #expect(crane.told.entries.isEmpty && capacity.waiting == 0)
    }
}
