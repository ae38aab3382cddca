import PipelineCore

extension Capacity {
    /// Takes a free place and gives nil, or the waiter that now stands in the queue.
    func join(for run: Run.ID) -> Waiter.ID? {
        state.withLock { state in
            guard !state.takeFree() else { return nil }
            state.lastWaiter += 1
            let id = Waiter.ID(run: run, number: state.lastWaiter)
            state.queue.append(id)
            state.waiters[id] = Waiter()
            return id
        }
    }

    /// What becomes of a waiter, with a timer beside it that is gone when this returns.
    func outcome(
        of waiter: Waiter.ID, until deadline: Run.Milliseconds, clock: any EngineClock
    ) async -> Waiter.Outcome {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await clock.sleep(until: deadline) } catch { return }
                self.withdraw(waiter, .timedOut)
            }
            let outcome = await self.outcome(of: waiter)
            group.cancelAll()
            return outcome
        }
    }

    /// What becomes of a waiter; the cancellation of the task withdraws it.
    func outcome(of waiter: Waiter.ID) async -> Waiter.Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state in state.listen(waiter, continuation) }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            withdraw(waiter, .canceled)
        }
    }

    /// Takes a waiter out of the queue; nothing happens to one whose outcome is decided.
    private func withdraw(_ id: Waiter.ID, _ outcome: Waiter.Outcome) {
        let waiter = state.withLock { state in
            state.queue.remove(id) ? state.settle(id, outcome) : nil
        }
        waiter?.continuation?.resume(returning: outcome)
    }
}

extension Capacity.State {
    mutating func takeFree() -> Bool {
        guard free > 0 else { return false }
        free -= 1
        return true
    }

    /// Notes the outcome of a waiter that has left the queue, and gives the waiter where somebody listens already.
    mutating func settle(
        _ id: Capacity.Waiter.ID, _ outcome: Capacity.Waiter.Outcome
    ) -> Capacity.Waiter? {
        guard waiters[id]?.continuation == nil else { return waiters.removeValue(forKey: id) }
        waiters[id]?.outcome = outcome
        return nil
    }

    /// Notes who wants to hear of the outcome, or gives the outcome that is decided already.
    mutating func listen(
        _ id: Capacity.Waiter.ID, _ continuation: CheckedContinuation<Capacity.Waiter.Outcome, Never>
    ) -> Capacity.Waiter.Outcome? {
        guard let outcome = waiters[id]?.outcome else {
            waiters[id]?.continuation = continuation
            return nil
        }
        waiters[id] = nil
        return outcome
    }
}
