import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Nothing that a sub-runner or a caller does keeps the engine from coming to an end, or to rest.
struct GatewayHangTests {
    /// A tool whose call for ending it never comes back.
    private final class Deaf: ToolRunner {
        let declaration = ToolDeclaration(name: "lift", description: "", arguments: ["type": "object"])
        let latch = Latch()
        let work: @Sendable (Latch) async throws -> Run.Result

        init(_ work: @escaping @Sendable (Latch) async throws -> Run.Result) { self.work = work }

        func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply {
            await latch.wait()
            return .accepted
        }

        func run(
            _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
        ) async throws -> Run.Result { try await work(latch) }
    }

    /// A tool that does not notice that its task is cancelled, and ends when it is told by the call for that.
    private final class Obedient: ToolRunner {
        let declaration = ToolDeclaration(name: "lift", description: "", arguments: ["type": "object"])
        let told = Log<Run.Execution.ID>()
        private let latch = Latch()

        func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply {
            told.append(execution)
            latch.open()
            return .accepted
        }

        func run(
            _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
        ) async throws -> Run.Result {
            await latch.wait()
            return Run.Result(output: "lifted")
        }
    }

    private func bench(_ tool: some ToolRunner) -> Bench {
        var gateway = Gateway.open()
        gateway.register(Plan(calls: [.once("1", "lift")]))
        gateway.register(tool)
        return Bench(gateway)
    }

    @Test func `G3 a cancel call that never comes back is waited for a second after the end, and no longer`()
    {
        let tool = Deaf { _ in try await untilCancelled() }
        let bench = bench(tool)
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")
        bench.advance(by: 999)
        #expect(bench.state()?.active != nil)
        bench.advance(by: 1)
        #expect(bench.endings.last == "r/3/1 canceled")
        #expect(bench.state()?.finished.last?.status == .canceled)
        #expect(bench.clock.sleepers.isEmpty)
        let records = bench.journal.records.count
        tool.latch.open()
        bench.settle()
        #expect(bench.journal.records.count == records)
    }

    @Test func `G3 work that was done is not kept waiting by the call that was to end it`() {
        let done = Latch()
        let bench = bench(
            Deaf { _ in
                await done.wait()
                return Run.Result(output: "lifted")
            })
        bench.open()
        bench.request(.cancel("r", reason: "enough"), id: "stop")
        done.open()
        bench.settle()
        #expect(bench.endings.last == "r/3/1 completed")
        #expect(bench.state()?.finished.last?.status == .canceled)
    }

    @Test func `what ends only by the call for it is told also when its journal has failed`() {
        let tool = Obedient()
        let bench = bench(tool)
        bench.open()
        bench.journal.failNext(JournalError("disk", .system("write", "No space left on device")))
        #expect(bench.request(.interrupt("r", reason: "lunch"), id: "i") == nil)
        #expect(tool.told.entries == [.r(3, 1)])
        #expect(bench.state()?.active?.step(3) != nil, "the next one opens the conversation")
    }

    @Test func `what ends only by the call for it is told also when a shutdown has no time to record it`() {
        let tool = Obedient()
        let bench = bench(tool)
        bench.open()
        bench.journal.hold()
        let shutdown = bench.shutDown(within: .milliseconds(10))
        bench.advance(by: 10)
        bench.journal.release()
        bench.settle()
        #expect(shutdown.isOver && tool.told.entries == [.r(3, 1)])
    }

    @Test func `two runs that wait for their child runs leave the engine at rest`() {
        let latch = Latch()
        var gateway = Gateway.open()
        gateway.register(
            Strategy { execution in
                guard execution.id.run == "r" else {
                    await latch.wait()
                    return Run.Result(output: "Dug.")
                }
                guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
                let call = Run.Call(id: "1", name: "workflow.run.sub", arguments: ["task": "Dig."])
                return Run.Result(output: "", calls: [call])
            })
        gateway.register(Workflow("sub", "Digs.", template: .coding))
        let bench = Bench(gateway)
        _ = bench.submit(.message("r"), to: "a")
        _ = bench.submit(.message("r"), to: "b")
        #expect(bench.comesToRest())
        latch.open()
        #expect(bench.comesToRest())
        for conversation in ["a", "b"] as [Conversation.ID] {
            #expect(bench.state(of: conversation)?.finished.last?.status == .completed)
        }
    }

    @Test func `a shutdown that is called in a cancelled task shuts down all the same`() {
        let bench = Bench(ScriptedRunner([.thinks(), .answer]))
        bench.open()
        let shutdown = bench.begin { [engine = bench.engine] in
            withUnsafeCurrentTask { task in task?.cancel() }
            await engine.shutdown(within: .seconds(5))
        }
        bench.settle()
        #expect(shutdown.isOver && bench.journal.isClosed)
        #expect(bench.journal.lines.last == "4 execution.canceled r/2/1 begun applied")
    }
}
