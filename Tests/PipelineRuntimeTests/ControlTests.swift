import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// What the reducers decide about queues, probes, gates, deadlines and modes, carried out by a real engine.
struct ControlTests {
    @Test func `R4 a second message waits, begins when the first run ends, and sees its answer`() {
        let runner = ScriptedRunner([.thinks(), .answer])
        let bench = Bench(runner)
        bench.open("r")
        #expect(bench.request(.userMessage(Run.Request("And this?")), id: "s") == .applied)
        #expect(bench.state()?.queue.map(\.id) == ["s"])
        #expect(bench.state()?.blockers(of: "s") == [.queued(behind: "r")])
        runner.release(.r(2, 1), .completed(Run.Result(output: "First.")))
        bench.settle()
        #expect(bench.state()?.finished.map(\.run) == ["r", "s"])
        #expect(
            runner.executions.last?.context == [
                .user("Do it."), .assistant("First.", calls: []), .user("And this?"),
            ])
    }

    @Test func `C15 a canceled conversation takes nothing until it is resumed, and no late result either`() {
        let runner = ScriptedRunner([.thinks(ignoresCancel: true), .answer])
        let bench = Bench(runner)
        bench.open("r")
        bench.request(.userMessage(Run.Request("Later.")), id: "s")
        #expect(bench.request(.cancelConversation(reason: "enough"), id: "c") == .applied)
        #expect(bench.request(.resumeConversation, id: "early") == .rejected(.stillStopping))
        #expect(bench.request(.userMessage(Run.Request("?")), id: "t") == .rejected(.conversationCanceled))
        bench.advance(by: 5_000)
        #expect(bench.state()?.status == .canceled)
        #expect(bench.state()?.finished.map(\.status) == [.canceled, .canceled])
        #expect(bench.request(.resumeConversation, id: "again") == .applied)
        runner.release(.r(2, 1), .completed(Run.Result(output: "Late.")))
        bench.settle()
        #expect(bench.state()?.active == nil && bench.state()?.messages == [.user("Do it.")])
        #expect(bench.request(.userMessage(Run.Request("Now.")), id: "u") == .applied)
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `C23 after a crash a probe finds out what happened, and the tool is not called again`() {
        let called = Log<Run.Execution.ID>()
        let probed = Log<Run.Execution.ID>()
        func gateway(_ finding: Run.Finding) -> Gateway {
            var gateway = Gateway.judging { _ in .allowed }
            gateway.register(.model(calling: "deploy"))
            gateway.register(Deployment(called: called, probed: probed, finding: finding))
            return gateway
        }
        let first = Bench(gateway(.unknown))
        first.open()
        #expect(called.entries == [.r(3, 1)])
        let second = Bench(gateway(.done), journal: SpyJournal(first.journal.records), clock: first.clock)
        #expect(second.state()?.active?.step(3)?.needsProbe == true)
        second.settle()
        #expect(probed.entries.map(\.description) == ["r/3/1/probe/1"])
        #expect(called.entries == [.r(3, 1)])
        #expect(second.state()?.finished.last?.status == .completed)
    }

    @Test func `G11 an approval with other arguments calls the tool with these`() {
        let called = Log<JSON>()
        var gateway = Gateway.judging { execution in
            execution.kind == .tool ? .init(.ask, rule: "careful") : .allowed
        }
        gateway.register(.model(calling: "deploy"))
        gateway.register(Tool.counting("deploy", called))
        let bench = Bench(gateway)
        bench.open()
        let ticket = Run.Ticket.gate("r", ordinal: 3, 1)
        #expect(
            bench.request(.gateAnswer(ticket, .approve(arguments: "all")), id: "x")
                == .rejected(.payloadInvalid))
        let answer = Run.Gate.Answer.approve(arguments: ["to": "staging"])
        #expect(bench.request(.gateAnswer(ticket, answer), id: "yes") == .applied)
        #expect(called.entries == [["to": "staging"]])
    }

    @Test func `a mode shows its strategy the tools that it exposes, and no others can be called`() {
        let shown = Log<[String]>()
        let called = Log<JSON>()
        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(Planner(shown: shown))
        gateway.register(Tool("look", "", isReadOnly: true) { _ in "seen" })
        gateway.register(Tool.counting("deploy", called))
        let bench = Bench(gateway)
        bench.request(.userMessage(Run.Request("Plan it.", mode: .named("planning"))), id: "r")
        #expect(shown.entries == [["look"], ["look"]])
        #expect(called.entries.isEmpty)
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `a run's time is up while it works, and stands still while it is interrupted`() {
        var template = Template.coding
        template.limits.wall = 1_000
        let runner = ScriptedRunner([.thinks(), .thinks()])
        let bench = Bench(runner)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        bench.advance(by: 900)
        bench.request(.interrupt("r", reason: "lunch"), id: "i")
        bench.advance(by: 10_000)
        #expect(bench.state()?.parked.first?.status == .interrupted)
        bench.request(.resume("r", .interruption("r", 1)), id: "on")
        bench.advance(by: 99)
        #expect(bench.state()?.active?.stop == nil)
        bench.advance(by: 1)
        #expect(bench.state()?.finished.last?.failure?.category == .runDeadline)
    }

    @Test func `a run that only some may control is still interrupted when its engine closes`() {
        let bench = Bench(ScriptedRunner([.thinks()]))
        bench.request(.userMessage(Run.Request("Do it.", operators: ["grace"])), id: "r")
        #expect(bench.request(.interrupt("r", reason: "x"), id: "i") == .rejected(.unauthorized))
        let closed = bench.shutDown()
        #expect(closed.isOver)
        #expect(bench.journal.lines.contains { line in line.hasSuffix("run.interrupt applied") })
    }
}

/// A tool that never comes back, and whose effect can be looked up.
private struct Deployment: ToolRunner {
    let called: Log<Run.Execution.ID>
    let probed: Log<Run.Execution.ID>
    let finding: Run.Finding

    var declaration: ToolDeclaration {
        ToolDeclaration(name: "deploy", description: "", arguments: ["type": "object"])
    }

    func recovery(_ arguments: JSON) -> Run.Recovery? { .probe }

    func probe(_ execution: Run.Execution, permit: consuming Permit) async throws -> Run.Result {
        probed.append(execution.id)
        return Run.Result(output: "deployed", finding: finding)
    }

    func run(
        _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result {
        called.append(execution.id)
        await Latch().wait()
        throw CancellationError()
    }
}

/// Asks for both tools, and then has a plan.
private struct Planner: StrategyRunner {
    let shown: Log<[String]>
    var name: String { "planning" }

    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        shown.append(tools.map(\.name))
        guard execution.context.count == 1 else {
            return Run.Result(output: #"{"goal": "done", "steps": ["one"]}"#)
        }
        return Run.Result(output: "Let me see.", calls: [.once("1", "look"), .once("2", "deploy")])
    }
}
