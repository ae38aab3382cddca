/// An executor that runs nothing by itself: the host calls `drain()` from its own loop, on its own thread.
///
/// Give it to an engine, and every step of the engine, every call into a runner and every timer's end runs on the
/// thread that drains. Only what leaves it on purpose (`@concurrent`) runs elsewhere.
public final class HostLoop: SerialExecutor, TaskExecutor {
    private let jobs = Locked<[UnownedJob]>([])
    private let wake: @Sendable () -> Void

    /// - Parameter wake: called from any thread when there is something to drain; must not drain itself.
    public init(wake: @escaping @Sendable () -> Void = {}) { self.wake = wake }

    public func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        jobs.withLock { jobs in jobs.append(unowned) }
        wake()
    }

    /// Runs what is queued now, in order, and says how many jobs that were.
    @discardableResult
    public func drain() -> Int {
        let batch = jobs.withLock { jobs in
            defer { jobs.removeAll(keepingCapacity: true) }
            return jobs
        }
        for job in batch {
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
        return batch.count
    }
}
