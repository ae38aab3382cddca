package import PipelineCore

extension Capacity {
    /// Takes a place if one is free; it must be given back with ``release()``.
    package func tryAcquire() -> Bool { state.withLock { state in state.takeFree() } }

    /// Takes a place, waiting for it where none is free; it must be given back with ``release()``.
    ///
    /// Whoever is refused holds no place. A place that is handed over in the same moment as the time runs out counts as
    /// handed over; one that is handed over to a task that was cancelled is passed on.
    ///
    /// - Parameter deadline: until when to wait; nil for as long as it takes.
    /// - Returns: how long it waited by the clock; 0 where a place was free.
    package func acquire(
        for run: Run.ID, until deadline: Run.Milliseconds?, clock: any EngineClock
    ) async throws(Refusal) -> Run.Milliseconds {
        guard !Task.isCancelled else { throw .canceled }
        guard let waiter = join(for: run) else { return 0 }
        let start = clock.now
        let outcome =
            if let deadline {
                await outcome(of: waiter, until: deadline, clock: clock)
            } else {
                await outcome(of: waiter)
            }
        switch outcome {
        case .granted where Task.isCancelled:
            release()
            throw .canceled
        case .granted: return clock.duration(since: start)
        case .timedOut: throw .timedOut(waited: clock.duration(since: start))
        case .canceled: throw .canceled
        }
    }

    /// Gives a place back: to whoever is next, or it is free. A place that nobody holds cannot be given back.
    package func release() {
        let next = state.withLock { state -> Waiter? in
            guard let next = state.queue.popFirst() else {
                state.free = min(state.free + 1, limit)
                return nil
            }
            return state.settle(next, .granted)
        }
        next?.continuation?.resume(returning: .granted)
    }
}

extension EngineClock {
    /// How long ago an instant was; 0 where the clock has gone back since.
    fileprivate func duration(since start: Run.Milliseconds) -> Run.Milliseconds {
        let (difference, overflow) = now.subtractingReportingOverflow(start)
        return overflow ? (start < 0 ? .max : 0) : max(0, difference)
    }
}
