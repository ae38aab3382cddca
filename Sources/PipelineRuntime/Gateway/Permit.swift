public import PipelineCore

/// Leave to carry out one execution, once. The gateway alone can make one.
public struct Permit: ~Copyable, Sendable {
    public let execution: Run.Execution.ID
    /// Where the paths that the call names lead to, as the policy has judged them: absolute, without links.
    ///
    /// Whoever opens these and follows no link opens what was judged. Empty where the policy is a function, or the tool
    /// does not declare its paths.
    public let paths: [Policy.JudgedPath]

    init(for execution: Run.Execution.ID, paths: [Policy.JudgedPath] = []) {
        self.execution = execution
        self.paths = paths
    }
}
