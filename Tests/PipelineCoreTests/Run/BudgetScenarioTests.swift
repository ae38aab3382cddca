import PipelineCore
import Testing

/// Attempts, tokens and cost: checked before a start, and when what was used is recorded.
struct BudgetScenarioTests {
    private func done(_ id: String, tokens: Int64 = 0, cost: Int64 = 0, calls: [Run.Call] = [])
        -> Run.Signal.Kind
    {
        let execution = Run.Execution.ID(id) ?? Run.Execution.ID(run: "?", ordinal: 0, attempt: 0)
        let usage = Run.Usage(tokensIn: tokens, cost: cost)
        return .completed(execution, Run.Result(output: "Done.", calls: calls, usage: usage))
    }

    private func limit(_ effect: World.Effect) -> Run.Event.Limit? {
        for case .publish(let event) in effect.directives {
            if case .limitReached(_, let limit) = event.kind { return limit }
        }
        return nil
    }

    @Test func `R11 no attempt starts beyond the limit of attempts, and a raise goes on with it`() {
        var world = World()
        world.open(.coding { template in template.limits.attempts = 1 })
        let stopped = world.send(done("r/2/1", calls: [.safe("a", "read_file")]))
        #expect(stopped.events.suffix(3) == ["limit.reached", "run.stopping", "run.interrupted"])
        #expect(limit(stopped)?.name == .attempts && limit(stopped)?.refused == ["read_file"])
        #expect(world.run?.remaining(at: world.time).attempts == 0)
        let ticket = Run.Ticket.interruption("r", 1)
        #expect(world.refused(.resume("r", ticket)) == .rejected(.budgetExhausted))
        let raised = Run.Resumption(raise: Run.Raise(attempts: 3))
        #expect(world.send(.resume("r", ticket, raised)).deeds.last == "start r/3/1 read_file")
        world.complete("r/3/1")
        #expect(world.complete("r/4/1").events.last == "run.completed")
    }

    @Test func `R11 a retry is an attempt too`() {
        var world = World()
        world.open(
            .coding { template in
                template.limits.attempts = 1
                template.onLimit = .fail
            })
        world.fail("r/2/1", .transport)
        #expect(world.fire("r/2/1/backoff/0").events.last == "run.failed")
        let failure = world.conversation.finished.last?.failure
        #expect(failure?.category == .limitExceeded && failure?.code == "maxAttemptsExceeded")
    }

    @Test func `R11 a start is refused when nothing is left of a budget, or less than is set aside`() {
        for (used, reserve, starts) in [
            (99, 0, true), (100, 0, false), (90, 10, true), (91, 10, false), (120, 0, false),
        ] as [(Int64, Int64, Bool)] {
            for isCost in [false, true] {
                var world = World()
                world.open(
                    .coding { template in
                        template.limits.tokens = isCost ? nil : 100
                        template.limits.cost = isCost ? 100 : nil
                        template.tool.reserve = Run.Usage(
                            tokensOut: isCost ? 0 : reserve, cost: isCost ? reserve : 0)
                    })
                let effect = world.send(
                    done(
                        "r/2/1", tokens: isCost ? 0 : used, cost: isCost ? used : 0,
                        calls: [.safe("a", "read_file")]))
                #expect(effect.deeds.contains("start r/3/1 read_file") == starts, "\(used), \(reserve)")
                #expect(limit(effect)?.name == (starts ? nil : isCost ? .cost : .tokens))
                #expect(world.status(of: "r") == (starts ? .running : .interrupted))
            }
        }
    }

    @Test func `R11 what is set aside for open executions is not given out twice`() {
        var world = World()
        world.open(
            .coding { template in
                template.limits.tokens = 100
                template.tool.reserve = Run.Usage(tokensIn: 60)
            })
        let started = world.send(
            done("r/2/1", tokens: 10, calls: [.safe("a", "read_file"), .safe("b", "read_file")]))
        #expect(started.deeds.filter { deed in deed.hasPrefix("start") } == ["start r/3/1 read_file"])
        // It used less than was set aside, so there is enough for the other.
        #expect(world.send(done("r/3/1", tokens: 20)).deeds.last == "start r/4/1 read_file")
        #expect(world.send(done("r/4/1", tokens: 5)).deeds.last == "start r/5/1 code_generation")
        #expect(world.run?.remaining(at: world.time).tokens == 65)
    }

    @Test func `R11 an overrun cancels what is in flight, and results are kept`() {
        var world = World()
        world.open(.coding { template in template.limits.cost = 100 })
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "deploy")])
        let stopped = world.send(done("r/3/1", cost: 130))
        #expect(
            limit(stopped)?.name == .cost && limit(stopped)?.used == 130 && limit(stopped)?.allowed == 100)
        #expect(stopped.deeds.contains("cancel r/4/1") && world.run?.stop?.reason == "maxCostExceeded")
        #expect(world.send(done("r/4/1", cost: 10)).events.last == "run.interrupted")
        #expect(world.run?.spent.usage.cost == 140 && world.run?.step(4)?.status == .completed)
        let ticket = Run.Ticket.interruption("r", 1)
        let little = Run.Resumption(raise: Run.Raise(cost: 140))
        #expect(world.refused(.resume("r", ticket, little)) == .rejected(.budgetExhausted))
        let enough = Run.Resumption(raise: Run.Raise(cost: 141))
        #expect(world.send(.resume("r", ticket, enough)).deeds.last == "start r/5/1 code_generation")
    }

    @Test func `R11 a budget that is used up by the last answer lets the run complete`() {
        var world = World()
        world.open(.coding { template in template.limits.tokens = 100 })
        #expect(world.send(done("r/2/1", tokens: 500)).events.last == "run.completed")
        #expect(world.conversation.finished.last?.usage.tokens == 500)
    }

    @Test func `R11 a limit fails an unattended run`() {
        var world = World()
        let template = Template.coding { template in template.limits.tokens = 100 }
        world.send(.userMessage(Run.Request("Go.", template: template, isUnattended: true)), id: "r")
        let failed = world.send(done("r/2/1", tokens: 100, calls: [.safe("a", "read_file")]))
        #expect(failed.events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.code == "maxTokensExceeded")
    }

    @Test func `R11 the steps of a batch are planned all or none`() {
        for (steps, planned) in [(3, 2), (2, 0)] {
            var world = World()
            world.open(.coding { template in template.limits.steps = steps })
            let effect = world.complete("r/2/1", calls: [.safe("a", "x"), .safe("b", "y")])
            #expect(effect.deeds.filter { deed in deed.hasPrefix("start") }.count == planned)
            #expect(limit(effect)?.refused == (planned == 0 ? ["x", "y"] : nil))
        }
    }

    @Test func `usage stops at the largest number`() {
        var world = World()
        world.open()
        world.send(done("r/2/1", tokens: .max, cost: .max, calls: [.safe("a", "x")]))
        world.send(done("r/3/1", tokens: .max, cost: .max))
        #expect(world.run?.spent.usage.tokens == .max && world.run?.spent.usage.cost == .max)
    }
}
