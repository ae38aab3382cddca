// README: embed
import PipelineCore
import PipelineRuntime

struct Echo: StrategyRunner {
    let name = "code_generation"
    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: @escaping @Sendable (String) async -> Void
    ) async throws -> Run.Result {
        guard case .tool(_, _, let sky, _)? = execution.context.last else {
            let call = Run.Call(id: "1", name: "weather", arguments: ["city": "Bergen"])
            return Run.Result(output: "Let me look.", calls: [call])
        }
        return Run.Result(output: .string("Take an umbrella: \(sky)"))
    }
}

func ask() async throws {
    let policy = Policy { Run.Decision($0.name == "deploy" ? .ask : .allow, rule: "only deploys ask") }
    var gateway = Gateway(policy: policy)
    gateway.register(Echo())
    gateway.register(weather)
    let engine = Engine(gateway, journal: MemoryJournal())
    try await engine.request(.userMessage(Run.Request("Umbrella?")), id: "run-1", in: "chat")
    try await engine.request(.interrupt("run-1", reason: "lunch"), id: "stop-1", in: "chat")
    for await entry in engine.events(of: "chat") {
        print(entry.sequence, entry.event.type)
        guard case .run(let run, let change) = entry.event.kind else { continue }
        if case .interrupted(let stop) = change {
            try await engine.request(.resume(run, stop.ticket), id: "go-on-1", in: "chat")
        } else if entry.event.outcome != nil {
            break
        }
    }
    await engine.shutdown(within: .seconds(5))
}
// README: end

// README: tool
let weather = Tool(
    "weather", "The weather in a city.",
    arguments: [
        "type": "object", "required": ["city"],
        "properties": ["city": ["type": "string"]],
    ],
    isIdempotent: true
) { arguments in
    ["city": arguments["city"] ?? "nowhere", "sky": "rain"]
}
// README: end
