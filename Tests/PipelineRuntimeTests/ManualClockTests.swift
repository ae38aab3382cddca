import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// The clock that stands still until a test moves it.
struct ManualClockTests {
    private let loop = HostLoop()
    private let clock = ManualClock(now: 1_000)
    /// Who has woken, in order; with a minus, who was cancelled.
    private let woken = Log<Run.Milliseconds>()

    /// Falls asleep on the loop.
    @discardableResult
    private func sleep(until instant: Run.Milliseconds, named name: Run.Milliseconds? = nil) -> Task<
        Void, Never
    > {
        let task = Task(executorPreference: loop) {
            do {
                try await clock.sleep(until: instant)
                woken.append(name ?? instant)
            } catch {
                woken.append(-(name ?? instant))
            }
        }
        settle()
        return task
    }

    private func settle() { while loop.drain() > 0 {} }

    private func advance(by duration: Run.Milliseconds) {
        clock.advance(by: duration)
        settle()
    }

    @Test func `sleepers wake in the order of their instants, and not before`() {
        for instant in [1_030, 1_010, 1_040, 1_020] as [Run.Milliseconds] { sleep(until: instant) }
        #expect(clock.sleepers == [1_010, 1_020, 1_030, 1_040] && woken.entries.isEmpty)
        advance(by: 9)
        #expect(woken.entries.isEmpty)
        advance(by: 21)
        #expect(woken.entries == [1_010, 1_020, 1_030])
        #expect(clock.sleepers == [1_040] && clock.now == 1_030)
        advance(by: 10)
        #expect(woken.entries.last == 1_040 && clock.sleepers.isEmpty)
    }

    @Test func `sleepers of one instant wake in the order in which they fell asleep`() {
        for name in 1...12 { sleep(until: 1_010, named: Run.Milliseconds(name)) }
        advance(by: 10)
        #expect(woken.entries == Array(1...12))
        #expect(Set(woken.entries) == Set(1...12))
    }

    @Test func `an instant that has passed is no wait`() {
        sleep(until: 1_000)
        sleep(until: .min, named: 1)
        #expect(woken.entries == [1_000, 1])
    }

    @Test func `a clock never goes back`() {
        sleep(until: 1_010)
        advance(by: -500)
        #expect(clock.now == 1_000 && woken.entries.isEmpty)
    }

    @Test func `a cancelled sleeper wakes at once with an error, and the others sleep on`() {
        let task = sleep(until: 1_010)
        sleep(until: 1_020)
        task.cancel()
        settle()
        #expect(woken.entries == [-1_010] && clock.sleepers == [1_020])
        advance(by: 20)
        #expect(woken.entries == [-1_010, 1_020])
    }

    @Test func `whoever is cancelled before does not fall asleep`() {
        let task = Task(executorPreference: loop) {
            do { try await clock.sleep(until: 1_010) } catch { woken.append(-1) }
        }
        task.cancel()
        settle()
        #expect(woken.entries == [-1] && clock.sleepers.isEmpty)
    }
}
