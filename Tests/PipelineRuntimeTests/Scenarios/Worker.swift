import PipelineCore
import PipelineRunners
import PipelineRuntime
import Testing

/// Everything that an execution may be carried out by, each with every way to end.
enum Worker: String, CaseIterable, CustomTestStringConvertible {
    case tool, asynchronousTool, strategy, streamingStrategy, command, workflow

    static let failure = Run.Failure(.validation, "It cannot be done.")

    var testDescription: String { rawValue }

    var isStrategy: Bool { self == .strategy || self == .streamingStrategy }
    var kind: Run.Execution.Kind {
        switch self {
        case .tool, .asynchronousTool: .tool
        case .strategy, .streamingStrategy: .strategy
        case .command: .command
        case .workflow: .workflow
        }
    }
    var name: String {
        switch self {
        case .tool, .asynchronousTool: "work"
        case .strategy, .streamingStrategy: "code_generation"
        case .command: "command.run.work"
        case .workflow: "workflow.run.work"
        }
    }
    /// Its execution in run `r`.
    var execution: Run.Execution.ID { isStrategy ? .r(2, 1) : .r(3, 1) }
    /// What shows that it is at work, and not only about to be.
    var sign: Run.Execution.Lifecycle {
        self == .streamingStrategy || self == .command ? .progress : .started
    }

    /// A gateway with this worker, and a model that calls it where it is none itself.
    func gateway(_ policy: Policy, ending: Run.Execution.Lifecycle, _ office: Office) -> Gateway {
        var gateway = Gateway(policy: policy)
        switch self {
        case .strategy: gateway.register(Strategy { _ in try await Worker.end(ending) })
        case .streamingStrategy: gateway.register(Streaming(parts: ["do", "ne"], ending: ending))
        case .tool: gateway.register(Crane("work") { _, _ in try await Worker.end(ending) })
        case .asynchronousTool: gateway.register(office)
        case .command: gateway.register(Worker.command(ending))
        case .workflow: gateway.register(Workflow("work", "", template: .coding))
        }
        guard !isStrategy else { return gateway }
        let call = Run.Call(id: "1", name: name, arguments: self == .workflow ? ["task": "Dig."] : [:])
        gateway.register(
            Strategy { execution in
                guard execution.id.run == "r" else { return try await Worker.end(ending) }
                let isFirst = execution.arguments["turn"] == 1
                return Run.Result(output: "Done.", calls: isFirst ? [call] : [])
            })
        return gateway
    }

    static func end(_ ending: Run.Execution.Lifecycle) async throws -> Run.Result {
        if ending == .failed { throw failure }
        return ending == .canceled ? try await untilCancelled() : Run.Result(output: "done")
    }

    /// A real program: one that ends, one that is not there, and one that goes on until it is told to end.
    private static func command(_ ending: Run.Execution.Lifecycle) -> CommandRunner {
        let script = ending == .canceled ? "echo begun; exec sleep 1000" : "echo begun"
        return CommandRunner(
            "work", "", arguments: ending == .failed ? ["no-such-program"] : ["sh", "-c", script],
            in: CommandEnvironment(directory: "/", variables: ["PATH": "/usr/bin:/bin"]), isIdempotent: false)
    }
}

/// A tool whose work is done elsewhere: somebody calls back when it is done, and it can be told to end.
final class Office: ToolRunner {
    let declaration = ToolDeclaration(name: "work", description: "", arguments: ["type": "object"])
    let told = Log<Run.Execution.ID>()
    private let answers = Log<Result<Run.Result, Run.Failure>>()
    private let latch = Latch()

    /// What those who do the work say in the end; only the first word counts.
    func callBack(_ answer: Result<Run.Result, Run.Failure>) {
        answers.append(answer)
        latch.open()
    }

    func run(
        _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result {
        await latch.wait()
        guard let answer = answers.entries.first else { throw CancellationError() }
        return try answer.get()
    }

    func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply {
        told.append(execution)
        callBack(.failure(Run.Failure(.canceled, "It was told to end.")))
        return .accepted
    }
}

/// A model that answers in parts.
struct Streaming: StrategyRunner {
    let name = "code_generation"
    let parts: [String]
    var ending = Run.Execution.Lifecycle.completed

    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        for part in parts { await progress(part) }
        guard ending == .completed else { return try await Worker.end(ending) }
        return Run.Result(output: .string(parts.joined()))
    }
}
