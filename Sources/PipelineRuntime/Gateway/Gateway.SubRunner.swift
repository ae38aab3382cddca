import PipelineCore

extension Gateway {
    /// Whoever carries an execution out.
    enum SubRunner {
        case strategy(any StrategyRunner)
        case tool(Registered<any ToolRunner>)
        case workflow(Registered<any WorkflowRunner>)
    }

    func subRunner(for execution: Run.Execution) -> SubRunner? {
        let name = Key(execution.name)
        switch execution.kind {
        case .strategy: return strategies[name].map { runner in .strategy(runner) }
        case .workflow:
            if let workflow = workflows[name] { return .workflow(workflow) }
            return tools[name].map { tool in .tool(tool) }
        case .tool, .command: return tools[name].map { tool in .tool(tool) }
        }
    }

    /// What a strategy is told of: what its mode exposes.
    func declarations(for execution: Run.Execution) -> [ToolDeclaration] {
        guard let exposure = execution.tools else { return [] }
        return declarations.filter { declaration in
            let call = self.call(Run.Call(id: "", name: declaration.name, arguments: .object([:])))
            return exposure.refusal(of: call) == nil
        }
    }
}

extension Gateway.SubRunner {
    /// What it declares of itself; a strategy declares nothing.
    var declaration: ToolDeclaration? {
        switch self {
        case .strategy: nil
        case .tool(let tool): tool.runner.declaration
        case .workflow(let workflow): workflow.runner.declaration
        }
    }

    /// The names of the variables that it is given.
    var environment: [String] {
        if case .tool(let tool) = self { tool.runner.environment } else { [] }
    }

    /// Whether it is something to be carried out here.
    var takesPlace: Bool { if case .workflow = self { false } else { true } }

    /// Whether it may ask for calls; nobody else can ask for anything.
    var makesCalls: Bool { if case .strategy = self { true } else { false } }

    var redaction: Redaction { declaration?.redaction ?? .none }

    func refusal(of arguments: JSON) -> Run.Failure? {
        switch self {
        case .strategy: nil
        case .tool(let tool): tool.form.refusal(of: arguments)
        case .workflow(let workflow): workflow.form.refusal(of: arguments)
        }
    }

    func run(
        _ execution: Run.Execution, in gateway: Gateway, _ paths: [Policy.JudgedPath], _ meter: ReportMeter,
        _ report: ExecutionReporter
    ) async throws -> Run.Result {
        let permit = Permit(for: execution.id, paths: paths)
        switch self {
        case .strategy(let runner):
            return try await runner.run(
                execution, tools: gateway.declarations(for: execution), permit: permit,
                progress: meter.progress)
        case .tool(let tool) where execution.id.isProbe:
            return try await tool.runner.probe(execution, permit: permit)
        case .tool(let tool):
            return try await tool.runner.run(execution, permit: permit, progress: meter.progress)
        case .workflow(let workflow):
            guard let children = report.children else {
                throw Run.Failure(.config, "A workflow runs inside an engine; this gateway is in none.")
            }
            return try await workflow.runner.run(
                execution, children: children, permit: permit, progress: meter.progress)
        }
    }
}
