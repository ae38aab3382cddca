import PipelineCore
import PipelineTesting
import Testing

/// The timeline: a projection of events to what is shown.
struct TimelineTests {
    private typealias Timeline = Conversation.Timeline

    /// The events of a world, as the engine numbers them.
    private func events(of world: World) -> [(sequence: Int, event: Run.Event)] {
        let events = world.directives.compactMap { directive in
            if case .publish(let event) = directive { event } else { nil }
        }
        return events.enumerated().map { index, event in (index + 1, event) }
    }

    private func timeline(of world: World, coalescing: Bool = true) -> Timeline {
        var timeline = Timeline(coalescing: coalescing)
        for (sequence, event) in events(of: world) { timeline.take(event, sequence: sequence) }
        return timeline
    }

    /// A strategy that writes these parts.
    private func writing(_ parts: String...) -> World {
        var world = World()
        world.open()
        for part in parts {
            world.time += 10
            world.send(.progress(world.execution("r/2/1"), part))
        }
        return world
    }

    @Test func `each event is an entry with sequence, time, kind, run, subject and text`() throws {
        var world = World()
        world.open()
        world.time = 2_000
        world.complete("r/2/1", "I deploy.", calls: [.once("a", "deploy")])
        world.fail("r/3/1", .config)
        let entries = timeline(of: world).entries
        #expect(entries.map(\.sequence) == Array(1...entries.count))
        #expect(
            entries.map(\.kind) == events(of: world).map { item in String(item.event.type.dropFirst(13)) })
        #expect(
            entries.allSatisfy { entry in entry.run == "r" && !entry.isCut && entry.last == entry.sequence })
        #expect(entries.first?.time == 1_000 && entries.last?.time == 2_000)

        let message = try #require(entries.first { entry in entry.kind == "user.message" })
        #expect(message.text == "Fix it." && message.subject == nil)
        let opened = try #require(entries.first { entry in entry.kind == "run.opened" })
        #expect(opened.text == "coding")
        let ready = try #require(entries.first { entry in entry.kind == "step.ready" })
        #expect(ready.subject == .step(1))
        let answer = try #require(entries.first { entry in entry.kind == "strategy.completed" })
        #expect(answer.text == "code_generation: I deploy.")
        #expect(answer.subject == .execution(world.execution("r/2/1")))
        let failed = try #require(entries.first { entry in entry.kind == "tool.failed" })
        #expect(
            failed.text == "deploy: config: it broke"
                && failed.subject == .execution(world.execution("r/3/1")))
    }

    @Test func `gates, tickets and timers are subjects`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.policyDecided(world.execution("r/3/1"), Run.Decision(.ask, rule: "all")))
        world.send(.gateAnswer(.gate("r", ordinal: 3, 1), .deny(message: "not today")))
        world.fail("r/4/1", .transport)
        world.send(.interrupt("r", reason: "ctrl-c"))
        world.send(.resume("r", .interruption("r", 1)))
        world.send(.cancel("none", reason: "x"))
        let lines = timeline(of: world).entries.map { entry -> String in
            let subject =
                switch entry.subject {
                case .step(let ordinal): "\(ordinal)"
                case .execution(let id): "\(id)"
                case .ticket(let ticket): "\(ticket)"
                case .timer(let timer): "\(timer)"
                case nil: "-"
                }
            return "\(entry.kind) \(subject) \(entry.text)"
        }
        for line in [
            "policy.decided r/3/1 ask by all", "gate.denied r/3/gate/1 deny by operator:ada: not today",
            "timer.armed r/4/1/backoff/0 until 1100", "run.interrupted r/i1 ctrl-c", "run.resumed r/i1 ",
            "request.rejected - run.cancel: runNotFound",
            "step.failed 3 deploy: gateDenied: operator:ada denied it: not today",
        ] {
            #expect(lines.contains(line), "\(lines.joined(separator: "\n"))")
        }
        #expect(lines.contains { line in line.hasPrefix("gate.opened r/3/gate/1 deploy") })
    }

    @Test func `adjacent deltas of one output are one entry, with their white space`() {
        let world = writing("Hello", ",\n", "  world")
        let entries = timeline(of: world).entries
        #expect(entries.last?.text == "Hello,\n  world" && entries.last?.kind == "assistant.delta")
        #expect(entries.last?.time == 1_010, "the time of the first part")
        let count = events(of: world).count
        #expect(entries.last?.sequence == count - 2 && entries.last?.last == count)
        #expect(entries.count == count - 2)
    }

    @Test func `coalescing can be switched off`() {
        let world = writing("Hello", ", ", "world")
        let entries = timeline(of: world, coalescing: false).entries
        #expect(entries.count == events(of: world).count)
        #expect(entries.suffix(3).map(\.text) == ["Hello", ", ", "world"])
    }

    @Test func `deltas of two outputs stay apart, and so do those with something between`() {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [.safe("a", "x"), .safe("b", "y")])
        for (execution, text) in [("r/3/1", "1"), ("r/3/1", "2"), ("r/4/1", "3"), ("r/3/1", "4")] {
            world.send(.progress(world.execution(execution), text))
        }
        world.send(.interrupt("none", reason: "x"))
        world.send(.progress(world.execution("r/3/1"), "5"))
        let parts = timeline(of: world).entries.filter { entry in entry.kind == "tool.progress" }
        #expect(parts.map(\.text) == ["12", "3", "4", "5"])
    }

    @Test func `a gap is never papered over, and what comes again is ignored`() throws {
        let events = events(of: writing("a", "b", "c"))
        let last = try #require(events.last)
        var timeline = Timeline()
        for (sequence, event) in events where sequence != last.sequence - 1 {
            timeline.take(event, sequence: sequence)
        }
        #expect(timeline.entries.suffix(2).map(\.text) == ["a", "c"])
        let before = timeline
        for (sequence, event) in events { timeline.take(event, sequence: sequence) }
        #expect(timeline == before)
    }

    @Test func `a text has at most 280 characters, and says that it was cut`() {
        let exact = timeline(of: writing(String(repeating: "a", count: 270), "é👩‍🚀567890")).entries.last
        #expect(exact?.text.unicodeScalars.count == 280 && exact?.isCut == false)
        let long = timeline(of: writing(String(repeating: "é", count: 279), "ab", "c")).entries.last
        #expect(long?.text == String(repeating: "é", count: 279) + "a" && long?.isCut == true)
        let one = timeline(of: writing(String(repeating: "é", count: 281)), coalescing: false).entries.last
        #expect(one?.text.unicodeScalars.count == 280 && one?.isCut == true)

        var world = World()
        world.send(.userMessage(Run.Request(String(repeating: "x", count: 300))), id: "r")
        let message = timeline(of: world).entries.first { entry in entry.kind == "user.message" }
        #expect(message?.text.utf8.count == 280 && message?.isCut == true)
    }

    @Test func `a timeline goes through its JSON, and goes on from there`() throws {
        var world = writing("Hello", ", ")
        let half = timeline(of: world)
        world.send(.progress(world.execution("r/2/1"), "world"))
        world.complete("r/2/1", calls: [.once("a", "deploy")])
        world.send(.policyDecided(world.execution("r/3/1"), Run.Decision(.ask, rule: "all")))
        let whole = timeline(of: world)

        var restored = try Timeline(json: try JSON(parsing: half.json.canonicalBytes))
        #expect(restored == half)
        for (sequence, event) in events(of: world) { restored.take(event, sequence: sequence) }
        #expect(restored == whole && restored.json.canonicalBytes == whole.json.canonicalBytes)
        #expect(try Timeline(json: whole.json) == whole)
        let off = timeline(of: world, coalescing: false)
        #expect(try Timeline(json: off.json) == off)
        #expect(
            whole.json["entries"]?.arrayValue?[1] == [
                "sequence": 2, "time": 1_000, "kind": "user.message", "run_id": "r", "text": "Fix it.",
            ])
    }

    @Test(arguments: [
        #"{"entries":[{"sequence":2,"time":0,"kind":"x"},{"sequence":2,"time":0,"kind":"y"}]}"#,
        #"{"entries":[{"sequence":2,"last":5,"time":0,"kind":"x"},{"sequence":4,"time":0,"kind":"y"}]}"#,
        #"{"entries":[{"sequence":2,"last":1,"time":0,"kind":"x"}]}"#, #"{"coalescing":true}"#,
    ])
    func `entries out of sequence are no timeline`(text: String) throws {
        let json = try JSON(parsing: text)
        #expect(throws: JSON.FormatError.self) { try Timeline(json: json) }
    }
}
