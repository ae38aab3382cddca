import PipelineCore

/// How many executions may be under way at once, whatever run they belong to, and who is next when that many are.
///
/// The gateway takes a place for each execution before its effect begins and gives it back when it has ended. Nobody
/// waits while a place is free: one that is given back goes straight to whoever is next, so that nobody can come
/// between. Runs take turns, however much each of them asks for; within a run the first to come is the first to go on.
public final class Capacity: Sendable {
    public static let standard = 64

    /// How many places there are.
    public let limit: Int
    let state: Locked<State>

    struct State {
        var free: Int
        var queue = Queue()
        var waiters: [Waiter.ID: Waiter] = [:]
        var lastWaiter = 0
    }

    /// - Throws: when there would be no place at all.
    public init(_ limit: Int) throws(Invalid) {
        guard limit >= 1 else { throw Invalid(limit: limit) }
        self.limit = limit
        state = Locked(State(free: limit))
    }

    /// ``standard`` places.
    public init() {
        limit = Capacity.standard
        state = Locked(State(free: Capacity.standard))
    }

    /// How many places nobody holds.
    public var free: Int { state.withLock { state in state.free } }

    /// How many executions wait for a place.
    public var waiting: Int { state.withLock { state in state.queue.count } }
}

extension Capacity {
    /// A number of executions at once that lets none begin.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        public let limit: Int

        public var description: String {
            "At most \(limit) executions at once would let none begin; give a number of at least 1."
        }
    }
}
