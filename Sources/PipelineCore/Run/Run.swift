/// One piece of work from a request to its end: steps, attempts, gates, a stop intent.
///
/// A value that `reduce` alone changes. It is bounded: the steps of the current round and the last 64 before it.
public struct Run: Hashable, Sendable {
    /// Never changed in a run that goes on; see ``Conversation/replacingTemplate(of:by:)``.
    var charter: Charter
    /// The conversation as it stood when the run began, with the request as its last message.
    public internal(set) var context: [Message] = []

    public internal(set) var status: Status = .pending
    /// Set while the run is coming to a stop.
    public internal(set) var stop: Stop?
    /// The last interruption; its ticket is current while the run is interrupted.
    public internal(set) var interruption: Interruption?
    public internal(set) var interruptions = 0
    /// Since when its allowances of running time stand still: from an accepted interrupt until the resume.
    public internal(set) var pausedAt: Milliseconds?
    /// When it has run too long.
    public internal(set) var deadline: Milliseconds?
    /// The steps that are kept, by ordinal and without gaps.
    public internal(set) var steps: [Step] = []
    /// The ordinal of the round's first step; everything undecided is from there on.
    public internal(set) var lead = 0
    /// Where the template stands: the definition of the round's first step.
    public internal(set) var position = 0
    /// How often each step of the template was taken.
    package internal(set) var visits: [Int] = []
    /// How many strategy steps there were.
    public internal(set) var turns = 0
    /// How often the strategy in turn was told to repair its answer, and what was wrong with the last one.
    package internal(set) var repairs = 0
    public internal(set) var complaints: [String] = []
    /// What strategies have answered that a rule judges or an artifact is made of, by step.
    public internal(set) var answers: JSON.Object = [:]
    package internal(set) var loops = LoopWatch()
    /// The last step whose end the watch has taken note of.
    package internal(set) var watched = 0
    /// How much it may use: the template's limits, or what a resume raised them to.
    public internal(set) var limits: Limits
    public internal(set) var spent = Spent()
    /// Why the run failed, if it did.
    public internal(set) var failure: Failure?
    /// Why it was canceled, if it was.
    public internal(set) var reason: String?
    /// The last answer that was accepted; the conversation's once it is committed.
    public internal(set) var answer: String?
    /// The answer that was made the assistant's message.
    public internal(set) var committed: String?
    public internal(set) var artifact: JSON?

    init(id: ID, request: Request, template: Template, cause: Signal) {
        charter = Charter(
            id: id, template: template, isUnattended: request.isUnattended, operators: request.operators,
            skills: request.skills, metadata: request.metadata,
            parent: request.parent, cause: cause.id,
            correlation: cause.correlation ?? cause.id,
            request: request.text)
        limits = template.limits
    }

    /// A run that waits for its turn: what it is asked, and nothing else.
    init(pending charter: Charter) {
        self.charter = charter
        limits = charter.template.limits
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

    /// The round's first step and everything after it: the only steps that can be undecided.
    package var round: Range<Int> { (index(of: lead) ?? 0)..<steps.count }

    /// Whether nothing in the round is left to decide.
    package var isDecided: Bool { !round.contains { index in !steps[index].status.isTerminal } }

    package var phase: Phase {
        switch status {
        case .pending: .pending
        case .running: stop.map { stop in .stopping(stop.kind) } ?? .running
        case .interrupted: .interrupted
        case .completed, .failed, .canceled: .ended
        }
    }

    /// The executions that are open, in step order.
    public var openExecutions: [Execution.ID] { round.compactMap { index in executionID(of: index) } }

    /// The execution that is open for a step.
    package func executionID(of index: Int) -> Execution.ID? {
        steps[index].attempt.map { attempt in
            Execution.ID(
                run: id, ordinal: steps[index].ordinal, attempt: attempt.number, probe: attempt.probe)
        }
    }
}
