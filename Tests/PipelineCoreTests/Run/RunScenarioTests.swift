import PipelineCore
import PipelineTesting
import Testing

/// The scenarios of runs and planning, by their ids.
@Suite(.bothModes)
struct RunScenarioTests {
    @Test func `R1 a new conversation is empty`() {
        let conversation = Conversation(id: "c")
        #expect(conversation.active == nil)
        #expect(conversation.parked.isEmpty && conversation.finished.isEmpty && conversation.messages.isEmpty)
        #expect(!conversation.isUnsettled)
    }

    @Test func `R3 a message opens a run with a pinned template and starts the strategy`() {
        var world = World()
        let effect = world.open()
        #expect(effect.disposition == .applied)
        #expect(
            effect.lines == [
                "publish run.opened", "publish user.message", "publish run.started", "publish step.ready 1",
                "publish step.completed 1", "publish step.ready 2", "publish strategy.requested r/2/1",
                "arm r/2/1/attempt/0 at 121000", "start r/2/1 code_generation",
            ])
        #expect(world.steps == ["1 system completed 0", "2 llm open 1"])
        #expect(world.run?.step(2)?.reason == .start)
        #expect(world.run?.step(2)?.predecessors == [1])
        #expect(world.run?.step(2)?.cause == "r")
        #expect(world.run?.template == .coding)
        let reference = Template.coding.reference
        #expect(reference.id == "coding.baseline" && reference.version == "1.0.0")
        #expect(
            effect.directives.contains { directive in
                guard case .publish(let event) = directive, case .run("r", let change) = event.kind else {
                    return false
                }
                return change == .opened(reference, mode: "coding")
            })
        var other = Template.coding
        other.concurrency = 2
        #expect(other.reference.digest != reference.digest)
    }

    @Test func `R5 two calls in one answer join once`() throws {
        var world = World()
        world.open()
        let calls = [Run.Call.safe("a", "read_file"), .once("b", "deploy")]
        let planned = world.complete("r/2/1", "Let me look.", calls: calls)
        #expect(
            planned.deeds == [
                "disarm r/2/1/attempt/0", "arm r/3/1/attempt/0 at 31000", "arm r/4/1/attempt/0 at 31000",
                "start r/3/1 read_file", "start r/4/1 deploy",
            ])
        #expect(world.run?.step(3)?.predecessors == [2])
        #expect(world.run?.step(4)?.predecessors == [2])

        let first = world.complete("r/4/1", "deployed")
        #expect(first.deeds == ["disarm r/4/1/attempt/0"])
        let second = world.complete("r/3/1", "contents")
        #expect(second.deeds.last == "start r/5/1 code_generation")
        #expect(second.deeds.filter { deed in deed.hasPrefix("start") }.count == 1)
        #expect(world.run?.step(5)?.predecessors == [3, 4])
        #expect(world.run?.step(5)?.reason == .continueAfterTools)
        guard case .startExecution(let follow)? = second.directives.last else { throw Missing() }
        #expect(
            follow.context == [
                .user("Fix it."), .assistant("Let me look.", calls: calls),
                .tool(call: "a", name: "read_file", output: "contents", failed: false),
                .tool(call: "b", name: "deploy", output: "deployed", failed: false),
            ])
    }

    @Test func `R6 the same tool called again and again never shares an id`() {
        var world = World()
        world.open()
        let call = Run.Call.safe("same", "read_file")
        let planned = world.complete("r/2/1", calls: [call, call])
        #expect(planned.deeds.suffix(2) == ["start r/3/1 read_file", "start r/4/1 read_file"])
        world.complete("r/3/1")
        #expect(world.run?.openExecutions == [world.execution("r/4/1")])
        world.complete("r/4/1")
        let again = world.complete("r/5/1", calls: [call, call])
        #expect(again.deeds.suffix(2) == ["start r/6/1 read_file", "start r/7/1 read_file"])
        var keys: Set<String> = []
        for case .startExecution(let execution) in world.directives {
            #expect(keys.insert(execution.idempotencyKey).inserted)
        }
    }

    @Test func `R7 a failed tool goes back to the strategy`() throws {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "no_such_tool")])
        let effect = world.fail("r/3/1", .config)
        #expect(effect.deeds.last == "start r/4/1 code_generation")
        #expect(world.run?.step(4)?.reason == .continueAfterToolFailure)
        guard case .startExecution(let follow)? = effect.directives.last,
            case .tool(_, _, let output, let failed)? = follow.context.last
        else { throw Missing() }
        #expect(failed)
        #expect(output["error"]?["category"] == "config")
        #expect(world.complete("r/4/1").events.last == "run.completed")
    }

    @Test func `R8 a retryable failure is tried again after a growing pause, then fails the run`() {
        var template = Template.coding
        template.llm.maxAttempts = 4
        var world = World()
        world.open(template)
        for (attempt, pause) in [(1, 100), (2, 200), (3, 400)] {
            let failed = world.fail("r/2/\(attempt)", .transport)
            #expect(
                failed.deeds == [
                    "disarm r/2/\(attempt)/attempt/0", "arm r/2/\(attempt)/backoff/0 at \(1_000 + pause)",
                ])
            let fired = world.fire("r/2/\(attempt)/backoff/0")
            #expect(fired.deeds.last == "start r/2/\(attempt + 1) code_generation")
        }
        #expect(world.fail("r/2/4", .transport).events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .transport)
    }

    @Test func `R10 what is not retryable is not tried again`() {
        for (category, retryable) in [
            (Run.Failure.Category.auth, nil), (.canceled, true), (.transport, false),
        ] {
            var world = World()
            world.open()
            let effect = world.fail("r/2/1", category, retryable: retryable)
            #expect(effect.events.last == "run.failed", "\(category)")
        }
    }

    @Test func `R11 a run at its limit of steps is interrupted, and goes on when the limit is raised`() {
        var template = Template.coding
        template.limits.steps = 4
        var world = World()
        world.open(template)
        world.complete("r/2/1", calls: [.safe("a", "x")])
        world.complete("r/3/1")
        let calls = [Run.Call.safe("b", "y"), .safe("c", "z")]
        let stopped = world.complete("r/4/1", calls: calls)
        #expect(stopped.events.suffix(3) == ["limit.reached", "run.stopping", "run.interrupted"])
        #expect(world.run?.interruption?.reason == "maxStepsExceeded" && world.run?.steps.last?.ordinal == 4)
        guard
            case .publish(let event)? = stopped.directives.first(where: { directive in
                directive.line == "publish limit.reached"
            }), case .limitReached("r", let limit) = event.kind
        else { return #expect(Bool(false)) }
        #expect(limit.used == 3 && limit.allowed == 4 && limit.refused == ["y", "z"])

        let ticket = Run.Ticket.interruption("r", 1)
        #expect(world.send(.resume("r", ticket)).disposition == .rejected(.budgetExhausted))
        #expect(
            world.send(.resume("r", ticket, .raising(steps: 3))).disposition == .rejected(.payloadInvalid))
        #expect(
            world.send(.resume("r", ticket, .raising(steps: 4))).disposition == .rejected(.budgetExhausted))
        #expect(
            world.send(.resume("r", ticket, .raising(steps: .max))).disposition == .rejected(.payloadInvalid))
        let resumed = world.send(.resume("r", ticket, .raising(steps: 5)))
        #expect(resumed.deeds.suffix(2) == ["start r/5/1 y", "start r/6/1 z"])
        world.complete("r/5/1")
        #expect(world.complete("r/6/1").events.last == "run.interrupted")
        let ended = world.send(.resume("r", .interruption("r", 2), .raising(steps: 6)))
        #expect(ended.deeds.last == "start r/7/1 code_generation")
        #expect(world.complete("r/7/1").events.last == "run.completed")
    }

    @Test func `R11 a run whose template says so fails at its limit of steps`() {
        var template = Template.coding
        template.limits.steps = 1
        template.onLimit = .fail
        var world = World()
        world.open(template)
        #expect(world.complete("r/2/1", calls: [.safe("a", "x")]).events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .limitExceeded)
        var enough = World()
        enough.open(template)
        #expect(enough.complete("r/2/1").events.last == "run.completed")
    }

    @Test func `R15 a late answer of a finished run touches nothing`() {
        var world = World()
        world.open()
        world.complete("r/2/1")
        world.send(.userMessage(Run.Request("More.")), id: "q")
        let before = world.conversation
        for kind: Run.Signal.Kind in [
            .started(world.execution("r/2/1")), .progress(world.execution("r/2/1"), "late"),
            .completed(world.execution("r/2/1"), Run.Result(output: "late")),
            .failed(world.execution("r/2/1"), Run.Failure(.unknown, "late")),
            .canceled(world.execution("r/2/1"), effectBegan: true),
            .policyDecided(world.execution("r/2/1"), Run.Decision(.deny, rule: "late")),
        ] {
            let effect = world.send(kind)
            #expect(effect == World.Effect(disposition: .stale, directives: []), "\(kind.word)")
            #expect(world.conversation == before)
        }
        #expect(world.run?.id == "q" && world.run?.status == .running)
    }

    @Test func `a late started or progress after a terminal changes nothing`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.safe("a", "x"), .safe("b", "y")])
        world.complete("r/3/1")
        let before = world.conversation
        #expect(world.send(.started(world.execution("r/3/1"))).disposition == .stale)
        #expect(world.send(.progress(world.execution("r/3/1"), "x")).disposition == .stale)
        #expect(world.conversation == before)
    }

    @Test func `an answer without calls is committed, made an artifact, and completes the run`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.safe("w", "write_file"), .safe("t", "command.run.test")])
        world.complete("r/3/1", ["path": "a.txt", "before": "1", "after": "2"])
        world.complete("r/4/1", ["exitCode": 0])
        let effect = world.complete("r/5/1", "All green.")
        #expect(
            effect.events == [
                "strategy.completed r/5/1", "step.completed 5", "step.ready 6", "assistant.message",
                "step.completed 6", "step.ready 7", "step.completed 7", "run.completed",
            ])
        #expect(world.conversation.active == nil)
        #expect(
            world.conversation.messages == [.user("Fix it."), .assistant("All green.", calls: [])])
        guard
            case .publish(let event)? = effect.directives.last(where: { directive in
                if case .publish = directive { true } else { false }
            }), case .run(_, .completed(let artifact)) = event.kind
        else { return #expect(Bool(false)) }
        #expect(artifact["summary"] == "All green.")
        #expect(artifact["files"] == [["path": "a.txt", "before": "1", "after": "2"]])
        #expect(artifact["commands"] == [["name": "command.run.test", "exitCode": 0]])
    }

    @Test func `a tool that changes several files lists them, and each file counts once`() {
        var world = World()
        world.open()
        world.complete(
            "r/2/1", calls: [.safe("w", "write_file"), .safe("p", "apply_patch"), .safe("q", "apply_patch")])
        world.complete("r/3/1", ["path": "a.txt", "after": "1"])
        world.complete(
            "r/4/1",
            [
                "files": [
                    ["path": "a.txt", "before": "1", "after": "2", "offsets": [3]],
                    ["path": "b.txt", "before": "3"],
                    ["path": "c.txt", "after": "4"], ["path": "d.txt", "before": "5", "after": "6"],
                ]
            ])
        // Found is not changed, and what was made and is gone again was not changed either.
        world.complete(
            "r/5/1",
            [
                "files": [
                    ["path": "c.txt", "before": "4"], ["path": "d.txt", "before": "6"], ["path": "e.txt"],
                    "f.txt",
                ]
            ])
        let effect = world.complete("r/6/1", "All moved.")
        let artifacts = effect.directives.compactMap { directive -> JSON? in
            guard case .publish(let event) = directive, case .run(_, .completed(let artifact)) = event.kind
            else {
                return nil
            }
            return artifact
        }
        #expect(
            artifacts.first?["files"] == [
                ["path": "a.txt", "after": "2"], ["path": "b.txt", "before": "3"],
                ["path": "d.txt", "before": "5"],
            ])
    }

    @Test func `a blank answer fails the run`() {
        var world = World()
        world.open()
        #expect(world.complete("r/2/1", " \n\t").events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .provider)
    }

    @Test func `R4 a message while a run is active is rejected where it asks for that`() {
        var world = World()
        world.open()
        let before = world.conversation
        let effect = world.send(.userMessage(Run.Request("And this?", whenBusy: .reject)))
        #expect(effect.disposition == .rejected(.busy))
        #expect(effect.lines == ["publish request.rejected busy"])
        #expect(world.conversation == before)
    }

    @Test func `far too many calls, or a final answer that is no text, fail the run`() {
        var template = Template.coding
        template.limits.steps = 1_000
        var world = World()
        world.open(template)
        let calls = (1...257).map { number in Run.Call.safe("\(number)", "read_file") }
        #expect(world.complete("r/2/1", calls: calls).events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .limitExceeded)

        var other = World()
        other.open()
        other.complete("r/2/1", ["text": "Done."])
        other.complete("r/3/1", ["text": "Done."])
        #expect(other.complete("r/4/1", ["text": "Done."]).events.last == "run.failed")
        #expect(other.conversation.finished.last?.failure?.category == .validation)
    }

    @Test func `calls beyond the limit of one answer fail and the model is told`() {
        var template = Template.coding
        template.limits.steps = 100
        var world = World()
        world.open(template)
        let calls = (1...70).map { number in Run.Call.safe("\(number)", "read_file") }
        let effect = world.complete("r/2/1", calls: calls)
        #expect(effect.deeds.filter { deed in deed.hasPrefix("start") }.count == 4)
        #expect(world.run?.steps.filter { step in step.failure?.category == .limitExceeded }.count == 6)
    }
}

struct Missing: Error {}
