import PipelineCore
import Testing

/// Requests that wait for the conversation, and interrupted runs that hold them back.
struct QueueScenarioTests {
    private func ask(_ text: String, _ template: Template = .coding) -> Run.Signal.Kind {
        .userMessage(Run.Request(text, template: template))
    }

    @Test func `R4 a second message waits, and starts in the signal that ends the first run`() {
        var world = World()
        world.open()
        let queued = world.send(ask("And then?"), id: "q")
        #expect(queued.disposition == .applied)
        #expect(queued.lines == ["publish run.opened"])
        #expect(world.status(of: "q") == .pending)
        #expect(world.conversation.messages == [.user("Fix it.")])
        world.send(ask("And then?"), id: "p")
        #expect(world.conversation.queue.map { run in run.id } == ["q", "p"])

        let ended = world.complete("r/2/1")
        #expect(ended.events.contains("run.completed"))
        #expect(
            ended.lines.suffix(9) == [
                "publish user.message", "publish run.started", "publish step.ready 1",
                "publish step.completed 1", "publish step.ready 2", "publish strategy.requested q/2/1",
                "disarm r/2/1/attempt/0", "arm q/2/1/attempt/0 at 121000", "start q/2/1 code_generation",
            ])
        #expect(
            world.conversation.messages == [
                .user("Fix it."), .assistant("Done.", calls: []), .user("And then?"),
            ])
        world.send(.cancel("q", reason: "x"))
        #expect(world.cancelAnswer("q/2/1").deeds.last == "start p/2/1 code_generation")
        #expect(world.fail("p/2/1", .auth).events.last == "run.failed")
        #expect(world.conversation.queue.isEmpty && world.conversation.status == .idle)
    }

    @Test func `R4 a queued request is pinned to the mode that held when it came`() {
        var world = World()
        world.open()
        world.send(.userMessage(Run.Request("And then?", mode: .current)), id: "q")
        world.send(
            .switchMode(Run.ModeSwitch(to: .named("planning"), isForced: true)), by: .operator("ada"))
        #expect(world.conversation.queue.map { run in run.template.mode } == ["coding"])
        #expect(world.conversation.mode == "planning")
    }

    @Test func `R4 a request that wants no queue is turned away while a run is active`() {
        for phase in [Phase.pending, .running, .stoppingToInterrupt, .stoppingToFail, .stoppingToCancel] {
            var world = World(phase)
            let busy = Run.Signal.Kind.userMessage(Run.Request("Now!", whenBusy: .reject))
            #expect(world.refused(busy) == .rejected(.busy), "\(phase)")
        }
        var idle = World(.ended)
        #expect(idle.send(.userMessage(Run.Request("Now!", whenBusy: .reject))).disposition == .applied)
    }

    @Test func `R4 ten thousand requests wait, and one more only when another was withdrawn`() {
        var world = World()
        world.open()
        // Each of them carries its mode: a small one.
        let more = ask("More.", .of([Template.Step("end", .wait(5))]))
        var applied = 0
        for number in 1...10_000 where world.send(more, id: "q\(number)").disposition == .applied {
            applied += 1
        }
        #expect(applied == 10_000 && world.conversation.queue.count == 10_000)
        #expect(world.refused(more) == .rejected(.queueFull))
        #expect(world.send(.withdraw("q5000", reason: "x")).disposition == .applied)
        #expect(world.send(more, id: "q10001").lines == ["publish run.opened"])
        #expect(world.conversation.queue.last?.id == "q10001")
        #expect(world.send(more).disposition == .rejected(.queueFull))
    }

    @Test func `R4 a known request is a duplicate also when its id is forgotten`() {
        var world = World()
        world.open()
        for number in 1...257 {
            world.send(ask("More."), id: "q\(number)")
            world.send(.withdraw(Run.ID("q\(number)"), reason: "x"))
        }
        #expect(world.refused(.withdraw("r", reason: "x")) == .rejected(.requestNotQueued))
        let before = world.bytes
        #expect(world.open() == World.Effect(disposition: .duplicate, directives: []))
        let finished = Run.Signal.Kind.userMessage(Run.Request("More."))
        #expect(world.send(finished, id: "q257").disposition == .duplicate)
        #expect(world.bytes == before)
    }

    @Test func `C13 a queued request is taken back, and the others keep their order`() {
        var world = World()
        world.open()
        for name in ["p", "q", "s"] { world.send(ask("More."), id: name) }
        let withdrawn = world.send(.withdraw("q", reason: "no more"))
        #expect(withdrawn.lines == ["publish run.stopping", "publish run.canceled"])
        #expect(world.conversation.finished.last?.reason == "no more")
        #expect(world.conversation.queue.map { run in run.id } == ["p", "s"])
        #expect(world.send(.cancel("p", reason: "x")).events.last == "run.canceled")
        #expect(world.refused(.withdraw("r", reason: "x")) == .rejected(.requestNotQueued))
        #expect(world.refused(.withdraw("q", reason: "x")) == .rejected(.runTerminal))
        #expect(world.refused(.withdraw("none", reason: "x")) == .rejected(.requestNotQueued))
        #expect(world.complete("r/2/1").deeds.last == "start s/2/1 code_generation")
    }

    @Test func `C4 a pending run cannot be interrupted, resumed or asked`() {
        var world = World(.pending)
        #expect(world.refused(.interrupt("r", reason: "x")) == .rejected(.notStarted))
        #expect(world.refused(.resume("r", .interruption("r", 1))) == .rejected(.notInterrupted))
        #expect(world.refused(.cancelStep("r", ordinal: 1, reason: "x")) == .rejected(.stepNotFound))
        #expect(
            world.refused(.gateAnswer(.gate("r", ordinal: 1, 1), .approve)) == .rejected(.staleTicket))
        for kind: Run.Signal.Kind in [
            .started(world.execution("r/2/1")), .completed(world.execution("r/2/1"), Run.Result(output: "x")),
            .timerFired(Run.Timer.ID(owner: world.execution("r/2/1"), kind: .attempt, interruptions: 0)),
        ] {
            #expect(world.refused(kind) == .stale)
        }
    }

    @Test func `C21 an interrupted run holds the queue until a new request comes`() {
        var world = World()
        world.open()
        world.send(ask("Second."), id: "q")
        world.send(.interrupt("r", reason: "x"))
        let parked = world.cancelAnswer("r/2/1")
        #expect(parked.events.last == "run.interrupted" && parked.deeds == ["disarm r/2/1/grace/0"])
        #expect(world.conversation.status == .idle && world.conversation.holder == "r")
        #expect(world.conversation.blockers(of: "q") == [.held(by: "r")])

        let third = world.send(ask("Third."), id: "p")
        #expect(third.deeds.last == "start q/2/1 code_generation")
        #expect(world.conversation.queue.map { run in run.id } == ["p"])
        #expect(world.conversation.holder == nil)
        #expect(world.refused(.resume("r", .interruption("r", 1))) == .rejected(.anotherRunActive))
        #expect(world.complete("q/2/1").deeds.last == "start p/2/1 code_generation")
        world.complete("p/2/1")
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/2/2 code_generation")
        #expect(world.complete("r/2/2").events.last == "run.completed")
    }

    @Test func `C21 the queue goes on when the run that holds it ends, however it ends`() {
        for end in ["cancel", "resume", "answer"] {
            var world = World()
            world.open()
            world.send(ask("Second."), id: "q")
            world.complete("r/2/1", calls: [.once("a", "deploy")])
            world.send(.interrupt("r", reason: "x"))
            if end == "resume" {
                world.complete("r/3/1", "deployed")
                world.send(.resume("r", .interruption("r", 1)))
                #expect(world.conversation.queue.count == 1)
                #expect(world.complete("r/4/1").deeds.last == "start q/2/1 code_generation")
            } else {
                world.cancelAnswer("r/3/1")
                let last: Run.Signal.Kind =
                    end == "cancel"
                    ? .cancel("r", reason: "x") : .gateAnswer(.gate("r", ordinal: 3, 1), .failRun)
                #expect(world.send(last).deeds.last == "start q/2/1 code_generation")
                #expect(world.status(of: "r") == (end == "cancel" ? .canceled : .failed))
            }
        }
    }

    @Test(arguments: [Run.Status.completed, .failed, .canceled])
    func `C21 a parked run that ends is filed once, and is parked no longer`(status: Run.Status) {
        var world = World()
        world.open()
        if status != .completed { world.complete("r/2/1", calls: [.once("a", "deploy")]) }
        world.send(.interrupt("r", reason: "x"))
        if status == .completed { world.complete("r/2/1") } else { world.cancelAnswer("r/3/1") }
        #expect(world.conversation.parked.map { run in run.id } == ["r"])
        switch status {
        case .completed: world.send(.resume("r", .interruption("r", 1)))
        case .failed: world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .failRun))
        case .canceled, .pending, .running, .interrupted: world.send(.cancel("r", reason: "x"))
        }
        #expect(world.conversation.parked.isEmpty && world.conversation.run("r") == nil)
        #expect(world.conversation.finished.map { summary in summary.status } == [status])
        for kind: Run.Signal.Kind in [
            .resume("r", .interruption("r", 1)), .interrupt("r", reason: "x"), .cancel("r", reason: "x"),
            .cancelStep("r", ordinal: 2, reason: "x"), .withdraw("r", reason: "x"),
            .gateAnswer(.gate("r", ordinal: 3, 1), .skip),
        ] {
            #expect(world.refused(kind) == .rejected(.runTerminal), "\(kind.word)")
        }
        // Another process takes up what is parked: here nothing is.
        #expect(world.send(.restarted).lines == ["publish engine.restarted"])
        #expect(world.conversation.finished.map { summary in summary.run } == ["r"])
    }

    @Test func `C21 another parked run that ends does not let the queue go on`() {
        var world = World()
        for name in ["r", "q"] {
            world.send(ask("Do it."), id: name)
            if name == "q" { world.send(ask("Wait."), id: "p") }
            world.send(.interrupt(Run.ID(name), reason: "x"))
            world.cancelAnswer("\(name)/2/1")
        }
        #expect(world.conversation.holder == "q")
        #expect(world.send(.cancel("r", reason: "x")).deeds.isEmpty)
        #expect(world.conversation.blockers(of: "p") == [.held(by: "q")])
        #expect(world.send(.cancel("q", reason: "x")).deeds.last == "start p/2/1 code_generation")
    }

    @Test func `C21 a run that is interrupted as it begins holds the queue too`() {
        let poor = Template.coding { template in
            template.limits.tokens = 10
            template.llm.reserve = Run.Usage(tokensIn: 20)
        }
        var world = World()
        world.open()
        for name in ["p", "q", "s"] { world.send(ask("More.", poor), id: name) }
        world.complete("r/2/1")
        #expect(world.conversation.parked.map { run in run.id } == ["p"])
        #expect(world.conversation.queue.map { run in run.id } == ["q", "s"])
        #expect(world.conversation.blockers(of: "q") == [.held(by: "p")])
    }

    @Test func `C21 a ninth interrupted run is parked, and then no request is taken`() {
        var world = World()
        for number in 1...8 {
            world.send(ask("Do it."), id: "r\(number)")
            if number == 8 { world.send(ask("Wait."), id: "r9") }
            world.send(.interrupt(Run.ID("r\(number)"), reason: "x"))
            world.cancelAnswer("r\(number)/2/1")
        }
        #expect(world.refused(ask("More.")) == .rejected(.parkedFull))
        #expect(world.send(.resume("r1", .interruption("r1", 1))).disposition == .applied)
        world.complete("r1/2/2")
        #expect(world.conversation.active?.id == "r9")
        #expect(world.send(.interrupt("r9", reason: "x")).disposition == .applied)
        #expect(world.cancelAnswer("r9/2/1").events.last == "run.interrupted")
        #expect(world.conversation.parked.count == 8)
        #expect(world.refused(ask("More.")) == .rejected(.parkedFull))
    }
}
