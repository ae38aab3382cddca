public import PipelineCore

/// Leave to carry out one execution, once. The gateway alone can make one.
public struct Permit: ~Copyable, Sendable {
    public let execution: Run.Execution.ID

    init(for execution: Run.Execution.ID) { self.execution = execution }
}
