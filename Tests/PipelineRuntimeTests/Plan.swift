import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// A model that asks for these calls first, and then is done.
struct Plan: StrategyRunner {
    let name = "code_generation"
    let calls: [Run.Call]
    var asked = Log<Run.Execution>()

    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        asked.append(execution)
        let isFirst = asked.entries.count { entry in entry.id.run == execution.id.run } == 1
        return Run.Result(output: isFirst ? "Let me see." : "Done.", calls: isFirst ? calls : [])
    }
}

/// A tool that works until the test says how it ends, and does as a real one that runs elsewhere: it can be told to end.
final class Crane: ToolRunner {
    let declaration: ToolDeclaration
    private let idempotent: Bool
    private let reply: Run.CancelReply
    private let work: @Sendable (Run.Execution, ProgressReporter) async throws -> Run.Result
    let told = Log<Run.Execution.ID>()
    let began = Log<Run.Execution>()

    init(
        _ name: String, isIdempotent: Bool = false, saying reply: Run.CancelReply = .accepted,
        _ work: @escaping @Sendable (Run.Execution, ProgressReporter) async throws -> Run.Result
    ) {
        declaration = ToolDeclaration(name: name, description: "", arguments: ["type": "object"])
        idempotent = isIdempotent
        self.reply = reply
        self.work = work
    }

    func isIdempotent(_ arguments: JSON) -> Bool { idempotent }

    func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply {
        told.append(execution)
        return reply
    }

    func run(
        _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result {
        began.append(execution)
        return try await work(execution, progress)
    }
}

extension Gateway {
    /// One that allows everything.
    static func open(
        limits: Limits = .standard, capacity: Capacity = Capacity(), secrets: (any SecretStore)? = nil,
        artifacts: any ArtifactStore = MemoryArtifactStore()
    ) -> Gateway {
        Gateway(
            policy: Policy { _ in .allowed }, limits: limits, capacity: capacity, secrets: secrets,
            artifacts: artifacts)
    }
}

/// Returns when the task is cancelled, by throwing.
@Sendable func untilCancelled() async throws -> Run.Result {
    try await ManualClock().sleep(until: .max)
    return Run.Result(output: "never")
}

extension Bench {
    /// The events of the conversation so far, of one kind.
    func events<Value>(in conversation: Conversation.ID = "chat", _ pick: (Run.Event.Kind) -> Value?)
        -> [Value]
    {
        let listener = listen(to: conversation)
        listener.task?.cancel()
        settle()
        return listener.entries.compactMap { entry in pick(entry.event.kind) }
    }

    /// The limits that were reached, and what went on with less.
    var limits: [String] {
        events { kind in
            switch kind {
            case .limitReached(_, let limit): "\(limit.name.rawValue) \(limit.used) of \(limit.allowed)"
            case .degraded(let id, let limit): "\(id) \(limit.rawValue)"
            default: nil
            }
        }
    }

    /// What the attempts of executions ended with: `r/3/1 completed`.
    var endings: [String] {
        events { kind in
            guard case .execution(let id, let change) = kind, change.duration != nil else { return nil }
            let category = change.failure.map { failure in " \(failure.category.rawValue)" } ?? ""
            return "\(id) \(change.lifecycle.rawValue)\(category)"
        }
    }
}
