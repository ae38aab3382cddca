import PipelineCore

/// The only way to the world: finds the sub-runner, asks the policy, waits for room, mints the permit, fills in secrets,
/// reports what happens, and makes one answer of whatever comes of it.
///
/// Its copies share room and what is known of secrets.
public struct Gateway: ExecutionRunner {
    let policy: Policy
    let limits: Limits
    let capacity: Capacity
    let vault: Vault
    let artifacts: any ArtifactStore
    private(set) var strategies: [Key: any StrategyRunner] = [:]
    private(set) var tools: [Key: Registered<any ToolRunner>] = [:]
    private(set) var workflows: [Key: Registered<any WorkflowRunner>] = [:]

    /// - Parameters:
    ///   - policy: decides about every execution; without a rule that allows it nothing is.
    ///   - capacity: how many executions of all runs together may be under way; 64 unless given.
    ///   - secrets: what arguments may name; none unless given.
    ///   - artifacts: takes what is too large for a result; in memory unless given.
    public init(
        policy: Policy, limits: Limits = .standard, capacity: Capacity = Capacity(),
        secrets: (any SecretStore)? = nil, artifacts: any ArtifactStore = MemoryArtifactStore()
    ) {
        self.policy = policy
        self.limits = limits
        self.capacity = capacity
        self.artifacts = artifacts
        vault = Vault(secrets)
    }

    /// Makes a strategy available under its name; a later one of the same name takes its place.
    public mutating func register(_ strategy: some StrategyRunner) {
        strategies[Key(strategy.name)] = strategy
    }

    /// Makes a tool or command available under its name; a later one of the same name takes its place.
    public mutating func register(_ tool: some ToolRunner) {
        tools[Key(tool.declaration.name)] = Registered(tool, tool.declaration)
    }

    /// Makes a workflow available under its name; a later one of the same name takes its place.
    public mutating func register(_ workflow: some WorkflowRunner) {
        workflows[Key(workflow.declaration.name)] = Registered(workflow, workflow.declaration)
    }

    /// What there is to call, by name.
    public var declarations: [ToolDeclaration] {
        let all =
            tools.map { entry in (entry.key, entry.value.runner.declaration) }
            + workflows.map { entry in (entry.key, entry.value.runner.declaration) }
        return all.sorted { a, b in a.0 < b.0 }.map { entry in entry.1 }
    }

    /// Everything that keeps what is registered from being used, in words; a call of such a tool fails.
    public var problems: [String] {
        let unusable = tools.values.compactMap { tool in tool.problem } + policy.problems.map { "\($0)" }
        return (unusable + workflows.values.compactMap { workflow in workflow.problem }).sorted()
    }
}
