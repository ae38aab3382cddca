public import PipelineCore
public import PipelineRuntime

/// A clock that stands still until a test moves it.
public final class ManualClock: EngineClock {
    private struct State {
        var now: Run.Milliseconds
        var sleepers: [Int: (until: Run.Milliseconds, wake: CheckedContinuation<Void, any Error>)] = [:]
        var nextSleeper = 0
    }

    private let state: Locked<State>

    public init(now: Run.Milliseconds = 0) { state = Locked(State(now: now)) }

    public var now: Run.Milliseconds { state.withLock { state in state.now } }

    /// The instants that somebody sleeps until, earliest first.
    public var sleepers: [Run.Milliseconds] {
        state.withLock { state in state.sleepers.values.map { sleeper in sleeper.until }.sorted() }
    }

    public func advance(by duration: Run.Milliseconds) {
        let due = state.withLock { state in
            state.now += max(0, duration)
            let due = state.sleepers.filter { entry in entry.value.until <= state.now }
            for token in due.keys { state.sleepers[token] = nil }
            return due.sorted { a, b in (a.value.until, a.key) < (b.value.until, b.key) }
        }
        for sleeper in due { sleeper.value.wake.resume() }
    }

    public func sleep(until instant: Run.Milliseconds) async throws {
        let token = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
                let rouses = state.withLock { state in
                    guard !Task.isCancelled else { return true }
                    guard instant > state.now else { return true }
                    state.sleepers[token] = (instant, wake)
                    return false
                }
                guard rouses else { return }
                if Task.isCancelled { wake.resume(throwing: CancellationError()) } else { wake.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in state.sleepers.removeValue(forKey: token) }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }
}
