public import PipelineCore

/// The one protocol through which every side effect of every kind goes.
///
/// A cancel directive cancels the Swift task in which `run` was called; one that comes before the call makes the call
/// unnecessary. `run` returns only when whatever it started has really ended.
/// It is called on the engine's executor and must not block it.
public protocol ExecutionRunner: Sendable {
    /// Carries one execution out and says how it ended: exactly once, by returning.
    ///
    /// - Parameter report: takes what happens on the way; returns when it is recorded.
    func run(
        _ execution: Run.Execution, report: @escaping @Sendable (ExecutionReport) async -> Void
    ) async -> ExecutionAnswer
}

/// What a runner reports while an execution is under way.
public enum ExecutionReport: Hashable, Sendable {
    /// The policy allows it.
    case allowed(Run.Decision)
    /// Its effect is about to begin.
    case started
    /// A part of an answer or of an output, white space kept.
    case progress(String)
}

/// How an execution ended.
public enum ExecutionAnswer: Hashable, Sendable {
    case completed(Run.Result)
    case failed(Run.Failure)
    /// `effectBegan` is false only when the effect certainly never began.
    case canceled(effectBegan: Bool)
    /// The policy denies it, or a person must be asked first.
    case refused(Run.Decision)
}
