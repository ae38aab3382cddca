import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Policy, permission and what the gateway makes of whatever a sub-runner does.
struct GatewayTests {
    // MARK: Policy

    @Test func `allow is recorded before started, and both before the effect`() {
        let called = Log<Int>()
        let journal = SpyJournal()
        var gateway = Gateway.judging { _ in .init(.allow, rule: "all") }
        gateway.register(.model(calling: "look_up"))
        gateway.register(
            Tool("look_up", "") { _ in
                called.append(journal.records.count)
                return "found"
            })
        let bench = Bench(gateway, journal: journal)
        bench.open()
        #expect(
            journal.lines == [
                "1 message.user applied", "2 policy.decided r/2/1 allow applied",
                "3 execution.started r/2/1 applied", "4 execution.completed r/2/1 applied",
                "5 policy.decided r/3/1 allow applied", "6 execution.started r/3/1 applied",
                "7 execution.completed r/3/1 applied", "8 policy.decided r/4/1 allow applied",
                "9 execution.started r/4/1 applied", "10 execution.completed r/4/1 applied",
            ])
        #expect(called.entries == [6])
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `a rule's denial fails the step, the tool is not called, and the model is told`() {
        let called = Log<JSON>()
        let asked = Log<Run.Execution>()
        var gateway = Gateway.judging { execution in
            execution.name == "deploy" ? .init(.deny, rule: "no deploys", reason: "It is Friday.") : .allowed
        }
        gateway.register(.model(calling: "deploy", asked: asked))
        gateway.register(Tool.counting("deploy", called))
        let bench = Bench(gateway)
        bench.open()
        #expect(called.entries.isEmpty)
        #expect(bench.journal.lines.contains("5 policy.decided r/3/1 deny applied"))
        #expect(!bench.journal.lines.contains { line in line.contains("execution.started r/3/1") })
        let failure = Run.Failure(.policyDenied, "The policy's rule no deploys denies it: It is Friday.")
        #expect(
            asked.entries.last?.context.last
                == .tool(call: "1", name: "deploy", output: ["error": failure.json], failed: true))
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `a denied strategy fails the run`() {
        var gateway = Gateway.judging { _ in .init(.deny, rule: "nothing") }
        gateway.register(Strategy { _ in Run.Result(output: "never") })
        let bench = Bench(gateway)
        bench.open()
        #expect(bench.state()?.finished.last?.failure?.category == .policyDenied)
    }

    @Test func `ask waits at a gate, and approval starts the same step with the ticket and no try counted`() {
        let called = Log<JSON>()
        let judged = Log<Run.Execution>()
        var gateway = Gateway.judging { execution in
            judged.append(execution)
            return execution.kind == .tool ? .init(.ask, rule: "careful", reason: "It deploys.") : .allowed
        }
        gateway.register(.model(calling: "deploy"))
        gateway.register(Tool.counting("deploy", called))
        let bench = Bench(gateway)
        bench.open()
        let ticket = Run.Ticket.gate("r", ordinal: 3, 1)
        let step = bench.state()?.active?.step(3)
        #expect(bench.state()?.active?.gates.map(\.ticket) == [ticket])
        #expect(bench.state()?.active?.gates.first?.reason == "It deploys.")
        #expect(step?.status == .gate && step?.attempts == 1 && step?.tries == 0)
        #expect(called.entries.isEmpty && bench.clock.sleepers.isEmpty)

        #expect(bench.request(.gateAnswer(ticket, .approve), id: "y", by: .host) == .rejected(.unauthorized))
        #expect(called.entries.isEmpty)
        #expect(bench.request(.gateAnswer(ticket, .approve), id: "yes") == .applied)
        #expect(called.entries.count == 1)
        let attempts = judged.entries.filter { execution in execution.kind == .tool }
        #expect(attempts.map(\.id) == [.r(3, 1), .r(3, 2)])
        #expect(attempts.map(\.approval?.ticket) == [nil, ticket])
        #expect(attempts.last?.approval?.by == [.operator("ada")])
        let decisions = bench.listen().entries.compactMap { entry in
            if case .policy(.r(3, 2), let decision) = entry.event.kind { decision } else { nil }
        }
        #expect(
            decisions == [Run.Decision(.allow, rule: "careful", reason: "operator:ada approved \(ticket)")])
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `an approval does not overrule a denial`() {
        let called = Log<JSON>()
        var gateway = Gateway.judging { execution in
            if execution.kind != .tool { return .allowed }
            return execution.approval == nil ? .init(.ask, rule: "ask") : .init(.deny, rule: "changed")
        }
        gateway.register(.model(calling: "deploy"))
        gateway.register(Tool.counting("deploy", called))
        let bench = Bench(gateway)
        bench.open()
        #expect(bench.request(.gateAnswer(.gate("r", ordinal: 3, 1), .approve), id: "yes") == .applied)
        #expect(called.entries.isEmpty)
        #expect(bench.journal.lines.contains { line in line.contains("r/3/2 deny") })
    }

    @Test func `a person's denial fails the step with what the person said`() {
        let called = Log<JSON>()
        let asked = Log<Run.Execution>()
        var gateway = Gateway.judging { execution in
            execution.kind == .tool ? .init(.ask, rule: "careful") : .allowed
        }
        gateway.register(.model(calling: "deploy", asked: asked))
        gateway.register(Tool.counting("deploy", called))
        let bench = Bench(gateway)
        bench.open()
        bench.request(.gateAnswer(.gate("r", ordinal: 3, 1), .deny(message: "Not today.")), id: "no")
        let failure = Run.Failure(.gateDenied, "operator:ada denied it: Not today.")
        #expect(
            asked.entries.last?.context.last
                == .tool(call: "1", name: "deploy", output: ["error": failure.json], failed: true))
        #expect(called.entries.isEmpty && bench.state()?.finished.last?.status == .completed)
    }

    // MARK: Who is called

    @Test func `R7 an unknown tool is a failed step, and the run goes on`() {
        let asked = Log<Run.Execution>()
        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(.model(calling: "nothing_like_it", asked: asked))
        let bench = Bench(gateway)
        bench.open()
        let failure = Run.Failure(.config, "There is no tool named \"nothing_like_it\".")
        #expect(
            asked.entries.last?.context.last
                == .tool(call: "1", name: "nothing_like_it", output: ["error": failure.json], failed: true))
        let reasons = bench.listen().entries.compactMap { entry in
            if case .step(_, let change) = entry.event.kind, change.kind == .llm {
                change.reason
            } else {
                nil
            }
        }
        #expect(reasons.last == .continueAfterToolFailure)
        #expect(bench.state()?.finished.last?.status == .completed)
    }

    @Test func `an unknown strategy fails the run`() {
        let bench = Bench(Gateway.judging { _ in .allowed })
        bench.open()
        let failure = bench.state()?.finished.last?.failure
        #expect(failure?.category == .config && failure?.message.contains("code_generation") == true)
    }

    @Test func `a strategy is shown every tool by name, and the last registration counts`() {
        let seen = Log<[ToolDeclaration]>()
        let called = Log<JSON>()
        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(Observer(tools: seen))
        for name in ["zip", "command.run.test", "Zip", "ask"] {
            gateway.register(Tool(name, "first") { _ in "first" })
        }
        gateway.register(Tool.counting("zip", called))
        gateway.register(Strategy("other") { _ in Run.Result(output: "never") })
        let bench = Bench(gateway)
        bench.open()
        #expect(seen.entries.first?.map(\.name) == ["Zip", "ask", "command.run.test", "zip"])
        #expect(seen.entries.first == gateway.declarations)
        #expect(called.entries.count == 1)
    }
}

/// A model that keeps what it was shown, calls `zip` once, and then is done.
private struct Observer: StrategyRunner {
    let name = "code_generation"
    let tools: Log<[ToolDeclaration]>

    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        self.tools.append(tools)
        guard self.tools.entries.count == 1 else { return Run.Result(output: "Done.") }
        return Run.Result(output: "", calls: [.once("1", "zip")])
    }
}
