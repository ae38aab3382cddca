import PipelineCore
import PipelineRuntime

/// A journal in memory that tells how it was used, waits when it is held, and fails when it is told to.
final class SpyJournal: Journal {
    /// One call of `append` that came through.
    struct Append: Hashable {
        let records: [JournalRecord]
        let flushing: Bool
    }

    private struct State {
        var kept: [JournalRecord] = []
        /// The same by conversation.
        var threads: [Conversation.ID: [JournalRecord]] = [:]
        var appends: [Append] = []
        var attempts = 0
        var reads = 0
        var hold: Hold?
        var trigger: String?
        var held: [CheckedContinuation<Void, Never>] = []
        var failures: [Int: JournalError] = [:]
        var isClosed = false

        mutating func keep(_ records: [JournalRecord]) {
            kept += records
            for record in records { threads[record.conversation, default: []].append(record) }
        }
    }

    private let state: Locked<State>
    private let observe: @Sendable () -> Void

    /// - Parameters:
    ///   - records: what it holds from the start.
    ///   - observe: called wherever it is called.
    init(_ records: [JournalRecord] = [], observe: @escaping @Sendable () -> Void = {}) {
        var first = State()
        first.keep(records)
        state = Locked(first)
        self.observe = observe
    }

    var records: [JournalRecord] { state.withLock { state in state.kept } }
    var appends: [Append] { state.withLock { state in state.appends } }
    /// Calls of `append`, whether they came through or not.
    var attempts: Int { state.withLock { state in state.attempts } }
    var reads: Int { state.withLock { state in state.reads } }
    var isClosed: Bool { state.withLock { state in state.isClosed } }

    /// One line a record: conversation, sequence, signal and what became of it.
    var lines: [String] { records.map(\.line) }

    /// Where appends wait when they are held: before they write, or when they have written and not yet returned.
    enum Hold { case beforeWriting, afterWriting }

    /// From now on appends wait.
    func hold(_ place: Hold = .beforeWriting) { state.withLock { state in state.hold = place } }

    /// Appends wait from the first on that has a record with this in its line.
    func hold(from trigger: String) { state.withLock { state in state.trigger = trigger } }

    /// Lets the appends through that wait, and all that come.
    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.hold = nil
            return state.held
        }
        for append in held { append.resume() }
    }

    /// Makes the next append fail, or the one after so many others.
    func failNext(_ error: JournalError, after others: Int = 0) {
        state.withLock { state in state.failures[state.attempts + others + 1] = error }
    }

    func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError) {
        observe()
        let records = entries.compactMap { entry in
            if case .record(let record) = entry { record } else { nil }
        }
        let attempt = state.withLock { state in
            state.attempts += 1
            if let trigger = state.trigger, records.contains(where: { $0.line.contains(trigger) }) {
                state.hold = .beforeWriting
                state.trigger = nil
            }
            return state.attempts
        }
        await wait(.beforeWriting)
        try state.withLock { state throws(JournalError) in
            guard !state.isClosed else { throw JournalError("spy", .closed) }
            if let failure = state.failures[attempt] { throw failure }
            state.keep(records)
            state.appends.append(Append(records: records, flushing: flushing))
        }
        await wait(.afterWriting)
    }

    private func wait(_ place: Hold) async {
        await withCheckedContinuation { caller in
            let waits = state.withLock { state in
                if state.hold == place { state.held.append(caller) }
                return state.hold == place
            }
            if !waits { caller.resume() }
        }
    }

    var isDurable: Bool { false }

    func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail {
        JournalTail(records: try await records(of: conversation, from: 1, limit: .max))
    }

    func records(
        of conversation: Conversation.ID, from sequence: Int, limit: Int
    ) async throws(JournalError) -> [JournalRecord] {
        observe()
        return state.withLock { state in
            state.reads += 1
            return (state.threads[conversation] ?? []).filter { record in record.sequence >= sequence }
        }
    }

    func flush() async throws(JournalError) { observe() }

    func conversations() async throws(JournalError) -> [JournalListing] { [] }

    func compact() async throws(JournalError) {}

    func close() async {
        observe()
        state.withLock { state in state.isClosed = true }
    }
}

extension JournalRecord {
    /// `<sequence> <signal> <disposition>`, with what the signal is about where it is about an execution.
    var line: String {
        let subject: String =
            switch signal.kind {
            case .policyDecided(let id, let decision): " \(id) \(decision.verdict)"
            case .started(let id), .progress(let id, _), .exceeded(let id, _), .completed(let id, _): " \(id)"
            case .failed(let id, let failure): " \(id) \(failure.category)"
            case .canceled(let id, let cancellation):
                " \(id) \(cancellation.effectBegan ? "begun" : "not begun")"
            case .timerFired(let timer): " \(timer)"
            case .userMessage, .interrupt, .resume, .cancel, .cancelStep, .withdraw, .cancelConversation,
                .resumeConversation, .switchMode, .gateAnswer, .restarted:
                ""
            }
        let outcome: String =
            switch disposition {
            case .applied, .unchanged, .duplicate, .stale: "\(disposition)"
            case .rejected(let code): "\(code)"
            }
        return "\(sequence) \(signal.kind.word)\(subject) \(outcome)"
    }
}
