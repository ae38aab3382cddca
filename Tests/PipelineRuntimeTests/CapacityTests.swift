import PipelineCore
import PipelineRuntime
import PipelineTesting
import Synchronization
import Testing

/// Places for executions on a loop that the test drains, with a clock that the test moves.
struct CapacityTests {
    private let loop = HostLoop()
    private let clock = ManualClock(now: 1_000)
    /// Who got a place or was refused, in order, and how long each waited.
    private let log = Log<String>()

    private func settle() { while loop.drain() > 0 {} }

    /// Asks for a place; the log says what becomes of it.
    @discardableResult
    private func ask(
        _ capacity: Capacity, _ name: String, for run: Run.ID = "r", until deadline: Run.Milliseconds? = nil,
        clock: (any EngineClock)? = nil
    ) -> Task<Void, Never> {
        let clock = clock ?? self.clock
        let task = Task(executorPreference: loop) {
            do throws(Capacity.Refusal) {
                let waited = try await capacity.acquire(for: run, until: deadline, clock: clock)
                log.append("\(name) after \(waited)")
            } catch {
                switch error {
                case .timedOut(let waited): log.append("\(name) timed out after \(waited)")
                case .canceled: log.append("\(name) canceled")
                }
            }
        }
        settle()
        return task
    }

    private func release(_ capacity: Capacity) {
        capacity.release()
        settle()
    }

    @Test func `a place that is free is taken at once, and one given back is free again`() throws {
        let capacity = try Capacity(2)
        #expect(capacity.tryAcquire() && capacity.tryAcquire())
        #expect(!capacity.tryAcquire() && capacity.free == 0)
        capacity.release()
        #expect(capacity.free == 1 && capacity.tryAcquire() && capacity.free == 0)
    }

    @Test func `a place that nobody holds cannot be given back`() throws {
        let capacity = try Capacity(2)
        capacity.release()
        #expect(capacity.free == 2)
    }

    @Test(arguments: [0, -1, .min]) func `a capacity that lets nothing begin is an error`(limit: Int) {
        let error = #expect(throws: Capacity.Invalid.self) { try Capacity(limit) }
        #expect(error?.limit == limit && error?.description.contains("at least 1") == true)
    }

    @Test func `whoever finds no place free waits, and is told how long by the clock`() throws {
        let capacity = try Capacity(1)
        for name in ["a", "b", "c"] { ask(capacity, name) }
        #expect(log.entries == ["a after 0"] && capacity.waiting == 2)
        clock.advance(by: 30)
        release(capacity)
        clock.advance(by: 12)
        release(capacity)
        #expect(log.entries == ["a after 0", "b after 30", "c after 42"] && capacity.waiting == 0)
        release(capacity)
        #expect(capacity.free == 1)
    }

    @Test func `a place that is given back goes to whoever is next, and nobody can come between`() throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        ask(capacity, "a")
        // Not yet heard of by the one it was handed to.
        capacity.release()
        #expect(capacity.free == 0 && !capacity.tryAcquire() && log.entries.isEmpty)
        settle()
        #expect(log.entries == ["a after 0"])
    }

    @Test func `runs take turns, however much each of them asks for`() throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        for name in ["a1", "a2", "a3", "a4"] { ask(capacity, name, for: "a") }
        for name in ["b1", "b2"] { ask(capacity, name, for: "b") }
        ask(capacity, "c1", for: "c")
        for _ in 1...3 { release(capacity) }
        ask(capacity, "c2", for: "c")
        for _ in 1...5 { release(capacity) }
        let names = log.entries.map { entry in entry.prefix(2) }
        #expect(names == ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "a4"])
    }

    @Test func `whoever is cancelled leaves the queue and holds no place`() throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        let first = ask(capacity, "a", for: "a")
        ask(capacity, "b", for: "b")
        let last = ask(capacity, "c", for: "c", until: 2_000)
        first.cancel()
        last.cancel()
        settle()
        #expect(log.entries == ["a canceled", "c canceled"] && capacity.waiting == 1)
        #expect(clock.sleepers.isEmpty)
        release(capacity)
        #expect(log.entries.last == "b after 0" && capacity.free == 0)
        release(capacity)
        #expect(capacity.free == 1)
    }

    @Test func `whoever is cancelled before does not take a place, even a free one`() throws {
        let capacity = try Capacity(1)
        for deadline in [nil, 2_000] as [Run.Milliseconds?] {
            let task = Task(executorPreference: loop) {
                _ = try await capacity.acquire(for: "r", until: deadline, clock: clock)
                log.append("began")
            }
            task.cancel()
            settle()
        }
        #expect(log.entries.isEmpty && capacity.free == 1 && capacity.waiting == 0)
    }

    @Test func `a place that is handed to a task in the moment it is cancelled is passed on`() throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        let task = ask(capacity, "a", until: 2_000)
        ask(capacity, "b")
        capacity.release()
        task.cancel()
        settle()
        #expect(log.entries == ["a canceled", "b after 0"] && clock.sleepers.isEmpty)
        release(capacity)
        #expect(capacity.free == 1)
    }

    @Test func `G9 whoever waits too long leaves the queue and is told how long it waited`() throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        ask(capacity, "a", until: 1_050)
        ask(capacity, "b", until: 1_100)
        ask(capacity, "c", until: 900)
        #expect(log.entries == ["c timed out after 0"] && capacity.waiting == 2)
        clock.advance(by: 60)
        settle()
        #expect(log.entries.last == "a timed out after 60" && capacity.waiting == 1)
        release(capacity)
        #expect(log.entries.last == "b after 60")
        #expect(clock.sleepers.isEmpty)
        release(capacity)
        #expect(capacity.free == 1)
    }

    @Test func `a deadline that has passed is no matter where a place is free`() throws {
        let capacity = try Capacity(1)
        ask(capacity, "a", until: 0)
        #expect(log.entries == ["a after 0"])
    }

    @Test(arguments: [true, false])
    func `a place that is handed over as the time runs out is given once`(handsOverFirst: Bool) throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        ask(capacity, "a", until: 1_010)
        if handsOverFirst { capacity.release() }
        clock.advance(by: 10)
        if !handsOverFirst {
            settle()
            capacity.release()
        }
        settle()
        #expect(log.entries == [handsOverFirst ? "a after 10" : "a timed out after 10"])
        #expect(capacity.free == (handsOverFirst ? 0 : 1) && capacity.waiting == 0)
    }

    @Test(arguments: [nil, 2_000] as [Run.Milliseconds?])
    func `a place that is given back before the waiter listens is not lost`(deadline: Run.Milliseconds?)
        throws
    {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        let clock = Meddling(clock: clock) { capacity.release() }
        ask(capacity, "a", until: deadline, clock: clock)
        #expect(log.entries == ["a after 0"] && capacity.free == 0 && capacity.waiting == 0)
        release(capacity)
        #expect(capacity.free == 1 && self.clock.sleepers.isEmpty)
    }

    @Test(arguments: [true, false], [nil, 2_000] as [Run.Milliseconds?])
    func `a cancel before the waiter listens is heard, whether a place comes with it or not`(
        givesBack: Bool, deadline: Run.Milliseconds?
    ) throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        let clock = Meddling(clock: clock) {
            if givesBack { capacity.release() }
            withUnsafeCurrentTask { task in task?.cancel() }
        }
        ask(capacity, "a", until: deadline, clock: clock)
        #expect(
            log.entries == ["a canceled"] && capacity.free == (givesBack ? 1 : 0) && capacity.waiting == 0)
        #expect(self.clock.sleepers.isEmpty)
    }

    @Test func `of ten thousand waiters any can leave, and the others go on in order`() throws {
        let capacity = try Capacity(1)
        #expect(capacity.tryAcquire())
        let tasks = (0..<10_000).map { number in
            Task(executorPreference: loop) {
                _ = try await capacity.acquire(for: "r", until: nil, clock: clock)
                log.append("\(number)")
            }
        }
        settle()
        #expect(capacity.waiting == 10_000)
        // Neither from the front nor from the back: 7,919 and 10,000 have no common factor.
        for step in 0..<9_990 { tasks[step * 7_919 % 10_000].cancel() }
        settle()
        #expect(capacity.waiting == 10)
        for _ in 1...11 { release(capacity) }
        let rest = (9_990..<10_000).map { step in step * 7_919 % 10_000 }.sorted()
        #expect(log.entries == rest.map(String.init) && capacity.free == 1)
    }
}

/// A clock that lets something happen when it is read for the first time: after a waiter has joined the queue and before
/// it listens.
private final class Meddling: EngineClock {
    private let clock: ManualClock
    private let meddle: @Sendable () -> Void
    private let isRead = Atomic(false)

    init(clock: ManualClock, _ meddle: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.meddle = meddle
    }

    var now: Run.Milliseconds {
        if !isRead.exchange(true, ordering: .sequentiallyConsistent) { meddle() }
        return clock.now
    }

    func sleep(until instant: Run.Milliseconds) async throws { try await clock.sleep(until: instant) }
}
