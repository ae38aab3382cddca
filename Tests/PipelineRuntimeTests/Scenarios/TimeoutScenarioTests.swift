import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Every kind of timeout: what is told of it, what it is called, and whether the step is tried again.
struct TimeoutScenarioTests {
    /// One timeout of the tool `dig`, which can be repeated and works for ever the first time.
    struct Case: Sendable, CustomTestStringConvertible {
        let category: Run.Failure.Category
        let limit: @Sendable (inout Template) -> Void
        /// Whether the one place that there is is taken.
        var isFull = false
        /// How the attempts of the step ended, and what the step and the run came to.
        let endings: [String]
        let step: String
        let run: String
        /// What shows it, besides the end of the attempt.
        let sign: String

        var testDescription: String { category.rawValue }
    }

    static let cases = [
        Case(
            category: .startToClose, limit: { template in template.tool.startToClose = 100 },
            endings: ["r/3/1 failed startToClose", "r/3/2 completed"], step: "completed", run: "completed",
            sign: "conversation.timer.fired"),
        Case(
            category: .scheduleToStart, limit: { template in template.tool.scheduleToStart = 100 },
            isFull: true, endings: ["r/3/1 failed scheduleToStart", "r/3/2 completed"], step: "completed",
            run: "completed", sign: "conversation.degraded"),
        Case(
            category: .scheduleToClose, limit: { template in template.tool.scheduleToClose = 100 },
            endings: ["r/3/1 canceled"], step: "failed scheduleToClose", run: "completed",
            sign: "conversation.timer.fired"),
        Case(
            category: .idle, limit: { template in template.tool.idle = 100 },
            endings: ["r/3/1 failed idle", "r/3/2 completed"], step: "completed", run: "completed",
            sign: "conversation.tool.failed"),
        Case(
            category: .runDeadline, limit: { template in template.limits.wall = 100 },
            endings: ["r/3/1 canceled"], step: "canceled canceled", run: "failed runDeadline",
            sign: "conversation.limit.reached"),
    ]

    @Test(arguments: cases)
    func `G4 each timeout ends the attempt in its own name, and is tried again where that may help`(
        timeout: Case
    ) throws {
        let capacity = try Capacity(1)
        let crane = Crane("dig", isIdempotent: true) { execution, progress in
            guard execution.id.attempt == 1 else { return Run.Result(output: "dug") }
            await progress("began")
            return try await untilCancelled()
        }
        let bench = bench(crane, capacity, timeout.limit) {
            if timeout.isFull { #expect(capacity.tryAcquire()) }
        }
        bench.advance(by: 99)
        #expect(!bench.endings.contains { line in line.hasPrefix("r/3/") }, "not before its time")
        bench.advance(by: 1)
        #expect(bench.endings.filter { line in line.hasPrefix("r/3/") } == [timeout.endings[0]])
        #expect(bench.listen().types.contains(timeout.sign))
        if timeout.isFull { capacity.release() }
        bench.advance(by: 100)
        #expect(bench.endings.filter { line in line.hasPrefix("r/3/") } == timeout.endings)
        let began = timeout.isFull ? [2] : timeout.endings.count == 2 ? [1, 2] : [1]
        #expect(crane.began.entries.map(\.id.attempt) == began)
        #expect(crane.told.entries == (timeout.isFull ? [] : [.r(3, 1)]))
        #expect(bench.outcome(ofStep: 3) == timeout.step)
        #expect(bench.outcome == timeout.run)
        #expect(bench.clock.sleepers.isEmpty && capacity.free == 1)
    }

    @Test func `G4 an attempt that timed out settles before the next one starts`() {
        let latch = Latch()
        let crane = Crane("dig", isIdempotent: true) { execution, _ in
            guard execution.id.attempt == 1 else { return Run.Result(output: "dug") }
            await latch.wait()
            throw Run.Failure(.transport, "It was cut off.")
        }
        let bench = bench(crane, Capacity(), { template in template.tool.startToClose = 1_000 })
        bench.advance(by: 1_000)
        #expect(crane.told.entries == [.r(3, 1)])
        bench.advance(by: 4_999)
        #expect(crane.began.entries.count == 1 && !bench.endings.contains { line in line.hasPrefix("r/3/") })
        latch.open()
        bench.settle()
        #expect(bench.endings.last == "r/3/1 failed startToClose", "whatever it says then")
        bench.advance(by: 99)
        #expect(crane.began.entries.count == 1, "first the back-off")
        bench.advance(by: 1)
        #expect(crane.began.entries.count == 2 && bench.outcome == "completed")
    }

    @Test(arguments: ["startToClose", "idle"])
    func `G4 an attempt that does not settle is given up after its grace time, and then tried again`(
        category: String
    ) throws {
        let timeout = try #require(
            TimeoutScenarioTests.cases.first { timeout in timeout.category.rawValue == category })
        let latch = Latch()
        let crane = Crane("dig", isIdempotent: true) { execution, _ in
            if execution.id.attempt == 1 { await latch.wait() }
            return Run.Result(output: "dug")
        }
        let bench = bench(
            crane, Capacity(),
            { template in
                template.tool.startToClose = nil
                timeout.limit(&template)
            })
        bench.advance(by: 100)
        #expect(crane.told.entries == [.r(3, 1)])
        bench.advance(by: 4_999)
        #expect(!bench.endings.contains { line in line.hasPrefix("r/3/") }, "it has its grace time")
        bench.advance(by: 1)
        #expect(bench.endings.last == "r/3/1 failed outcomeUnknown")
        #expect(bench.state()?.active?.step(3)?.failure?.category == timeout.category)
        #expect(bench.state()?.active?.step(3)?.tries == 1, "it counts as a try")
        bench.advance(by: 100)
        #expect(crane.began.entries.count == 2 && bench.outcome == "completed")
        latch.open()
        bench.settle()
    }

    @Test func `G4 whether silence took effect is asked where it may not be done again`() {
        let latch = Latch()
        let crane = Crane("dig") { _, _ in
            await latch.wait()
            return Run.Result(output: "dug")
        }
        let bench = bench(
            crane, Capacity(),
            { template in
                template.tool.startToClose = nil
                template.tool.idle = 100
            })
        bench.advance(by: 100)
        bench.advance(by: 5_000)
        #expect(bench.endings.last == "r/3/1 failed outcomeUnknown")
        #expect(bench.state()?.active?.gates.map(\.kind) == [.confirmation])
        latch.open()
        bench.settle()
        #expect(bench.outcome(ofStep: 3) == "completed", "what it says late still counts")
        #expect(crane.began.entries.count == 1 && bench.outcome == "completed")
    }

    @Test(arguments: ["startToClose", "scheduleToClose", "idle", "runDeadline"])
    func `G4 what completes inside the grace time is completed`(category: String) throws {
        let timeout = try #require(
            TimeoutScenarioTests.cases.first { timeout in timeout.category.rawValue == category })
        let latch = Latch()
        let crane = Crane("dig", isIdempotent: true) { _, _ in
            await latch.wait()
            return Run.Result(output: "dug")
        }
        let bench = bench(crane, Capacity(), timeout.limit)
        bench.advance(by: 100)
        #expect(crane.told.entries == [.r(3, 1)])
        latch.open()
        bench.settle()
        #expect(bench.endings.contains("r/3/1 completed"))
        #expect(bench.outcome(ofStep: 3) == "completed" && crane.began.entries.count == 1)
        #expect(bench.outcome == (category == "runDeadline" ? "failed runDeadline" : "completed"))
    }

    /// A run `r` whose model calls this tool.
    private func bench(
        _ crane: Crane, _ capacity: Capacity, _ limit: (inout Template) -> Void,
        beforeTheCall: @escaping @Sendable () -> Void = {}
    ) -> Bench {
        var template = Template.coding
        limit(&template)
        var gateway = Gateway(
            policy: Policy { execution in
                if execution.id == .r(3, 1) { beforeTheCall() }
                return .allowed
            }, capacity: capacity)
        gateway.register(Plan(calls: [.once("1", crane.declaration.name)]))
        gateway.register(crane)
        let bench = Bench(gateway)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        return bench
    }
}
