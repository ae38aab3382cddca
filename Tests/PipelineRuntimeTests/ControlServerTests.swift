import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Steering an engine from another process: here both ends, over a real socket.
@Suite(.timeLimit(.minutes(1)))
struct ControlServerTests {
    @Test func `a client interrupts and resumes a run, asks for its state, and follows what happens`()
        async throws
    {
        let bench = try ControlBench([.thinks(), .answer])
        try await bench.open()
        var client = try await bench.client()
        var events = try await bench.client().events(of: "chat")

        #expect(try await client.request(.interrupt("r", reason: "lunch"), id: "1", in: "chat") == .applied)
        var seen: [EventEntry] = []
        while let entry = try await events.next() {
            seen.append(entry)
            guard case .run("r", .interrupted(let stop)) = entry.event.kind else {
                if entry.event.outcome == .completed { break }
                continue
            }
            #expect(try await client.request(.resume("r", stop.ticket), id: "2", in: "chat") == .applied)
        }

        #expect(seen.map(\.sequence) == Array(1...seen.count))
        #expect(seen.allSatisfy { entry in entry.missed == 0 })
        var own: [EventEntry] = []
        for await entry in bench.engine.events(of: "chat") {
            own.append(entry)
            if entry.event.outcome == .completed { break }
        }
        #expect(seen == own, "what a client is told is what the engine tells")
        let state = try await client.state(of: "chat")
        #expect(state == (try await bench.engine.state(of: "chat")))
        #expect(state.finished.map(\.status) == [.completed])
        await bench.shutDown()
    }

    @Test func `events are followed from any place on`() async throws {
        let bench = try ControlBench([.answer])
        try await bench.open()
        _ = await bench.event { event in event.outcome == .completed }
        var all = try await bench.client().events(of: "chat")
        var sequences: [Int] = []
        while let entry = try await all.next() {
            sequences.append(entry.sequence)
            if entry.event.outcome == .completed { break }
        }
        var late = try await bench.client().events(of: "chat", after: 2)
        #expect(try await late.next()?.sequence == 3)
        #expect(sequences == Array(1...sequences.count))
        await bench.shutDown()
    }

    @Test func `who asks is the user that the system names, whatever a client may claim`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        let client = try await bench.client()
        guard case .operator(let name) = client.person else {
            Issue.record("\(client.person) is no operator")
            return
        }
        #expect(name != "" && name != "root" || geteuid() == 0)

        let raw = try await RawClient(to: bench.folder)
        for (actor, time) in [("operator:eve", nil), ("host", nil), (nil, 5)] as [(String?, Int64?)] {
            var signal: JSON.Object = [
                "id": "1", "kind": "run.interrupt", "run_id": "r", "reason": "claimed",
            ]
            signal["actor"] = actor.map { text in .string(text) }
            signal["time"] = time.map { number in .integer(number) }
            let answer = try await raw.ask(.ask(.object(signal)))
            #expect(answer?.code == "malformed")
            #expect(answer?.message.contains(actor == nil ? "/signal/time" : "/signal/actor") == true)
        }
        #expect(try await raw.ask(.interrupt(id: "2")) == ["disposition": "applied"])
        let stopping = await bench.event { event in
            if case .run("r", .stopping) = event.kind { true } else { false }
        }
        #expect(stopping?.cause == "2")
        await bench.shutDown()
    }

    @Test func `nobody is served but the same user and root`() {
        #expect(ControlServer.serves(1_000, owner: 1_000) && ControlServer.serves(0, owner: 1_000))
        #expect(!ControlServer.serves(1_001, owner: 1_000) && !ControlServer.serves(1_000, owner: 0))
        #expect(!ControlServer.serves(nil, owner: 1_000) && !ControlServer.serves(nil, owner: 0))
    }

    @Test func `a gate is answered in the name of the user at the other end`() async throws {
        let bench = try ControlBench([
            .answers("code_generation", .completed(Run.Result(output: "", calls: [.once("a", "deploy")]))),
            .answers("deploy", .refused(Run.Decision(.ask, rule: "ask"))),
        ])
        try await bench.open()
        _ = await bench.event { event in if case .gateOpened = event.kind { true } else { false } }
        var client = try await bench.client()
        let gate = try #require(try await client.state(of: "chat").active?.gates.first)
        let person = client.person

        let wrong = Run.Ticket.gate("r", ordinal: gate.ordinal, 9)
        #expect(
            try await client.request(.gateAnswer(wrong, .approve), id: "0", in: "chat")
                == .rejected(.staleTicket))
        #expect(try await client.request(.gateAnswer(gate.ticket, .approve), id: "1", in: "chat") == .applied)
        let answered = await bench.event { event in
            if case .gateAnswered = event.kind { true } else { false }
        }
        #expect(answered?.kind == .gateAnswered(gate.ticket, .approve, by: person))
        #expect(
            try await client.request(.gateAnswer(gate.ticket, .approve), id: "1", in: "chat") == .duplicate)
        await bench.shutDown()
    }

    @Test(arguments: ["execution.started", "execution.completed", "timer.fired", "engine.restarted"])
    func `only what a person may ask is taken, never an answer of a runner, a timer or the engine`(
        kind: String
    ) async throws {
        let bench = try ControlBench()
        try await bench.open()
        // From then on nothing happens by itself.
        _ = await bench.event { event in event.type == "conversation.strategy.started" }
        let raw = try await RawClient(to: bench.folder)
        let before = try await bench.engine.state(of: "chat")
        let answer = try await raw.ask(
            .ask([
                "id": "1", "kind": .string(kind), "execution_id": "r/2/1", "result": ["output": "done"],
                "timer": "r/2/1/attempt/0",
            ]))
        #expect(answer?.code == "malformed")
        #expect(answer?.message.contains("/signal/kind") == true, "\(String(describing: answer))")
        #expect(try await bench.engine.state(of: "chat") == before)
        await bench.shutDown()
    }

    @Test func `a conversation that is not offered is neither shown nor opened`() async throws {
        let bench = try ControlBench(offering: ["chat"])
        try await bench.open()
        var client = try await bench.client()
        #expect(try await client.state(of: "chat").active?.id == "r")
        await #expect(throws: ControlError.self) { try await client.refusal(of: "other") }
        let raw = try await RawClient(to: bench.folder)
        let answer = try await raw.ask(["request": "state", "conversation_id": "other"])
        #expect(answer?.code == "notOffered")
        await bench.shutDown()
    }

    @Test func `whoever follows is told the end of a shutdown, and then the socket is gone`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        let raw = try await RawClient(to: bench.folder)
        await raw.send(JSON.askEvents().description + "\n")
        _ = try await raw.line()
        let idle = try await RawClient(to: bench.folder)

        await bench.shutDown()

        let last = try await raw.rest().last
        #expect(last?["entry"]?["event"]?["type"] == "conversation.run.interrupted")
        #expect(try await idle.isOver())
        #expect(!bench.folder.exists("control"))
        await #expect(throws: ControlError.self) { _ = try await ControlClient(to: bench.folder.path) }
    }

    @Test func `a server that is closed leaves its engine alone, and another one can take its place`()
        async throws
    {
        let bench = try ControlBench()
        try await bench.open()
        let raw = try await RawClient(to: bench.folder)
        await raw.send(JSON.askEvents().description + "\n")
        _ = try await raw.line()
        await bench.control.close()
        _ = try await raw.rest()
        #expect(!bench.folder.exists("control"))
        #expect(try await bench.engine.state(of: "chat").active?.id == "r")

        let next = try ControlServer(bench.engine, in: bench.folder.path)
        await bench.control.close()
        #expect(bench.folder.exists("control"), "a second close does not take what is another one's")
        #expect(try await bench.isWell())
        await next.shutdown(within: .seconds(5))
    }

    @Test func `a server that nobody keeps takes its socket along`() async throws {
        let folder = try ScratchFolder()
        let engine = Engine(ungoverned: ScriptedRunner([]), journal: MemoryJournal())
        do {
            let control = try ControlServer(engine, in: folder.path)
            #expect(control.path == folder["control"] && folder.exists("control"))
        }
        #expect(!folder.exists("control"))
    }
}

extension ControlClient {
    /// For `#expect(throws:)`, whose body gives nothing that cannot be copied.
    fileprivate mutating func refusal(of conversation: Conversation.ID) async throws {
        _ = try await state(of: conversation)
    }
}
