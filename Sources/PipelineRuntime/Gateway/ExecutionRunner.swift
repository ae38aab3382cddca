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
    func run(_ execution: Run.Execution, report: ExecutionReporter) async -> ExecutionAnswer
}

/// Takes what a runner reports, called like a function; each call returns when it is recorded.
///
/// A type of its own, since what a function type means in a protocol depends on the settings of the module that reads it.
public struct ExecutionReporter: Sendable {
    private let take: @Sendable (ExecutionReport) async -> Void

    public init(_ take: @escaping @Sendable (ExecutionReport) async -> Void) { self.take = take }

    public func callAsFunction(_ report: ExecutionReport) async { await take(report) }
}

/// Takes parts of an answer or of an output as they come, white space kept, called like a function.
public struct ProgressReporter: Sendable {
    private let report: ExecutionReporter

    public init(_ report: ExecutionReporter) { self.report = report }

    public func callAsFunction(_ text: String) async { await report(.progress(text)) }
}

/// What a runner reports while an execution is under way.
public enum ExecutionReport: Hashable, Sendable {
    /// The policy allows it; it may have to wait for room.
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
    case canceled(Run.Cancellation)
    /// The policy denies it, or a person must be asked first.
    case refused(Run.Decision)

    /// It was canceled, and nothing more is known of it; false only when the effect certainly never began.
    public static func canceled(effectBegan: Bool) -> ExecutionAnswer {
        .canceled(Run.Cancellation(effectBegan: effectBegan))
    }
}
