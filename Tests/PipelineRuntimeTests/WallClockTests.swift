import PipelineTesting
import Testing

@testable import PipelineRuntime

/// The clock of engines that have no other.
struct WallClockTests {
    @Test func `an instant that has passed is not waited for, and the next one is waited for`() async throws {
        let clock = WallClock()
        let start = clock.now
        for rest in [-7, 0, 1] as [Int64] {
            try await clock.sleep(until: start + rest)
            #expect(clock.now >= start + rest)
        }
    }

    @Test func `a sleep whose task is cancelled ends at once, and nothing is kept of it`() async throws {
        let alarms = try #require(Alarms.shared)
        let clock = WallClock()
        for _ in 0..<20 {
            await withTaskGroup { group in
                for number in 0..<500 {
                    group.addTask {
                        let due = number.isMultiple(of: 50) ? .max : clock.now + 3_600_000 + Int64(number)
                        await #expect(throws: CancellationError.self) { try await clock.sleep(until: due) }
                    }
                }
                group.cancelAll()
            }
        }
        #expect(alarms.count.kept < 1_000, "of ten thousand")
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `whoever waits is told when its time has come, and nobody who no longer waits`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var state = Alarms.State<Int>()
        var waiting: [Int: UInt64] = [:]
        var now: UInt64 = 0
        for id in 0..<2_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let gone = Int.random(in: 0...id, using: &random)
                #expect((state.remove(gone) == nil) == (waiting.removeValue(forKey: gone) == nil))
            case 1:
                now += .random(in: 0...40, using: &random)
                let (ready, rest) = state.takeReady(at: now)
                let due = waiting.filter { _, due in due <= now }
                #expect(Set(ready) == Set(due.keys) && ready.count == due.count)
                #expect(ready.map { id in due[id] ?? 0 } == due.values.sorted(), "the earliest first")
                for id in due.keys { waiting[id] = nil }
                #expect(rest == waiting.values.min().map { due in due - now })
            default:
                let due = now + .random(in: 0...400, using: &random)
                state.add(id, id, due)
                waiting[id] = due
            }
            #expect(state.times.count <= max(64, 2 * waiting.count + 1))
        }
    }
}
