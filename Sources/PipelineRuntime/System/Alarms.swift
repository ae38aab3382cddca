#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Wakes tasks when their time has come, with one thread for the whole process.
///
/// Swift's own sleep keeps what it made for a task until its time has come, also when the task was cancelled long before. Nearly
/// every timer of an engine is cancelled, most of them minutes early: they would pile up with the steps of a run.
final class Alarms: Sendable {
    /// Nil where the system gives no thread for it.
    static let shared = Alarms()

    struct State<Waiter> {
        var next = 0
        /// Who is to be told, by number.
        var waiting: [Int: Waiter] = [:]
        /// Those whose task was cancelled before they began to wait.
        var cancelled: Set<Int> = []
        /// A binary heap, the earliest first; some no longer wait.
        var times: [(due: UInt64, id: Int)] = []
    }

    private let state = Locked(State<UnsafeContinuation<Void, any Error>>())
    private let wakePipe: WakePipe

    private init?() {
        guard let wakePipe = try? WakePipe() else { return nil }
        self.wakePipe = wakePipe
        guard OwnThread.run({ [self] in run() }) == 0 else { return nil }
    }

    /// How many tasks wait, and how much is kept for them.
    var count: (waiting: Int, kept: Int) {
        state.withLock { state in (state.waiting.count, state.times.count) }
    }

    /// Returns after so many milliseconds; throws at once when the task is cancelled.
    func sleep(for milliseconds: Int64) async throws {
        let length = UInt64(max(0, milliseconds)).multipliedReportingOverflow(by: 1_000_000)
        let due = Alarms.now.addingReportingOverflow(length.overflow ? .max : length.partialValue)
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        // Who is cancelled in the moment in which it is woken.
        defer { state.withLock { state in _ = state.cancelled.remove(id) } }
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                add(id, due.overflow ? .max : due.partialValue, continuation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func add(_ id: Int, _ due: UInt64, _ continuation: UnsafeContinuation<Void, any Error>) {
        let (isCancelled, isFirst) = state.withLock { state in
            if state.cancelled.remove(id) != nil { return (true, false) }
            state.add(continuation, id, due)
            return (false, state.times[0].id == id)
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        if isFirst { wakePipe.wake() }
    }

    private func cancel(_ id: Int) {
        let continuation = state.withLock { state in
            let continuation = state.remove(id)
            if continuation == nil { state.cancelled.insert(id) }
            return continuation
        }
        continuation?.resume(throwing: CancellationError())
    }

    private func run() {
        while true {
            let (ready, rest) = state.withLock { state in state.takeReady(at: Alarms.now) }
            for continuation in ready { continuation.resume() }
            var descriptor = pollfd(fd: wakePipe.descriptor, events: Int16(POLLIN), revents: 0)
            // Not for longer than a minute: a machine may have been asleep meanwhile.
            _ = poll(&descriptor, 1, rest.map { rest in Int32(min(60_000, rest / 1_000_000 + 1)) } ?? -1)
            wakePipe.drain()
        }
    }

    /// Nanoseconds that go on while the machine is asleep.
    private static var now: UInt64 {
        var time = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_MONOTONIC, &time)
        #else
            clock_gettime(CLOCK_BOOTTIME, &time)
        #endif
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Alarms.State {
    mutating func add(_ waiter: Waiter, _ id: Int, _ due: UInt64) {
        waiting[id] = waiter
        push(due, id)
    }

    /// Whoever has this number, if it still waits: it waits no longer.
    mutating func remove(_ id: Int) -> Waiter? {
        guard let waiter = waiting.removeValue(forKey: id) else { return nil }
        forget()
        return waiter
    }

    private mutating func push(_ due: UInt64, _ id: Int) {
        times.append((due, id))
        var child = times.count - 1
        while child > 0, times[child].due < times[(child - 1) / 2].due {
            times.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() {
        times.swapAt(0, times.count - 1)
        times.removeLast()
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < times.count && times[child].due < times[first].due {
                first = child
            }
            guard first != parent else { return }
            times.swapAt(first, parent)
            parent = first
        }
    }

    /// Those whose time has come, and how long it is until the next.
    mutating func takeReady(
        at now: UInt64
    ) -> (ready: [Waiter], rest: UInt64?) {
        var ready: [Waiter] = []
        while let first = times.first {
            guard waiting[first.id] == nil || first.due <= now else { return (ready, first.due - now) }
            if let continuation = waiting.removeValue(forKey: first.id) { ready.append(continuation) }
            pop()
        }
        return (ready, nil)
    }

    /// Lets go of what no longer waits, once that is most of what is kept.
    private mutating func forget() {
        guard times.count > 64, times.count > 2 * waiting.count else { return }
        let kept = times.filter { time in waiting[time.id] != nil }
        times.removeAll(keepingCapacity: true)
        for (due, id) in kept { push(due, id) }
    }
}
