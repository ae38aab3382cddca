import PipelineCore

/// What lies between a sub-runner's reports and the record: counts them, times them, and lets no secret through.
final class ReportMeter: Sendable {
    private struct State {
        var reports = 0
        /// Bytes of progress that may still be passed on; nil once some were left out.
        var room: Int?
        var latest: Run.Milliseconds
        /// What takes secrets out, and the version of the vault that it knows.
        var stream: Redactor.Stream?
        var version = 0
        /// The sub-runner has ended; it says nothing any more.
        var isOver = false
        /// It went over a limit, and was told to end.
        var hasExceeded = false
    }

    private let limits: Gateway.Limits
    private let vault: Vault
    private let redaction: Redaction
    private let report: ExecutionReporter
    private let state: Locked<State>

    init(
        _ limits: Gateway.Limits, _ vault: Vault, _ redaction: Redaction, _ report: ExecutionReporter
    ) {
        self.limits = limits
        self.vault = vault
        self.redaction = redaction
        self.report = report
        state = Locked(
            State(
                room: limits.progress, latest: report.clock.now,
                stream: vault.redactor(redaction)?.stream()))
    }

    var progress: ProgressReporter { ProgressReporter { text in await self.take(text) } }

    private func take(_ text: String) async {
        let now = report.clock.now
        let word = state.withLock { state -> ExecutionReport? in
            state.latest = now
            guard !state.isOver, !state.hasExceeded else { return nil }
            state.reports += 1
            guard state.reports <= limits.reports else {
                state.hasExceeded = true
                return .exceeded(tooMany(state.reports))
            }
            learn(&state)
            guard state.room != nil else { return nil }
            let clean = fitting(state.stream?.redacted(text) ?? text, &state)
            return clean.isEmpty && !text.isEmpty ? nil : .progress(clean)
        }
        if let word { await report(word) }
    }

    private func tooMany(_ reports: Int) -> Run.Failure {
        Run.Failure(
            .limitExceeded, "It reported more than \(limits.reports) parts of its output.",
            code: Run.LimitName.reports.rawValue,
            details: ["used": reports.json, "allowed": limits.reports.json])
    }

    /// As much of a text as there is room for, and once that the rest is left out.
    private func fitting(_ text: String, _ state: inout State) -> String {
        let room = state.room ?? 0
        guard text.utf8.count > room else {
            state.room = room - text.utf8.count
            return text
        }
        state.room = nil
        return text.cut(to: room)
            + "\n[The rest of its progress is left out: \(limits.progress) bytes are kept.]"
    }

    /// Goes on with what is known of secrets by now: another call may have been given one meanwhile.
    private func learn(_ state: inout State) {
        let version = vault.version
        guard version != state.version else { return }
        state.version = version
        guard let redactor = vault.redactor(redaction) else { return }
        state.stream = state.stream.map { stream in redactor.stream(after: stream) } ?? redactor.stream()
    }

    /// Reports what was held back, since it might have been the beginning of a secret. Nothing is reported after it.
    func finish() async {
        let rest = state.withLock { state in
            state.isOver = true
            learn(&state)
            guard !state.hasExceeded, state.room != nil else { return "" }
            return fitting(state.stream?.finish() ?? "", &state)
        }
        if !rest.isEmpty { await report(.progress(rest)) }
    }

    /// Does the work, and says so when nothing was reported for so long.
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
                guard state.latest == latest, !state.hasExceeded else { return false }
                state.hasExceeded = true
                return true
            }
            if isIdle { return await report(.exceeded(idle(since: latest, limit))) }
        }
    }

    private func idle(since latest: Run.Milliseconds, _ limit: Run.Milliseconds) -> Run.Failure {
        Run.Failure(
            .idle, "It made no progress for \(limit) ms.", code: Run.LimitName.idle.rawValue,
            details: ["used": report.clock.now.since(latest).json, "allowed": limit.json])
    }
}
