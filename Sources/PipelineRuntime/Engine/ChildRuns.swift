public import PipelineCore

/// What an engine lends a workflow: the child run of one execution.
public struct ChildRuns: Sendable {
    let engine: Engine
    let parent: Conversation.ID
    let execution: Run.Execution

    /// A child run that was interrupted because its parent is: the next attempt goes on with it.
    struct Interrupted: Error {
        let run: Run.ID
    }

    /// The conversation of the child runs of this step: `<conversation>/<run>/<ordinal>`.
    public var conversation: Conversation.ID {
        Conversation.ID(parent.text + ChildRuns.suffix(of: execution.id))
    }

    static func suffix(of execution: Run.Execution.ID) -> String {
        "/\(execution.run)/\(execution.ordinal)"
    }

    /// The child run: the one that an earlier attempt has left, or this attempt's own.
    public var run: Run.ID { execution.continues ?? execution.id.child }

    /// Opens the child run, or resumes it, and gives what it has left when it has completed.
    ///
    /// When the task is cancelled the child run is told, and waited for.
    /// - Throws: the failure of the child run, `canceled` when it was canceled, and what must be thrown on when it was
    ///   interrupted with its parent.
    public func run(_ request: Run.Request) async throws -> Run.Result {
        try await engine.takeUp(self, request, isAttached: true)
        // A cancelled task hears nothing any more; the end of the child run it must hear.
        let following = Task(executorPreference: engine.host) { await engine.end(of: self) }
        let end = await withTaskCancellationHandler {
            await following.value
        } onCancel: {
            Task(executorPreference: engine.host) { await engine.stop(self) }
        }
        switch end {
        case .completed(let artifact, let usage): return Run.Result(output: artifact, usage: usage)
        case .failed(let failure): throw failure
        case .canceled(let usage):
            throw Run.Failure(.canceled, "The child run \(run) was canceled.", usage: usage)
        case .interrupted: throw Interrupted(run: run)
        }
    }

    /// Opens the child run and leaves it alone: nothing that becomes of its parent reaches it.
    public func open(_ request: Run.Request) async throws -> Run.ID {
        try await engine.takeUp(self, request, isAttached: false)
        return run
    }
}
