import PipelineCore
import PipelineRuntime
import PipelineTesting

/// An engine with a run in it, and a socket through which others steer it.
struct ControlBench {
    let folder: ScratchFolder
    let runner: ScriptedRunner
    let engine: Engine
    let control: ControlServer

    /// - Parameters:
    ///   - script: what the run does; a strategy that waits unless something else is said.
    ///   - grace: how long clients have at the end to take what is left; no test waits for it to pass.
    init(
        _ script: [ScriptedRunner.Step] = [.thinks()], offering conversations: Set<Conversation.ID>? = nil,
        grace: Duration = .seconds(100)
    ) throws {
        folder = try ScratchFolder()
        runner = ScriptedRunner(script)
        engine = Engine(
            ungoverned: runner, journal: MemoryJournal(), clock: ManualClock(now: 1_000))
        control = try ControlServer(engine, in: folder.path, conversations: conversations, grace: grace)
    }

    /// Has so many things happen in `chat`.
    func happen(_ count: Int) async throws {
        for number in 1...count {
            try await engine.request(
                .interrupt("none", reason: "x"), id: Run.Signal.ID("\(number)"), in: "chat")
        }
    }

    /// Opens the run `r` in the conversation `chat`.
    func open() async throws {
        try await engine.request(.userMessage(Run.Request("Do it.")), id: "r", in: "chat")
    }

    func client() async throws -> ControlClient { try await ControlClient(to: folder.path) }

    /// Whether the engine still answers, and a client through the socket too.
    func isWell() async throws -> Bool {
        var client = try await client()
        let seen = try await client.state(of: "chat")
        return try await engine.state(of: "chat") == seen
    }

    /// Waits for the first event of which this is true.
    func event(where predicate: (Run.Event) -> Bool) async -> Run.Event? {
        for await entry in engine.events(of: "chat") where predicate(entry.event) { return entry.event }
        return nil
    }

    func shutDown() async { await control.shutdown(within: .seconds(5)) }
}

extension JSON {
    /// A request for the state of `chat`.
    static let askState: JSON = ["request": "state", "conversation_id": "chat"]

    static func askEvents(after cursor: Int64 = 0) -> JSON {
        ["request": "events", "conversation_id": "chat", "after": .integer(cursor)]
    }

    static func ask(_ signal: JSON) -> JSON {
        ["request": "signal", "conversation_id": "chat", "signal": signal]
    }

    static func interrupt(id: String) -> JSON {
        ask(["id": .string(id), "kind": "run.interrupt", "run_id": "r", "reason": "enough"])
    }

    /// The code of a refusal.
    var code: String? { self["error"]?["code"]?.stringValue }
    var message: String { self["error"]?["message"]?.stringValue ?? "" }
}
