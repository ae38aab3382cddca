import PipelineCore
import PipelineRuntime
import PipelineTesting
import Synchronization
import Testing

/// Places that many tasks want at once, on Swift's own pool. Nothing here depends on who comes first.
@Suite(.timeLimit(.minutes(5)))
struct CapacityStressTests {
    @Test func `no place is lost or given twice, whatever comes between`() async throws {
        let rush = Rush(capacity: try Capacity(3))
        let ticking = Task {
            while !Task.isCancelled {
                rush.clock.advance(by: 1)
                await Task.yield()
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<2_000 { group.addTask { await rush.come(number) } }
        }
        ticking.cancel()
        await ticking.value
        let (granted, refused) = (
            rush.granted.load(ordering: .relaxed), rush.refused.load(ordering: .relaxed)
        )
        #expect(granted + refused == 2_000 && granted >= 3)
        #expect((1...3).contains(rush.most.load(ordering: .relaxed)))
        #expect(rush.held.load(ordering: .relaxed) == 0)
        #expect(rush.capacity.free == 3 && rush.capacity.waiting == 0 && rush.clock.sleepers.isEmpty)
    }
}

/// Tasks that take places, some with a deadline, some cancelled on the way, and what was seen of it.
private final class Rush: Sendable {
    let capacity: Capacity
    let clock = ManualClock(now: 1_000)
    let held = Atomic(0)
    let most = Atomic(0)
    let granted = Atomic(0)
    let refused = Atomic(0)

    init(capacity: Capacity) { self.capacity = capacity }

    /// Wants a place and gives it back; every fourth is cancelled, every third has a deadline.
    func come(_ number: Int) async {
        let task = Task { await hold(number) }
        if number % 4 == 1 {
            for _ in 0..<number % 5 { await Task.yield() }
            task.cancel()
        }
        await task.value
    }

    private func hold(_ number: Int) async {
        let deadline = number % 3 == 0 ? clock.now + Run.Milliseconds(number % 7) : nil
        do throws(Capacity.Refusal) {
            _ = try await capacity.acquire(for: Run.ID("r\(number % 11)"), until: deadline, clock: clock)
        } catch {
            refused.add(1, ordering: .relaxed)
            return
        }
        most.max(held.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
        await Task.yield()
        held.subtract(1, ordering: .relaxed)
        granted.add(1, ordering: .relaxed)
        capacity.release()
    }
}
