import Testing

@testable import PipelineRuntime

/// The clock of engines that have no other.
struct WallClockTests {
    @Test func `whoever sleeps is woken at the instant or later`() async throws {
        let clock = WallClock()
        let start = clock.now
        let order = Log<Int>()
        await withTaskGroup { group in
            for rest in [5, 1, 3, 0, -7] {
                group.addTask {
                    try? await clock.sleep(until: start + Int64(rest))
                    if clock.now >= start + Int64(rest) { order.append(rest) }
                }
            }
        }
        #expect(Set(order.entries) == [5, 1, 3, 0, -7])
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
}
