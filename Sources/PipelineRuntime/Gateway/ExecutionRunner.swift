public import PipelineCore

/// The one protocol through which every side effect of every kind goes.
///
/// It is called on the engine's executor and must not block it.
public protocol ExecutionRunner: Sendable {
    /// Carries one execution out and says how it ended: exactly once, by returning, and only when whatever it started has
    /// really ended.
    ///
    /// A cancel directive cancels the Swift task in which this was called; one that comes before the call makes the call
    /// unnecessary.
    ///
    /// - Parameter report: takes what happens on the way; returns when it is recorded.
    func run(_ execution: Run.Execution, report: ExecutionReporter) async -> ExecutionAnswer

    /// Tells whoever carries an execution out to end it, besides the cancellation of its task.
    ///
    /// It is called once, and only for an execution that has begun. How the execution ends, `run` says; `run` is waited for
    /// whatever this answers. When `run` has returned, the task of this call is cancelled; what it says is still heard for
    /// a second.
    func cancel(_ execution: Run.Execution) async -> Run.CancelReply
}

extension ExecutionRunner {
    public func cancel(_ execution: Run.Execution) async -> Run.CancelReply { .notAvailable }
}

/// What a runner reports while an execution is under way.
public enum ExecutionReport: Hashable, Sendable {
    /// The policy allows it; it may have to wait for room.
    case allowed(Run.Decision)
    /// Its effect is about to begin.
    case started
    /// A part of an answer or of an output, white space kept.
    case progress(String)
    /// It has gone over a limit that the runner alone measures: what it has failed with if it gives no result.
    ///
    /// The engine records it and tells the execution to end; one that does not within its grace time is given up.
    case exceeded(Run.Failure)
}

/// How an execution ended.
public enum ExecutionAnswer: Hashable, Sendable {
    case completed(Run.Result)
    case failed(Run.Failure)
    case canceled(Run.Cancellation)
    /// The policy denies it, or a person must be asked first.
    case refused(Run.Decision)

    /// It was canceled, and nothing more is known of it; false only when the effect certainly never began.
    public static func canceled(effectBegan: Bool) -> ExecutionAnswer {
        .canceled(Run.Cancellation(effectBegan: effectBegan))
    }
}
