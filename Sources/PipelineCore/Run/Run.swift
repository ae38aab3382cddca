/// One piece of work from a request to its end: steps, attempts, gates, a stop intent.
///
/// A value that `reduce` alone changes. It is bounded: the steps of the current round and the last 64 before it.
public struct Run: Hashable, Sendable {
    public let id: ID
    /// The definition it started with.
    public let template: Template
    /// The host's own notes, from the request.
    public let metadata: JSON
    /// The signal that asked for it.
    public let cause: Signal.ID
    public let correlation: Signal.ID
    /// The conversation as it stood when the run was opened, with the request as its last message.
    public let context: [Message]

    public internal(set) var status: Status = .pending
    /// Set while the run is coming to a stop.
    public internal(set) var stop: Stop?
    /// The last interruption; its ticket is current while the run is interrupted.
    public internal(set) var interruption: Interruption?
    public internal(set) var interruptions = 0
    /// The steps that are kept, by ordinal and without gaps.
    public internal(set) var steps: [Step] = []
    /// The ordinal of the latest strategy step; everything undecided is from there on.
    public internal(set) var strategy = 0
    /// How many strategy steps there were.
    public internal(set) var turns = 0
    /// How many steps were planned that are not the reducer's own.
    public internal(set) var stepsUsed = 0
    /// How many there may be: the template's, or what a resume raised it to.
    public internal(set) var maxSteps: Int
    public internal(set) var usage = Usage()
    /// Why the run failed, if it did.
    public internal(set) var failure: Failure?
    /// Why it was canceled, if it was.
    public internal(set) var reason: String?
    /// The final answer and what came of it, once the run is completed.
    public internal(set) var answer: String?
    public internal(set) var artifact: JSON?

    init(id: ID, request: Request, cause: Signal, context: [Message]) {
        self.id = id
        template = request.template
        metadata = request.metadata
        maxSteps = request.template.maxSteps
        self.cause = cause.id
        correlation = cause.correlation ?? cause.id
        self.context = context
    }
}

extension Run {
    /// The ordinal that the next step gets.
    var nextOrdinal: Int { (steps.last?.ordinal ?? 0) + 1 }

    /// Where the step of this ordinal is kept; nil when it never was, or no longer is.
    func index(of ordinal: Int) -> Int? {
        guard let first = steps.first, ordinal >= first.ordinal else { return nil }
        let index = ordinal - first.ordinal
        return index < steps.count ? index : nil
    }

    /// The step of this ordinal, if it is still kept.
    public func step(_ ordinal: Int) -> Step? { index(of: ordinal).map { index in steps[index] } }

    /// The latest strategy step and everything after it: the only steps that can be undecided.
    var round: Range<Int> { (index(of: strategy) ?? 0)..<steps.count }

    var phase: Phase {
        switch status {
        case .pending: .pending
        case .running: stop.map { stop in .stopping(stop.kind) } ?? .running
        case .interrupted: .interrupted
        case .completed, .failed, .canceled: .ended
        }
    }

    /// The attempts that are open, in step order.
    public var openExecutions: [Execution.ID] {
        round.compactMap { index in
            steps[index].attempt.map { attempt in executionID(steps[index].ordinal, attempt.number) }
        }
    }

    func executionID(_ ordinal: Int, _ attempt: Int) -> Execution.ID {
        Execution.ID(run: id, ordinal: ordinal, attempt: attempt)
    }
}
