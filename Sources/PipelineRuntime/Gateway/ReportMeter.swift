import PipelineCore

/// What lies between a sub-runner's reports and the record: counts them, times them, and lets no secret through.
final class ReportMeter: Sendable {
    private struct State {
        var reports = 0
        var latest: Run.Milliseconds
        /// What takes secrets out, and how many of them it knows.
        var stream: Redactor.Stream?
        var secrets = 0
        /// The sub-runner has ended; it says nothing any more.
        var isOver = false
        /// Why the gateway itself ends the execution.
        var verdict: Run.Failure?
    }

    private let limit: Int
    private let vault: Vault
    private let redaction: Redaction
    private let report: ExecutionReporter
    private let state: Locked<State>

    init(limit: Int, _ vault: Vault, _ redaction: Redaction, _ report: ExecutionReporter) {
        self.limit = limit
        self.vault = vault
        self.redaction = redaction
        self.report = report
        state = Locked(State(latest: report.clock.now, stream: vault.redactor(redaction)?.stream()))
    }

    var verdict: Run.Failure? { state.withLock { state in state.verdict } }

    var progress: ProgressReporter { ProgressReporter { text in await self.take(text) } }

    private func take(_ text: String) async {
        let now = report.clock.now
        let (clean, isTooMany) = state.withLock { state -> (String?, Bool) in
            state.latest = now
            guard !state.isOver, state.verdict == nil else { return (nil, false) }
            state.reports += 1
            guard state.reports <= limit else {
                state.verdict = Run.Failure(
                    .limitExceeded, "It reported more than \(limit) parts of its output.",
                    code: Run.LimitName.reports.rawValue)
                return (nil, true)
            }
            learn(&state)
            let clean = state.stream?.redacted(text) ?? text
            return (clean.isEmpty && !text.isEmpty ? nil : clean, false)
        }
        if let clean { await report(.progress(clean)) }
        if isTooMany { await report.cancel() }
    }

    /// Goes on with what is known of secrets by now: another call may have been given one meanwhile.
    private func learn(_ state: inout State) {
        let count = vault.count
        guard count != state.secrets else { return }
        state.secrets = count
        guard let redactor = vault.redactor(redaction) else { return }
        state.stream = state.stream.map { stream in redactor.stream(after: stream) } ?? redactor.stream()
    }

    /// Reports what was held back, since it might have been the beginning of a secret. Nothing is reported after it.
    func finish() async {
        let rest = state.withLock { state in
            state.isOver = true
            learn(&state)
            return state.verdict == nil ? state.stream?.finish() ?? "" : ""
        }
        if !rest.isEmpty { await report(.progress(rest)) }
    }

    /// Does the work, and cancels the execution when nothing was reported for so long.
    func watching<Value: Sendable>(
        idle limit: Run.Milliseconds?, _ work: () async throws -> Value
    ) async throws -> Value {
        guard let limit else { return try await work() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.watch(limit) }
            defer { group.cancelAll() }
            return try await work()
        }
    }

    private func watch(_ limit: Run.Milliseconds) async {
        while true {
            let latest = state.withLock { state in state.latest }
            let (due, isNever) = latest.addingReportingOverflow(limit)
            do { try await report.clock.sleep(until: isNever ? .max : due) } catch { return }
            let isIdle = state.withLock { state in
                guard state.latest == latest, state.verdict == nil else { return false }
                state.verdict = Run.Failure(.idle, "It made no progress for \(limit) ms.")
                return true
            }
            if isIdle { return await report.cancel() }
        }
    }
}
