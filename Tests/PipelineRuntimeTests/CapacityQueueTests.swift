import PipelineCore
import PipelineTesting
import Synchronization
import Testing

@testable import PipelineRuntime

/// The queue of those who wait for a place.
struct CapacityQueueTests {
    private typealias Waiter = Capacity.Waiter.ID

    @Test func `a run whose waiters have all left loses its turn, and comes last when it returns`() {
        var queue = Capacity.Queue()
        let waiters = ["a", "b", "c"].map { run in Waiter(run: Run.ID(run), number: 1) }
        for waiter in waiters { queue.append(waiter) }
        let left = queue.remove(waiters[0])
        queue.append(waiters[0])
        #expect(left && queue.count == 3)
        let order = (1...4).map { _ in queue.popFirst() }
        #expect(order == [waiters[1], waiters[2], waiters[0], nil] && queue.count == 0)
    }

    @Test func `whoever is not in the queue cannot leave it`() {
        var queue = Capacity.Queue()
        let waiter = Waiter(run: "a", number: 1)
        let others = [Waiter(run: "a", number: 2), Waiter(run: "b", number: 1)]
        var left = [queue.remove(waiter)]
        queue.append(waiter)
        left += others.map { other in queue.remove(other) }
        left += [queue.remove(waiter), queue.remove(waiter)]
        #expect(left == [false, false, false, true, false] && queue.count == 0)
    }

    @Test func `the queue does what a plain list of lists does`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<50 {
            var queue = Capacity.Queue()
            var model = ListOfLists()
            for number in 0..<200 {
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    let run = Run.ID("r\(Int.random(in: 0..<4, using: &random))")
                    queue.append(Waiter(run: run, number: number))
                    model.append(Waiter(run: run, number: number))
                case 2:
                    guard let waiter = model.waiters.randomElement(using: &random) else { continue }
                    let left = queue.remove(waiter)
                    model.remove(waiter)
                    #expect(left)
                default:
                    let next = queue.popFirst()
                    let expected = model.popFirst()
                    #expect(next == expected)
                }
                #expect(queue.count == model.waiters.count)
            }
        }
    }

    @Test func `leaving from the middle costs the same however many stand in line`() {
        let few = comparisons(leaving: 500)
        let many = comparisons(leaving: 8_000)
        // Sixteen times as many; a search through the line would cost 256 times as much.
        #expect(many < 32 * few, "\(few), \(many)")
    }

    /// How often elements are hashed or compared when that many leave a line in a scattered order.
    private func comparisons(leaving count: Int) -> Int {
        let steps = Counter()
        var line = Capacity.Line<Counted>()
        let elements = (0..<count).map { number in Counted(number: number, steps: steps) }
        for element in elements { line.append(element) }
        let before = steps.count.load(ordering: .relaxed)
        for step in 0..<count { _ = line.remove(elements[step * 7_919 % count]) }
        #expect(line.isEmpty)
        return steps.count.load(ordering: .relaxed) - before
    }
}

/// The same queue, plain and slow.
private struct ListOfLists {
    private var lists: [[Capacity.Waiter.ID]] = []

    var waiters: [Capacity.Waiter.ID] { lists.flatMap { list in list } }

    mutating func append(_ waiter: Capacity.Waiter.ID) {
        let place = lists.firstIndex { list in list.contains { other in other.run == waiter.run } }
        if let place { lists[place].append(waiter) } else { lists.append([waiter]) }
    }

    mutating func remove(_ waiter: Capacity.Waiter.ID) {
        lists = lists.map { list in list.filter { other in other != waiter } }
        lists.removeAll { list in list.isEmpty }
    }

    mutating func popFirst() -> Capacity.Waiter.ID? {
        guard !lists.isEmpty else { return nil }
        var list = lists.removeFirst()
        let first = list.removeFirst()
        if !list.isEmpty { lists.append(list) }
        return first
    }
}

/// Counts what a collection does with its elements.
private final class Counter: Sendable {
    let count = Atomic(0)
}

private struct Counted: Hashable {
    let number: Int
    let steps: Counter

    static func == (a: Counted, b: Counted) -> Bool {
        a.steps.count.add(1, ordering: .relaxed)
        return a.number == b.number
    }

    func hash(into hasher: inout Hasher) {
        steps.count.add(1, ordering: .relaxed)
        hasher.combine(number)
    }
}
