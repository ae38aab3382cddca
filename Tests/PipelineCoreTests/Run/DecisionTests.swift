import PipelineCore
import Testing

/// The decisions of `docs/decisions` that a reducer alone can show, by their numbers.
struct DecisionTests {
    @Test(.bothModes) func `Decision 3 answers match by execution id only`() {
        var world = World()
        world.open()
        let call = Run.Call.safe("same", "read_file")
        world.complete("r/2/1", calls: [call, call])
        world.fail("r/4/1", .transport)
        world.fire("r/4/1/backoff/0")
        #expect(world.steps.suffix(2) == ["3 tool open 1", "4 tool open 2"])
        // The first attempt of step 4 has failed: its answer counts for nobody, though tool and step are the same.
        #expect(world.complete("r/4/1").disposition == .stale)
        #expect(world.complete("r/5/1").disposition == .stale)
        #expect(world.complete("q/3/1").disposition == .stale)
        #expect(world.complete("r/4/2").disposition == .applied)
        #expect(world.steps.suffix(2) == ["3 tool open 1", "4 tool completed 2"])
    }

    @Test func `Decision 4 state is bounded, in one long run and in many`() {
        var template = Template.coding
        template.limits.steps = 10_000
        var world = World()
        world.open(template)
        var strategy = 2
        var sizes: [Int] = []
        for round in 1...400 {
            world.complete("r/\(strategy)/1", calls: [.safe("a", "read_file"), .safe("b", "read_file")])
            world.complete("r/\(strategy + 1)/1", "some text")
            world.complete("r/\(strategy + 2)/1", "some text")
            strategy += 3
            if round % 100 == 0 { sizes.append(world.conversation.json.canonicalBytes.count) }
        }
        #expect(world.run?.steps.count ?? 0 <= 64 + 3)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) < 600, "ordinals get longer, nothing else: \(sizes)")

        var many = World()
        for number in 100...460 {
            many.send(.userMessage(Run.Request("Do it.")), id: "r\(number)")
            many.complete("r\(number)/2/1")
            if number % 120 == 100 { sizes = [many.conversation.json.canonicalBytes.count] }
        }
        #expect(many.conversation.finished.count == 25)
        #expect(many.conversation.messages.count == 40)
        #expect(many.conversation.json.canonicalBytes.count < 12_000)
    }

    @Test func `Decision 4 what a model is shown never has a result without its call`() {
        var template = Template.coding
        template.limits.steps = 10_000
        var world = World()
        world.open(template)
        var strategy = 2
        for _ in 1...60 {
            world.complete("r/\(strategy)/1", calls: [.safe("a", "read_file"), .safe("b", "read_file")])
            world.complete("r/\(strategy + 1)/1")
            world.complete("r/\(strategy + 2)/1")
            strategy += 3
        }
        for case .startExecution(let execution) in world.directives where execution.kind == .strategy {
            var known: Set<String> = []
            for message in execution.context {
                switch message {
                case .assistant(_, let calls): known = Set(calls.map { call in call.id })
                case .tool(let call, _, _, _): #expect(known.contains(call))
                case .user: break
                }
            }
        }
    }

    @Test func `Decision 4 what the template calls is shown to a model as if it had been asked for`() throws {
        let call = Run.Call.safe("lint", "lint")
        let template = try Template.coding.inserting(Template.Step("lint", .call(call)), before: "code")
        var world = World()
        world.open(template)
        guard case .startExecution(let execution)? = world.complete("r/2/1", "clean").directives.last else {
            throw Missing()
        }
        #expect(
            execution.context == [
                .user("Fix it."), .assistant("", calls: [call]),
                .tool(call: "lint", name: "lint", output: "clean", failed: false),
            ])
    }

    @Test(.bothModes) func `Decision 5 ids and keys compare by bytes`() {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        #expect(composed == decomposed, "Swift's own comparison is canonical")
        #expect(Run.ID(composed) != Run.ID(decomposed))
        #expect(JSON.string(composed) != JSON.string(decomposed))
        let object: JSON = [composed: 1, decomposed: 2]
        #expect(object.objectValue?.count == 2)
        var world = World()
        #expect(world.send(.userMessage(Run.Request("One.")), id: composed).disposition == .applied)
        world.complete("\(composed)/2/1")
        #expect(world.send(.userMessage(Run.Request("Two.")), id: decomposed).disposition == .applied)
        #expect(world.complete("\(composed)/2/1").disposition == .stale)
    }

    @Test(.bothModes) func `Decision 6 equal states have equal bytes, and defaults are left out`() throws {
        var one = World()
        one.open()
        one.complete("r/2/1")
        var other = World()
        other.open()
        other.complete("r/2/1")
        #expect(one.conversation.json.canonicalBytes == other.conversation.json.canonicalBytes)
        #expect(one.conversation.json["parked"] == nil && one.conversation.json["active"] == nil)
        #expect(one.conversation.json.canonicalBytes.count < 1_500)
        let bytes = one.conversation.json.canonicalBytes
        #expect(try Conversation(json: try JSON(parsing: bytes)) == one.conversation)
    }

    @Test(.bothModes) func `Decision 7 the armed timers are a function of the state`() throws {
        var world = World()
        world.open()
        world.fail("r/2/1", .transport)
        let restored = try Conversation(json: world.conversation.json)
        #expect(
            restored.active?.timers.map { timer in "\(timer.id) at \(timer.at)" } == [
                "r/2/1/backoff/0 at 1100"
            ])
        let again = world.send(.restarted)
        #expect(again.deeds == ["arm r/2/1/backoff/0 at 1100"])
        // Fired before an interrupt took it away, heard after: stale, also when the same step waits again.
        world.send(.interrupt("r", reason: "x"))
        world.send(.resume("r", .interruption("r", 1)))
        #expect(world.fire("r/2/1/backoff/0").disposition == .stale)
        #expect(world.fire("r/2/1/backoff/1").deeds.last == "start r/2/2 code_generation")
    }
}
