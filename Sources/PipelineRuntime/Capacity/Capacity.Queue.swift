import PipelineCore

extension Capacity {
    /// Who waits: runs take turns, and within a run the first to come is the first to go on.
    ///
    /// - Complexity: O(1) for whatever is done to it, leaving from the middle included.
    struct Queue {
        /// The runs that have somebody waiting, the next one first.
        private var turns = Line<Run.ID>()
        private var lines: [Run.ID: Line<Waiter.ID>] = [:]
        private(set) var count = 0

        /// Appends a waiter that is not in the queue.
        mutating func append(_ waiter: Waiter.ID) {
            turns.append(waiter.run)
            lines[waiter.run, default: Line()].append(waiter)
            count += 1
        }

        /// Takes out who is next; the run's next one waits until the others have had their turn.
        mutating func popFirst() -> Waiter.ID? {
            guard let run = turns.popFirst(), let waiter = lines[run]?.popFirst() else { return nil }
            count -= 1
            if lines[run]?.isEmpty == true { lines[run] = nil } else { turns.append(run) }
            return waiter
        }

        /// Whether the waiter was in the queue; it no longer is.
        mutating func remove(_ waiter: Waiter.ID) -> Bool {
            guard lines[waiter.run]?.remove(waiter) == true else { return false }
            count -= 1
            if lines[waiter.run]?.isEmpty == true {
                lines[waiter.run] = nil
                _ = turns.remove(waiter.run)
            }
            return true
        }
    }
}
