import PipelineCore
import PipelineRunners
import PipelineRuntime
import PipelineTesting

/// Calls of the ready-made tools and commands, through a real engine and gateway.
struct ToolCalls {
    let folder: TemporaryFolder
    /// Where in the folder the workspace is.
    var place = "."
    var grace: Duration = .seconds(2)
    /// Called with each part of an output, and the execution it comes from.
    var onProgress: @Sendable (Engine, Run.Execution.ID, String) async throws -> Void = { _, _, _ in }

    /// How one call ended.
    struct Ending {
        let output: JSON
        let lifecycle: Run.Execution.Lifecycle
        let result: Run.Result?
        var failed: Bool { lifecycle != .completed }
        var category: JSON? { output["error"]?["category"] }
    }

    /// Makes these calls, one in each answer, and gives their results as the model sees them.
    func run(_ calls: [(name: String, arguments: JSON)]) async throws -> [Ending] {
        var gateway = Gateway(policy: Policy { _ in Run.Decision(.allow, rule: "all") })
        for tool in WorkspaceTools(try Workspace(root: folder[place])).all { gateway.register(tool) }
        let environment = CommandEnvironment(
            directory: folder[place], variables: ["PATH": "/usr/bin:/bin"], grace: grace)
        gateway.register(RunCommandTool(in: environment))
        gateway.register(
            CommandRunner(
                "say", "Says hello.", arguments: ["printf", "hello"], in: environment, isIdempotent: true))
        gateway.register(
            Strategy { execution in
                let turn = Int(clamping: execution.arguments["turn"]?.integerValue ?? 0) - 1
                guard calls.indices.contains(turn) else { return Run.Result(output: "Done.") }
                let call = Run.Call(id: "\(turn)", name: calls[turn].name, arguments: calls[turn].arguments)
                return Run.Result(output: "", calls: [call])
            })
        let engine = Engine(gateway, journal: MemoryJournal(), clock: ManualClock())
        try await engine.request(.userMessage(Run.Request("Go.")), id: "r", in: "c")
        var endings: [Ending] = []
        for await entry in engine.events(of: "c") {
            if case .execution(let id, let change) = entry.event.kind, change.kind != .strategy {
                if let text = change.text { try await onProgress(engine, id, text) }
                guard change.duration != nil else { continue }
                endings.append(
                    Ending(
                        output: change.result?.output ?? ["error": change.failure?.json ?? .null],
                        lifecycle: change.lifecycle, result: change.result))
            }
            // What is no call at all fails without an attempt.
            if case .step(_, let change) = entry.event.kind, change.kind != .llm, change.attempts == 0,
                change.status == .failed
            {
                endings.append(
                    Ending(
                        output: ["error": change.failure?.json ?? .null], lifecycle: .failed, result: nil))
            }
            if entry.event.outcome != nil { break }
        }
        await engine.shutdown(within: .seconds(5))
        return endings
    }
}
