import PipelineRuntime

extension ChildProcess {
    /// Carries reports from a child's thread to the one task that waits for them, in order.
    ///
    /// Not an `AsyncStream`, which ends at once in a canceled task: a canceled child's last words still
    /// count. It needs no bound, since the output posted has one.
    final class Mailbox: Sendable {
        enum Report: Sendable {
            case output(Stream, String)
            case ended(Result<Exit, SpawnError>)
        }

        private struct State {
            var reports: [Report] = []
            var waiter: CheckedContinuation<[Report], Never>?
        }

        private let state = Locked(State())

        func post(_ report: Report) {
            let waiter = state.withLock { state -> CheckedContinuation<[Report], Never>? in
                guard let waiter = state.waiter else {
                    state.reports.append(report)
                    return nil
                }
                state.waiter = nil
                return waiter
            }
            waiter?.resume(returning: [report])
        }

        /// The reports posted since the last call, at least one; waits for it. For one task at a time.
        func next() async -> [Report] {
            await withCheckedContinuation { continuation in
                let reports = state.withLock { state -> [Report] in
                    if state.reports.isEmpty { state.waiter = continuation }
                    let reports = state.reports
                    state.reports = []
                    return reports
                }
                if !reports.isEmpty { continuation.resume(returning: reports) }
            }
        }
    }
}
