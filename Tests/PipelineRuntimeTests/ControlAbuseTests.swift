import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Clients that are broken, slow, malicious or gone: the engine goes on, and so does every other client.
@Suite(.timeLimit(.minutes(2)))
struct ControlAbuseTests {
    @Test(arguments: [
        ("nonsense", "line 1, column 2"), ("", "column 1"), ("\u{0}\u{1}\u{2}", "column 1"),
        ("[]", "an object"),
        ("{}", "\"conversation_id\" is missing"), (#"{"conversation_id":7}"#, "/conversation_id"),
        (#"{"conversation_id":"chat"}"#, "\"request\" is missing"),
        (#"{"conversation_id":"chat","request":"shutdown"}"#, "/request"),
        (#"{"conversation_id":"chat","request":"events","after":"x"}"#, "/after"),
        (#"{"conversation_id":"chat","request":"signal"}"#, "\"signal\" is missing"),
        (#"{"conversation_id":"chat","request":"signal","signal":[]}"#, "/signal"),
        (
            #"{"conversation_id":"chat","request":"signal","signal":{"id":"1","kind":"run.dance"}}"#,
            "/signal/kind"
        ),
        (#"{"conversation_id":"chat","request":"signal","signal":{"id":"1","kind":"run.cancel"}}"#, "run_id"),
        (String(repeating: "[", count: 100_000), "column"),
    ])
    func `what is no request is refused with its place, and the next line is heard`(
        line: String, place: String
    ) async throws {
        let bench = try ControlBench()
        try await bench.open()
        let raw = try await RawClient(to: bench.folder)
        await raw.send(line + "\n")
        let answer = try #require(try await raw.line())
        #expect(answer.code == "malformed")
        #expect(answer.message.contains(place), "\(answer.message)")
        #expect(try await raw.ask(.askState)?["state"]?["conversation_id"] == "chat")
        await bench.shutDown()
    }

    @Test func `bytes that are no text are refused`() async throws {
        let bench = try ControlBench()
        let raw = try await RawClient(to: bench.folder)
        await raw.send([0xFF, 0xFE, 0x80, 0x0A])
        #expect(try await raw.line()?.code == "malformed")
        await bench.shutDown()
    }

    @Test func `a line is heard however it is cut up, and several come one after the other`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        let raw = try await RawClient(to: bench.folder)
        for byte in JSON.interrupt(id: "1").canonicalBytes { await raw.send([byte]) }
        await raw.send("\n\(JSON.interrupt(id: "1"))\n\(JSON.interrupt(id: "2"))\n\(JSON.askState)\n")
        let answers = [
            try await raw.line(), try await raw.line(), try await raw.line(), try await raw.line(),
        ]
        #expect(answers[0] == ["disposition": "applied"])
        #expect(answers[1] == ["disposition": "duplicate"])
        #expect(answers[2]?["disposition"] != "applied")
        #expect(answers[3]?["state"] != nil)
        await bench.shutDown()
    }

    @Test func `half a line and then nothing, and half a line and then the end, ask nothing`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        let silent = try await RawClient(to: bench.folder)
        await silent.send(#"{"request":"signal","conversation_id":"chat","#)
        do {
            let gone = try await RawClient(to: bench.folder)
            await gone.send(#"{"request":"state","conversation_id":"chat"}"#)
        }
        let finished = try await RawClient(to: bench.folder)
        await finished.send(#"{"request":"state""#)
        finished.finish()
        #expect(try await finished.isOver())
        #expect(try await bench.isWell())
        await bench.shutDown()
        #expect(try await silent.isOver())
    }

    @Test func `a client may close its writing end, and still has its answers`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        let raw = try await RawClient(to: bench.folder)
        await raw.send("\(JSON.askState)\n\(JSON.askState)\n")
        raw.finish()
        #expect(try await raw.rest().count == 2)
        await bench.shutDown()
    }

    @Test(arguments: 1...20)
    func `what a client asked before it vanished is done, though it vanished before it was let in`(
        round: Int
    ) async throws {
        let bench = try ControlBench()
        try await bench.open()
        do {
            let raw = try await RawClient(to: bench.folder, greeted: false)
            await raw.send("\(JSON.interrupt(id: "1"))\n\(JSON.askState)\n")
        }
        let stopping = await bench.event { event in
            if case .run("r", .stopping) = event.kind { true } else { false }
        }
        #expect(stopping?.cause == "1")
        #expect(try await bench.isWell())
        await bench.shutDown()
    }

    @Test func `a line may have a mebibyte, and a longer one ends its connection`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        let raw = try await RawClient(to: bench.folder)
        let frame = JSON.askState.description.dropLast() + #","x":""#
        func line(of bytes: Int) -> String {
            frame + String(repeating: "x", count: bytes - frame.utf8.count - 3) + "\"}\n"
        }
        await raw.send(line(of: 1_048_576))
        #expect(try await raw.line()?["state"] != nil)
        await raw.send(line(of: 1_048_577))
        #expect(try await raw.line()?.code == "tooLong")
        #expect(try await raw.isOver())

        let endless = try await RawClient(to: bench.folder)
        await endless.send([UInt8](repeating: 0x20, count: 8_000_000))
        #expect(try await endless.line()?.code == "tooLong")
        #expect(try await bench.isWell())
        await bench.shutDown()
    }

    @Test func `one client too many is told so, and place is made as soon as another goes`() async throws {
        let bench = try ControlBench()
        var clients: [RawClient] = []
        for _ in 1...ControlServer.mostClients { clients.append(try await RawClient(to: bench.folder)) }
        for _ in 1...3 {
            let late = try await RawClient(to: bench.folder)
            #expect(try await late.line()?.code == "tooManyClients")
            #expect(try await late.isOver())
        }
        #expect(try await clients[0].ask(.askState)?["state"] != nil, "who is in is served")
        clients[3].finish()
        #expect(try await clients[3].isOver())
        let next = try await RawClient(to: bench.folder)
        #expect(try await next.ask(.askState)?["state"] != nil)
        await bench.shutDown()
    }

    @Test func `a client that follows and never reads keeps nobody waiting, and is told what it missed`()
        async throws
    {
        let bench = try ControlBench()
        try await bench.open()
        let lazy = try await RawClient(to: bench.folder)
        lazy.narrow()
        await lazy.send(JSON.askEvents().description + "\n")
        let count: Int64 = 20_000
        try await bench.happen(Int(count))
        #expect(try await bench.isWell())
        var missed: Int64 = 0
        var next: Int64 = 1
        while let entry = try await lazy.line()?["entry"] {
            let gap = entry["missed"]?.integerValue ?? 0
            #expect(entry["sequence"]?.integerValue == next + gap)
            next += gap + 1
            missed += gap
            if entry["event"]?["cause_id"] == .string("\(count)") { break }
        }
        #expect(missed > count / 3, "what waits for the client is little, and the engine keeps the last 8192")
        await bench.shutDown()
    }

    @Test func `a client that never reads does not hold up a shutdown`() async throws {
        let bench = try ControlBench(grace: .zero)
        try await bench.open()
        let lazy = try await RawClient(to: bench.folder)
        await lazy.send(JSON.askEvents().description + "\n")
        try await bench.happen(3_000)
        await bench.shutDown()
        #expect(!bench.folder.exists("control"))
    }

    @Test func `a client that is behind has what is left at the shutdown, to the last event`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        let lazy = try await RawClient(to: bench.folder)
        lazy.narrow()
        await lazy.send(JSON.askEvents().description + "\n")
        try await bench.happen(3_000)
        async let shutdown: Void = bench.shutDown()
        let last = try await lazy.rest().last
        #expect(last?["entry"]?["event"]?["type"] == "conversation.run.interrupted")
        await shutdown
    }

    @Test func `clients that follow and go away leave nothing behind`() async throws {
        let bench = try ControlBench()
        try await bench.open()
        for _ in 1...50 {
            let raw = try await RawClient(to: bench.folder)
            await raw.send(JSON.askEvents().description + "\n")
            _ = try await raw.line()
        }
        #expect(try await bench.isWell())
        await bench.shutDown()
    }
}
