import PipelineCore
import Testing

/// The timers of a run: when each is armed, what it does, and when it stands still. And what a run waits for.
struct DeadlineScenarioTests {
    private func timers(_ world: World) -> [String] {
        world.run?.timers.map { timer in "\(timer.id) at \(timer.at)" } ?? []
    }

    @Test func `the run's deadline fails it, cancels what is open, and stands still while it is interrupted`()
    {
        var world = World()
        world.open(.coding { template in template.limits.wall = 60_000 })
        #expect(timers(world) == ["r/0/0/run/0 at 61000", "r/2/1/attempt/0 at 121000"])
        world.time = 11_000
        world.send(.interrupt("r", reason: "x"))
        #expect(timers(world) == ["r/2/1/grace/0 at 16000"])
        world.time = 14_000
        world.cancelAnswer("r/2/1")
        #expect(timers(world).isEmpty)
        world.time = 111_000
        world.send(.resume("r", .interruption("r", 1)))
        #expect(timers(world) == ["r/0/0/run/1 at 161000", "r/2/2/attempt/1 at 231000"])
        #expect(world.fire("r/0/0/run/0").disposition == .stale)
        let fired = world.fire("r/0/0/run/1")
        #expect(
            fired.deeds == [
                "disarm r/0/0/run/1", "disarm r/2/2/attempt/1", "cancel r/2/2",
                "arm r/2/2/grace/1 at 116000",
            ])
        #expect(world.run?.stop?.kind == .fail && world.run?.stop?.reason == "runDeadline")
        #expect(world.complete("r/2/2").events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .runDeadline)
    }

    @Test func `a crash does not stop the clock of a deadline`() {
        var world = World()
        world.open(.coding { template in template.limits.wall = 60_000 })
        world.time = 60_999
        let restarted = world.send(.restarted)
        #expect(restarted.deeds.first == "arm r/0/0/run/0 at 61000")
        #expect(restarted.deeds.last == "start r/2/2 code_generation")
        #expect(world.fire("r/0/0/run/0").disposition == .applied)
    }

    @Test(arguments: [61_000, 500_000] as [Run.Milliseconds])
    func `G10 a run whose time is over starts nothing, though its timer is late`(time: Run.Milliseconds) {
        for isCrash in [true, false] {
            var world = World()
            world.open(.coding { template in template.limits.wall = 60_000 })
            world.time = time
            let effect =
                isCrash ? world.send(.restarted) : world.complete("r/2/1", calls: [.once("a", "deploy")])
            #expect(effect.deeds.allSatisfy { deed in deed.hasPrefix("disarm") }, "\(effect.deeds)")
            #expect(effect.events.last == "run.failed" && effect.events.contains("limit.reached"))
            #expect(world.conversation.finished.last?.failure?.category == .runDeadline)
            #expect(world.fire("r/0/0/run/0").disposition == .stale)
        }
    }

    @Test func `G10 what is done without a start is done when the time is over too`() {
        var world = World()
        world.open(.coding { template in template.limits.wall = 60_000 })
        world.time = 61_000
        #expect(world.complete("r/2/1").events.last == "run.completed")
    }

    @Test func `a step's deadline ends it wherever it is, with its category`() {
        for place in ["open", "backoff", "gate", "unknown"] {
            var world = World()
            world.open(.coding { template in template.tool.scheduleToClose = 40_000 })
            let call: Run.Call =
                place == "gate"
                ? .gated("a", "deploy") : place == "unknown" ? .once("a", "deploy") : .safe("a", "x")
            world.complete("r/2/1", calls: [call, .gated("b", "deploy")])
            if place == "backoff" { world.fail("r/3/1", .transport) }
            if place == "unknown" { world.send(.restarted) }
            #expect(timers(world).contains("r/3/0/step/0 at 41000"), "\(place)")
            let fired = world.fire("r/3/0/step/0")
            #expect(fired.deeds.contains("cancel r/3/1") == (place == "open"), "\(place)")
            if place == "open" {
                // It is being ended: only what bounds that is armed, and it takes place once.
                #expect(
                    timers(world).filter { timer in timer.hasPrefix("r/3/") } == ["r/3/1/grace/0 at 6000"])
                #expect(world.fire("r/3/0/step/0").disposition == .stale)
                world.cancelAnswer("r/3/1")
            }
            let category: Run.Failure.Category = place == "unknown" ? .outcomeUnknown : .scheduleToClose
            #expect(
                world.run?.step(3)?.status == .failed && world.run?.step(3)?.failure?.category == category)
            #expect(!timers(world).contains { timer in timer.hasPrefix("r/3/") }, "\(place)")
        }
    }

    @Test func `a step's deadline stands still while the run is interrupted, and spans its attempts`() {
        var world = World()
        world.open(.coding { template in template.llm.scheduleToClose = 300_000 })
        world.time = 51_000
        world.send(.interrupt("r", reason: "x"))
        world.time = 52_000
        world.cancelAnswer("r/2/1")
        world.time = 151_000
        world.send(.resume("r", .interruption("r", 1)))
        #expect(timers(world) == ["r/2/2/attempt/1 at 271000", "r/2/0/step/1 at 401000"])
        world.fire("r/2/0/step/1")
        #expect(world.complete("r/2/2").events.last == "run.completed", "work done is kept")
    }

    @Test func `an attempt timer tells once, and completed inside the grace time counts`() {
        var world = World(.running)
        let told = world.fire("r/3/1/attempt/0")
        #expect(
            told.lines == [
                "publish timer.fired r/3/1/attempt/0", "disarm r/3/1/attempt/0", "cancel r/3/1",
                "arm r/3/1/grace/0 at 6000",
            ])
        #expect(world.fire("r/3/1/attempt/0").disposition == .stale)
        #expect(
            world.send(.interrupt("r", reason: "x")).deeds.allSatisfy { deed in deed.hasPrefix("disarm r/0") }
        )
        #expect(
            world.complete("r/3/1", "text").events.prefix(2) == ["tool.completed r/3/1", "step.completed 3"])
    }

    @Test func `a timer step waits, over an interruption too, and then the mode goes on`() {
        var world = World()
        world.open(.of([Template.Step("nap", .wait(5_000), next: "end"), Template.Step("end", .commit)]))
        #expect(timers(world) == ["r/1/0/wait/0 at 6000"])
        #expect(world.run?.blockers == [.timer(ordinal: 1, until: 6_000)])
        #expect(world.send(.interrupt("r", reason: "x")).events.last == "run.interrupted")
        #expect(world.run?.interruption?.inFlight == .timer)
        world.time = 3_000
        #expect(world.send(.resume("r", .interruption("r", 1))).deeds == ["arm r/1/0/wait/1 at 6000"])
        #expect(world.send(.restarted).deeds == ["arm r/1/0/wait/1 at 6000"])
        #expect(world.fire("r/1/0/wait/1").events.last == "run.completed")
    }

    @Test func `R8 pauses double up to their cap, a runner may ask for longer, and jitter only shortens`() {
        var world = World()
        world.open(
            .coding { template in
                template.llm = Template.Policy(
                    maxAttempts: 6, backoff: 100, longestBackoff: 250, startToClose: nil)
            })
        for (attempt, pause) in [(1, 100), (2, 200), (3, 250), (4, 250)] {
            #expect(
                world.fail("r/2/\(attempt)", .transport).deeds
                    == ["arm r/2/\(attempt)/backoff/0 at \(1_000 + pause)"])
            world.fire("r/2/\(attempt)/backoff/0")
        }
        let patient = Run.Failure(.provider, "slow down", retryAfter: 9_000)
        #expect(
            world.send(.failed(world.execution("r/2/5"), patient)).deeds == ["arm r/2/5/backoff/0 at 10000"])

        var jittered = World()
        jittered.open(.coding { template in template.llm.jitter = 50 })
        jittered.fail("r/2/1", .transport)
        let due = jittered.run?.step(2)?.due ?? 0
        #expect((1_050...1_100).contains(due))
        var twin = World()
        twin.open(.coding { template in template.llm.jitter = 50 })
        twin.fail("r/2/1", .transport)
        #expect(twin.run?.step(2)?.due == due)
    }

    @Test func `R9 one attempt fails once`() {
        var world = World()
        world.open()
        world.fail("r/2/1", .transport)
        #expect(world.refused(.failed(world.execution("r/2/1"), Run.Failure(.transport, "again"))) == .stale)
        #expect(world.run?.step(2)?.tries == 1)
    }

    @Test func `R10 canceled is never tried again, though its runner says retryable`() {
        var world = World(.running)
        world.send(
            .failed(world.execution("r/3/1"), Run.Failure(.canceled, "x", isRetryable: true)))
        #expect(world.run?.step(3)?.status == .failed && world.run?.step(3)?.attempts == 1)
    }

    @Test func `what a run waits for, in every phase`() {
        let gate = Run.Blocker.gate(.gate("r", ordinal: 4, 1), .approval, until: nil)
        let open = Run.Execution.ID(run: "r", ordinal: 3, attempt: 1)
        let told = Run.Blocker.settling(open, until: 6_000)
        for (phase, blockers) in [
            (Phase.pending, [.queued(behind: "q")]), (.running, [.execution(open, until: 31_000), gate]),
            (.stoppingToInterrupt, [told, gate]), (.stoppingToFail, [told]), (.stoppingToCancel, [told]),
            (.interrupted, [.resume(.interruption("r", 1)), gate]), (.ended, []),
        ] as [(Phase, [Run.Blocker])] {
            #expect(World(phase).conversation.blockers(of: "r") == blockers, "\(phase)")
        }
        var waiting = World(.running)
        waiting.fail("r/3/1", .transport)
        #expect(waiting.run?.blockers == [.timer(ordinal: 3, until: 1_100), gate])
        var queued = World(.pending)
        queued.send(.userMessage(Run.Request("Third.")), id: "s")
        #expect(queued.conversation.blockers(of: "s") == [.queued(behind: "r")])
        #expect(queued.conversation.blockers(of: "none").isEmpty)
        var expiring = World()
        expiring.open(.coding { template in template.gates.timeout = 9_000 })
        expiring.complete("r/2/1", calls: [.gated("a", "deploy")])
        let ticket = Run.Ticket.gate("r", ordinal: 3, 1)
        #expect(expiring.run?.blockers == [.gate(ticket, .approval, until: 10_000)])
    }
}
