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

    /// What there is to call, by name.
    public var declarations: [ToolDeclaration] {
        tools.sorted { a, b in a.key < b.key }.map { entry in entry.value.declaration }
    }

    /// What a strategy is told of: what its mode exposes.
    private func declarations(for execution: Run.Execution) -> [ToolDeclaration] {
        guard let exposure = execution.tools else { return [] }
        return declarations.filter { declaration in
            let call = self.call(Run.Call(id: "", name: declaration.name, arguments: .object([:])))
            return exposure.refusal(of: call) == nil
        }
    }

    public func run(_ execution: Run.Execution, report: ExecutionReporter) async -> ExecutionAnswer {
        guard let subRunner = subRunner(for: execution) else {
            return .failed(Run.Failure(.config, missing(execution)))
        }
        let touched = policy.resources(of: execution, declaredBy: tools[Key(execution.name)])
        let decision = policy.decide(execution, touching: touched)
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
                    try await runner.run(
                        execution, tools: declarations(for: execution), permit: permit, progress: progress)
                case .tool(let runner) where execution.id.isProbe:
                    try await runner.probe(execution, permit: permit)
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
        case .tool, .command, .workflow: tools[Key(execution.name)].map { runner in .tool(runner) }
        }
    }

    private func missing(_ execution: Run.Execution) -> String {
        switch execution.kind {
        case .strategy: "No strategy is registered as \"\(execution.name)\"; register one with the gateway."
        case .tool, .command, .workflow: "There is no tool named \"\(execution.name)\"."
        }
    }

    /// The result with what only the gateway knows: which calls may be repeated, and how much was kept.
    private func normalized(_ result: Run.Result) -> Run.Result {
        // The engine refuses it, and nothing here may follow it down.
        guard !result.isTooDeep else { return result }
        var normalized = result
        normalized.calls = result.calls.map { call in self.call(call) }
        return normalized.truncated(to: Gateway.outputLimit)
    }

    /// A call with what its tool says of it, whatever the model says.
    private func call(_ call: Run.Call) -> Run.Call {
        let tool = tools[Key(call.name)]
        return Run.Call(
            id: call.id, name: call.name, arguments: call.arguments,
            isIdempotent: tool?.isIdempotent(call.arguments) ?? false,
            isReadOnly: tool?.isReadOnly(call.arguments) ?? false, recovery: tool?.recovery(call.arguments))
    }
}
