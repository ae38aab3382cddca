import PipelineCore

/// Takes what a runner reports, called like a function; each call returns when it is recorded.
///
/// A type of its own, since what a function type means in a protocol depends on the settings of the module that reads it.
public struct ExecutionReporter: Sendable {
    private let take: @Sendable (ExecutionReport) async -> Void
    /// The engine's own.
    public let clock: any EngineClock
    /// What a workflow may do about its child run; nil outside an engine.
    package let children: ChildRuns?

    public init(
        clock: any EngineClock = WallClock(), _ take: @escaping @Sendable (ExecutionReport) async -> Void
    ) {
        self.init(clock: clock, children: nil, take)
    }

    init(
        clock: any EngineClock, children: ChildRuns?,
        _ take: @escaping @Sendable (ExecutionReport) async -> Void
    ) {
        self.clock = clock
        self.children = children
        self.take = take
    }

    public func callAsFunction(_ report: ExecutionReport) async { await take(report) }
}

/// Takes parts of an answer or of an output as they come, white space kept, called like a function.
public struct ProgressReporter: Sendable {
    private let take: @Sendable (String) async -> Void

    public init(_ report: ExecutionReporter) { take = { text in await report(.progress(text)) } }

    init(_ take: @escaping @Sendable (String) async -> Void) { self.take = take }

    public func callAsFunction(_ text: String) async { await take(text) }
}
