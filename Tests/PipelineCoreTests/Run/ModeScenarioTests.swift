import PipelineCore
import Testing

/// Switches of the mode, and what they leave alone.
struct ModeScenarioTests {
    private let planning = Run.ModeSwitch(to: .named("planning"), isForced: true, reason: "plan first")

    @Test func `C14 a forced switch interrupts the run with the reason, and the next run has the new mode`() {
        var world = World()
        world.open()
        let switched = world.send(.switchMode(planning), id: "m", by: .operator("ada"))
        #expect(
            switched.lines == [
                "publish mode.switch.accepted", "publish run.stopping", "disarm r/2/1/attempt/0",
                "cancel r/2/1", "arm r/2/1/grace/0 at 6000",
            ])
        guard case .publish(let event)? = switched.directives.first,
            case .modeSwitched(let change) = event.kind
        else { return #expect(Bool(false)) }
        #expect(change.from == "coding" && change.to == "planning" && change.isForced)
        world.cancelAnswer("r/2/1")
        #expect(world.run?.interruption?.reason == "plan first" && world.run?.interruption?.cause == "m")
        world.send(.userMessage(Run.Request("Plan it.", mode: .current)), id: "q")
        #expect(world.run?.template == .planning)
        world.send(.cancel("q", reason: "x"))
        world.cancelAnswer("q/2/1")
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds.last == "start r/2/2 code_generation")
        #expect(world.run?.template == .coding)
    }

    @Test func `C14 a switch that is not forced waits for nobody`() {
        var world = World(.running)
        let gentle = Run.Signal.Kind.switchMode(Run.ModeSwitch(to: .named("planning")))
        #expect(world.refused(gentle) == .rejected(.activeRunConflict))
        #expect(world.conversation.mode == "coding")
        var idle = World(.interrupted)
        #expect(idle.send(gentle).lines == ["publish mode.switch.accepted"])
        #expect(idle.conversation.mode == "planning" && idle.status(of: "r") == .interrupted)
        idle.send(.userMessage(Run.Request("Wait.")), id: "a")
        idle.send(.userMessage(Run.Request("Wait.")), id: "b")
        idle.send(.interrupt("a", reason: "x"))
        idle.cancelAnswer("a/2/1")
        #expect(idle.conversation.active == nil && idle.conversation.queue.count == 1)
        #expect(idle.refused(gentle) == .rejected(.activeRunConflict), "a request waits")
    }

    @Test func `C14 a switch to what is not there interrupts nothing`() {
        var broken = Template.coding
        broken.steps[0].next = "nowhere"
        for (mode, code) in [
            (Run.Mode.named("poetry"), Run.Rejection.unknownMode), (.defined(broken), .payloadInvalid),
        ] {
            var world = World(.running)
            let change = Run.ModeSwitch(to: mode, isForced: true)
            #expect(world.refused(.switchMode(change), by: .operator("ada")) == .rejected(code))
            #expect(world.run?.stop == nil && world.conversation.mode == "coding")
        }
    }

    @Test func `C14 a switch holds for runs that ask for the current mode only`() {
        var own = Template.coding
        own.mode = "own"
        var world = World()
        world.send(.switchMode(Run.ModeSwitch(to: .defined(own))))
        for (mode, name) in [
            (Run.Mode.current, "own"), (.named("engineering"), "engineering"),
            (.defined(.planning), "planning"),
        ] as [(Run.Mode, Key)] {
            world.send(.userMessage(Run.Request("Go.", mode: mode)), id: "r\(name)")
            #expect(world.run?.template.mode == name)
            world.send(.cancel(Run.ID("r\(name)"), reason: "x"))
            world.cancelAnswer("r\(name)/2/1")
        }
        #expect(world.conversation.mode == "own")
    }

    @Test func `R1 a new conversation has the coding mode`() {
        let conversation = Conversation(id: "c")
        #expect(conversation.mode == "coding" && conversation.status == .idle)
        #expect(conversation.queue.isEmpty && conversation.holder == nil && conversation.cancellation == nil)
        #expect(conversation.current == nil && conversation.blockers(of: "r").isEmpty)
    }
}
