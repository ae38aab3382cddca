public import PipelineCore

/// The only way to the world: finds the sub-runner, asks the policy, mints the permit, reports what happens.
public struct Gateway: ExecutionRunner {
    private let policy: Policy
    private var strategies: [Key: any StrategyRunner] = [:]
    private var tools: [Key: any ToolRunner] = [:]

    /// Bytes of an output that are kept.
    public static let outputLimit = 262_144

    public init(policy: Policy) { self.policy = policy }

    /// Makes a strategy available under its name; a later one of the same name takes its place.
    public mutating func register(_ strategy: some StrategyRunner) {
        strategies[Key(strategy.name)] = strategy
    }

    /// Makes a tool or command available under its name; a later one of the same name takes its place.
    public mutating func register(_ tool: some ToolRunner) { tools[Key(tool.declaration.name)] = tool }

    /// What a model may call, by name.
    public var declarations: [ToolDeclaration] {
        tools.sorted { a, b in a.key < b.key }.map { entry in entry.value.declaration }
    }

    public func run(_ execution: Run.Execution, report: ExecutionReporter) async -> ExecutionAnswer {
        guard let subRunner = subRunner(for: execution) else {
            return .failed(Run.Failure(.config, missing(execution)))
        }
        let decision = policy.decide(execution)
        guard decision.verdict == .allow else { return .refused(decision) }
        await report(.allowed(decision))
        guard !Task.isCancelled else { return .canceled(effectBegan: false) }
        await report(.started)
        guard !Task.isCancelled else { return .canceled(effectBegan: false) }
        do {
            let progress = ProgressReporter(report)
            let permit = Permit(for: execution.id)
            let result =
                switch subRunner {
                case .strategy(let runner):
                    try await runner.run(execution, tools: declarations, permit: permit, progress: progress)
                case .tool(let runner):
                    try await runner.run(execution, permit: permit, progress: progress)
                }
            return .completed(normalized(result))
        } catch let failure as Run.Failure {
            return failure.category == .canceled ? .canceled(effectBegan: true) : .failed(failure)
        } catch is CancellationError {
            return .canceled(effectBegan: true)
        } catch {
            return .failed(Run.Failure(.unknown, "\(error)"))
        }
    }

    private enum SubRunner {
        case strategy(any StrategyRunner)
        case tool(any ToolRunner)
    }

    private func subRunner(for execution: Run.Execution) -> SubRunner? {
        switch execution.kind {
        case .strategy: strategies[Key(execution.name)].map { runner in .strategy(runner) }
        case .tool, .command: tools[Key(execution.name)].map { runner in .tool(runner) }
        }
    }

    private func missing(_ execution: Run.Execution) -> String {
        switch execution.kind {
        case .strategy: "No strategy is registered as \"\(execution.name)\"; register one with the gateway."
        case .tool, .command: "There is no tool named \"\(execution.name)\"."
        }
    }

    /// The result with what only the gateway knows: which calls may be repeated, and how much was kept.
    private func normalized(_ result: Run.Result) -> Run.Result {
        // The engine refuses it, and nothing here may follow it down.
        guard !result.isTooDeep else { return result }
        var normalized = result
        normalized.calls = result.calls.map { call in
            let isIdempotent = tools[Key(call.name)]?.isIdempotent(call.arguments) ?? false
            return Run.Call(
                id: call.id, name: call.name, arguments: call.arguments, isIdempotent: isIdempotent)
        }
        return normalized.truncated(to: Gateway.outputLimit)
    }
}
