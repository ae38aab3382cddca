import PipelineCore
import PipelineRuntime

/// What a journal says became of every execution and every run, by replaying it.
struct Ledger {
    /// What there was of one execution.
    struct Account: Hashable {
        var requested = 0
        var started = 0
        var ended = 0
        /// Records of what its runner said at the end.
        var answers = 0
    }

    private(set) var accounts: [String: Account] = [:]
    /// Ends that runs have come to, and runs that were opened.
    private(set) var runs: [Run.ID: Int] = [:]
    private(set) var endings: [String: Int] = [:]
    /// Whether every record has the disposition that it had.
    private(set) var replays = true

    init(_ records: [JournalRecord]) {
        var conversations: [Conversation.ID: Conversation] = [:]
        var directives: [Run.Directive] = []
        for record in records {
            let id = record.conversation
            directives.removeAll(keepingCapacity: true)
            let disposition = conversations[id, default: Conversation(id: id)]
                .reduce(record.signal, into: &directives)
            if disposition != record.disposition { replays = false }
            if record.signal.id.text.hasSuffix("/answer") {
                accounts[String(record.signal.id.text.dropLast(7)), default: Account()].answers += 1
            }
            for case .publish(let event) in directives { take(event) }
        }
    }

    private mutating func take(_ event: Run.Event) {
        switch event.kind {
        case .execution(let id, let change):
            let name = "\(id)"
            switch change.lifecycle {
            case .requested: accounts[name, default: Account()].requested += 1
            case .started: accounts[name, default: Account()].started += 1
            case .progress: break
            case .completed, .failed, .canceled:
                accounts[name, default: Account()].ended += 1
                let category = change.failure.map { failure in " \(failure.category.rawValue)" } ?? ""
                endings["\(change.lifecycle.rawValue)\(category)", default: 0] += 1
            }
        case .run(let run, .opened): runs[run, default: 0] += 0
        case .run(let run, _) where event.outcome.map { status in status != .interrupted } ?? false:
            runs[run, default: 0] += 1
        default: break
        }
    }

    /// Executions that were requested, or ended, or answered, not exactly once; runs that have not one end.
    var problems: [String] { problems(answered: 1...1) }

    /// - Parameter answered: how often an execution may have been answered; one that a shutdown has left is not.
    func problems(answered: ClosedRange<Int>) -> [String] {
        let odd = accounts.filter { _, account in
            account.requested != 1 || account.ended != 1 || !answered.contains(account.answers)
                || account.started > 1
        }
        let unended = runs.filter { _, ends in ends != 1 }
        return odd.map { name, account in "\(name) \(account)" }.sorted()
            + unended.map { run, ends in "\(run) has \(ends) ends" }.sorted()
    }
}
