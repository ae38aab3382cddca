import PipelineCore
import Testing

/// Cancels of every scope, alone and one over the other.
struct CancelScenarioTests {
    @Test func `C9 an idle conversation is canceled without a run event`() {
        var world = World()
        let canceled = world.send(.cancelConversation(reason: "x"))
        #expect(canceled.disposition == .applied && canceled.lines == ["publish canceled"])
        #expect(world.conversation.status == .canceled)
        #expect(world.refused(.cancelConversation(reason: "y")) == .unchanged)
        #expect(world.refused(.userMessage(Run.Request("Go."))) == .rejected(.conversationCanceled))
        #expect(
            world.send(.switchMode(Run.ModeSwitch(to: .named("planning")))).disposition == .applied)
        let resumed = world.send(.resumeConversation)
        #expect(resumed.disposition == .applied && resumed.lines == ["publish resumed"])
        #expect(world.refused(.resumeConversation) == .rejected(.notCanceled))
        #expect(world.open().disposition == .applied)
    }

    @Test func `C9 a finished run cannot be canceled, and a cancel is not done twice`() {
        var world = World()
        world.open()
        world.send(.cancel("r", reason: "x"))
        #expect(world.refused(.cancel("r", reason: "y")) == .unchanged)
        world.cancelAnswer("r/2/1")
        #expect(world.refused(.cancel("r", reason: "y")) == .rejected(.runTerminal))
        #expect(world.refused(.cancelStep("r", ordinal: 2, reason: "y")) == .rejected(.runTerminal))
        #expect(world.refused(.cancel("none", reason: "y")) == .rejected(.runNotFound))
        #expect(world.conversation.finished.last?.reason == "x")
    }

    @Test func `C10 after an accepted cancel a last answer completes its step and not the run`() {
        var world = World()
        world.open()
        world.send(.cancel("r", reason: "x"))
        let answered = world.complete("r/2/1", "Done.", calls: [.safe("a", "read_file")])
        #expect(answered.events == ["strategy.completed r/2/1", "step.completed 2", "run.canceled"])
        #expect(answered.deeds == ["disarm r/2/1/grace/0"])
        #expect(world.conversation.messages == [.user("Fix it.")])
    }

    @Test func `C11 an abandoned execution of a canceled run is failed, and no evidence counts later`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.safe("a", "read_file"), .once("b", "deploy")])
        world.send(.cancel("r", reason: "x"))
        #expect(
            world.fire("r/3/1/grace/0").events == [
                "timer.fired r/3/1/grace/0", "execution.abandoned r/3/1", "tool.failed r/3/1",
                "step.failed 3",
            ])
        #expect(world.run?.step(3)?.failure?.category == .outcomeUnknown)
        #expect(world.run?.step(3)?.failure?.code == "abandoned")
        #expect(world.refused(.completed(world.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        #expect(world.fire("r/4/1/grace/0").events.last == "run.canceled")
        #expect(world.refused(.completed(world.execution("r/4/1"), Run.Result(output: "x"))) == .stale)
    }

    @Test func `C13 one tool of two is canceled, and the strategy is told`() throws {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy"), .safe("b", "read_file")])
        let told = world.send(.cancelStep("r", ordinal: 3, reason: "not that"))
        #expect(
            told.lines == [
                "publish step.open 3", "disarm r/3/1/attempt/0", "cancel r/3/1", "arm r/3/1/grace/0 at 6000",
            ])
        #expect(world.refused(.cancelStep("r", ordinal: 3, reason: "again")) == .unchanged)
        #expect(world.refused(.cancelStep("r", ordinal: 2, reason: "x")) == .rejected(.stepTerminal))
        #expect(world.refused(.cancelStep("r", ordinal: 1, reason: "x")) == .rejected(.stepTerminal))
        // Whatever else it says than that it completed, it was canceled.
        #expect(
            world.fail("r/3/1", .transport).events == ["tool.failed r/3/1", "step.canceled 3"])
        #expect(world.run?.step(3)?.failure?.message == "not that")
        let joined = world.complete("r/4/1")
        #expect(joined.deeds.last == "start r/5/1 code_generation")
        #expect(world.run?.step(5)?.reason == .continueAfterToolFailure)
        #expect(world.refused(.cancelStep("r", ordinal: 5, reason: "x")) == .rejected(.stepNotCancelable))
    }

    @Test func `C13 a canceled step that completes all the same is completed, an abandoned one has failed`() {
        for answer in ["completed", "abandoned", "lost"] {
            var world = World()
            world.open()
            world.complete("r/2/1", calls: [.safe("a", "read_file"), .gated("b", "deploy")])
            world.send(.cancelStep("r", ordinal: 3, reason: "x"))
            switch answer {
            case "completed": world.complete("r/3/1", "text")
            case "abandoned": world.fire("r/3/1/grace/0")
            default: world.send(.restarted)
            }
            let step = world.run?.step(3)
            #expect(step?.status == (answer == "completed" ? .completed : .failed), "\(answer)")
            #expect(step?.failure?.category == (answer == "completed" ? nil : .outcomeUnknown), "\(answer)")
            #expect(step?.attempts == 1)
        }
    }

    @Test func `C13 a step with nothing open is canceled at once, wherever it waits`() {
        var gated = World(.running)
        #expect(
            gated.send(.cancelStep("r", ordinal: 4, reason: "x")).lines == [
                "publish gate.withdrawn r/4/gate/1", "publish step.canceled 4", "withdraw r/4/gate/1",
            ])
        var waiting = World(.running)
        waiting.fail("r/3/1", .transport)
        #expect(
            waiting.send(.cancelStep("r", ordinal: 3, reason: "x")).lines == [
                "publish step.canceled 3", "disarm r/3/1/backoff/0",
            ])
        var unknown = World()
        unknown.open()
        unknown.complete("r/2/1", calls: [.once("a", "deploy"), .gated("b", "deploy")])
        unknown.send(.restarted)
        #expect(
            unknown.send(.cancelStep("r", ordinal: 3, reason: "x")).events == [
                "gate.withdrawn r/3/gate/1", "step.failed 3",
            ])
        #expect(unknown.run?.step(3)?.failure?.category == .outcomeUnknown)
        var parked = World(.interrupted)
        #expect(parked.send(.cancelStep("r", ordinal: 3, reason: "x")).lines == ["publish step.canceled 3"])
        #expect(parked.status(of: "r") == .interrupted)
        #expect(
            parked.send(.resume("r", .interruption("r", 1))).deeds == [
                "arm r/0/0/run/1 at 61000", "ask approval r/4/gate/1",
            ])
    }

    @Test func `C13 a canceled gate of the mode counts as denied, a canceled timer ends its run`() {
        let steps = [
            Template.Step("wait", .wait(1_000), next: "ask"),
            Template.Step("ask", .gate(Template.Gate("May I?")), next: "end"), Template.Step("end", .commit),
        ]
        var gated = World()
        gated.open(.of(steps))
        gated.fire("r/1/0/wait/0")
        #expect(
            gated.send(.cancelStep("r", ordinal: 2, reason: "no")).events.last == "run.failed")
        #expect(gated.conversation.finished.last?.failure?.category == .gateDenied)
        var timed = World()
        timed.open(.of(steps))
        let canceled = timed.send(.cancelStep("r", ordinal: 1, reason: "no"))
        #expect(canceled.deeds == ["disarm r/1/0/wait/0"])
        #expect(timed.conversation.finished.last?.failure?.category == .canceled)
    }

    @Test func `C13 a run's cancel goes over a step's, and the conversation's over both`() {
        var world = World()
        world.open()
        world.send(.userMessage(Run.Request("Later.")), id: "q")
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "deploy")])
        world.send(.cancelStep("r", ordinal: 3, reason: "step"))
        world.time += 1_000
        let run = world.send(.cancel("r", reason: "run"))
        #expect(
            run.deeds == ["disarm r/4/1/attempt/0", "cancel r/4/1", "arm r/4/1/grace/0 at 7000"])
        let all = world.send(.cancelConversation(reason: "all"))
        #expect(
            all.events == ["canceled", "run.stopping", "run.canceled"],
            "the queued request ends; run r is canceled already")
        #expect(world.refused(.userMessage(Run.Request("Go."))) == .rejected(.conversationCanceled))
        #expect(world.refused(.resumeConversation) == .rejected(.stillStopping))
        world.cancelAnswer("r/3/1")
        #expect(world.cancelAnswer("r/4/1").events.last == "run.canceled")
        #expect(world.conversation.status == .canceled && world.conversation.queue.isEmpty)
        #expect(world.conversation.finished.map { summary in summary.reason } == ["all", "run"])
    }

    @Test func `C13 a conversation's cancel ends queued, parked and active runs in order`() {
        var world = World(.interrupted)
        world.send(.userMessage(Run.Request("Active.")), id: "a")
        world.send(.userMessage(Run.Request("Queued.")), id: "q")
        world.send(.userMessage(Run.Request("Queued too.")), id: "p")
        let canceled = world.send(.cancelConversation(reason: "x"))
        #expect(
            canceled.deeds == [
                "disarm a/2/1/attempt/0", "withdraw r/4/gate/1", "cancel a/2/1", "arm a/2/1/grace/0 at 6000",
            ])
        #expect(
            world.conversation.finished.map { summary in summary.run } == ["q", "p", "r"])
        #expect(world.cancelAnswer("a/2/1").events.last == "run.canceled")
        #expect(world.conversation.parked.isEmpty && world.conversation.status == .canceled)
    }

    @Test func `C15 after a canceled conversation goes on, answers of the old run are stale`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.safe("a", "read_file")])
        world.send(.cancelConversation(reason: "x"))
        world.fire("r/3/1/grace/0")
        world.send(.resumeConversation)
        #expect(world.refused(.resume("r", .interruption("r", 1))) == .rejected(.runTerminal))
        for kind: Run.Signal.Kind in [
            .started(world.execution("r/3/1")), .completed(world.execution("r/3/1"), Run.Result(output: "x")),
            .failed(world.execution("r/3/1"), Run.Failure(.unknown, "x")),
            .canceled(world.execution("r/3/1"), effectBegan: true),
        ] {
            #expect(world.refused(kind) == .stale)
        }
        world.send(.userMessage(Run.Request("Anew.")), id: "n")
        #expect(world.refused(.completed(world.execution("r/3/1"), Run.Result(output: "x"))) == .stale)
        #expect(world.conversation.messages == [.user("Fix it."), .user("Anew.")])
        #expect(world.complete("n/2/1").events.last == "run.completed")
    }
}
