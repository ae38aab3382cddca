public import PipelineCore
public import PipelineRuntime

/// A runner that answers by a script, and tells when a run departs from it or leaves a part of it unused.
///
/// Each execution takes the first unused step of its name. One that finds none fails, and `finish()` says so.
public final class ScriptedRunner: ExecutionRunner {
    private struct State {
        var script: [Step]
        var executions: [Run.Execution] = []
        var unexpected: [Run.Execution.ID] = []
        var held: [Run.Execution.ID: CheckedContinuation<ExecutionAnswer, Never>] = [:]
        var released: [Run.Execution.ID: ExecutionAnswer] = [:]
    }

    private let state: Locked<State>

    public init(_ script: [Step]) { state = Locked(State(script: script)) }

    /// What one execution does.
    public struct Step: Sendable {
        enum Ending: Sendable {
            case answers(ExecutionAnswer)
            /// Stays open until the test releases it; a cancel ends it unless `ignoresCancel`.
            case held(ignoresCancel: Bool)
        }

        let name: String
        let progress: [String]
        let ending: Ending

        public static func answers(
            _ name: String, progress: [String] = [], _ answer: ExecutionAnswer
        ) -> Step {
            Step(name: name, progress: progress, ending: .answers(answer))
        }

        public static func completes(
            _ name: String, progress: [String] = [], _ output: JSON, calls: [Run.Call] = []
        ) -> Step {
            .answers(name, progress: progress, .completed(Run.Result(output: output, calls: calls)))
        }

        public static func fails(_ name: String, _ failure: Run.Failure) -> Step {
            .answers(name, .failed(failure))
        }

        public static func waits(_ name: String, progress: [String] = [], ignoresCancel: Bool = false) -> Step
        {
            Step(name: name, progress: progress, ending: .held(ignoresCancel: ignoresCancel))
        }
    }

    /// The executions that were asked for, in order.
    public var executions: [Run.Execution] { state.withLock { state in state.executions } }

    /// Ends an execution that waits, or is about to.
    public func release(_ id: Run.Execution.ID, _ answer: ExecutionAnswer) {
        let waiter = state.withLock { state in
            let waiter = state.held.removeValue(forKey: id)
            if waiter == nil { state.released[id] = answer }
            return waiter
        }
        waiter?.resume(returning: answer)
    }

    /// Throws when the run departed from the script or did not use all of it.
    public func finish() throws(ScriptError) {
        let (unused, unexpected) = state.withLock { state in
            (state.script.map { step in step.name }, state.unexpected)
        }
        guard unused.isEmpty, unexpected.isEmpty else {
            throw ScriptError(unused: unused, unexpected: unexpected)
        }
    }

    public func run(_ execution: Run.Execution, report: ExecutionReporter) async -> ExecutionAnswer {
        let step = state.withLock { state -> Step? in
            state.executions.append(execution)
            guard let index = state.script.firstIndex(where: { step in step.name == execution.name }) else {
                state.unexpected.append(execution.id)
                return nil
            }
            return state.script.remove(at: index)
        }
        guard let step else {
            return .failed(Run.Failure(.config, "The script has no step left for \"\(execution.name)\"."))
        }
        guard !Task.isCancelled else { return .canceled(effectBegan: false) }
        // What the policy refuses never starts.
        if case .answers(.refused(let decision)) = step.ending { return .refused(decision) }
        await report(.started)
        for text in step.progress { await report(.progress(text)) }
        switch step.ending {
        case .answers(let answer): return answer
        case .held(let ignoresCancel): return await hold(execution.id, ignoresCancel: ignoresCancel)
        }
    }

    private func hold(_ id: Run.Execution.ID, ignoresCancel: Bool) async -> ExecutionAnswer {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let answer = state.withLock { state -> ExecutionAnswer? in
                    if let answer = state.released.removeValue(forKey: id) { return answer }
                    if Task.isCancelled, !ignoresCancel { return .canceled(effectBegan: true) }
                    state.held[id] = waiter
                    return nil
                }
                if let answer { waiter.resume(returning: answer) }
            }
        } onCancel: {
            guard !ignoresCancel else { return }
            let waiter = state.withLock { state in state.held.removeValue(forKey: id) }
            waiter?.resume(returning: .canceled(effectBegan: true))
        }
    }
}

/// A script and a run that do not agree.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The names of the steps that no execution took.
    public let unused: [String]
    /// The executions for which there was no step.
    public let unexpected: [Run.Execution.ID]

    public var description: String {
        var parts: [String] = []
        if !unused.isEmpty {
            parts.append("The script's steps were not used: \(unused.joined(separator: ", ")).")
        }
        if !unexpected.isEmpty {
            let ids = unexpected.map { id in "\(id)" }.joined(separator: ", ")
            parts.append("The script has no step for: \(ids).")
        }
        return parts.joined(separator: " ")
    }
}
