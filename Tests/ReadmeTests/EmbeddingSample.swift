// README: embed
import PipelineCore
import PipelineRuntime

let model = Strategy { execution in  // your model's client goes here
    guard case .tool(_, _, let output, _)? = execution.context.last else {
        let call = Run.Call(id: "1", name: "weather", arguments: ["city": "Bergen"])
        return Run.Result(output: "Let me look.", calls: [call])
    }
    return Run.Result(output: .string("Take an umbrella: \(output)"))
}

func ask() async throws {
    let rule = "only deploys ask"
    var gateway = Gateway(policy: Policy { Run.Decision($0.name == "deploy" ? .ask : .allow, rule: rule) })
    gateway.register(model)
    gateway.register(weather)
    let engine = Engine(gateway, journal: MemoryJournal())
    try await engine.request(.userMessage(Run.Request("Umbrella?")), id: "run-1", in: "chat")
    try await engine.request(.interrupt("run-1", reason: "lunch"), id: "stop-1", in: "chat")
    for await entry in engine.events(of: "chat") {
        print(entry.sequence, entry.event.type)
        if case .run(let run, .interrupted(let stop)) = entry.event.kind {
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
