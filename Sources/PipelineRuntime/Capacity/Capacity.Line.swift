extension Capacity {
    /// Elements in the order in which they came, each at most once; any of them can leave in constant time.
    struct Line<Element: Hashable> {
        private struct Neighbors {
            var before: Element?
            var behind: Element?
        }

        private var neighbors: [Element: Neighbors] = [:]
        private var first: Element?
        private var last: Element?

        var isEmpty: Bool { first == nil }

        /// Puts the element at the end, unless it is in the line already.
        mutating func append(_ element: Element) {
            guard neighbors[element] == nil else { return }
            neighbors[element] = Neighbors(before: last)
            if let last { neighbors[last]?.behind = element } else { first = element }
            last = element
        }

        mutating func popFirst() -> Element? {
            guard let first else { return nil }
            _ = remove(first)
            return first
        }

        /// Whether the element was in the line; it no longer is.
        mutating func remove(_ element: Element) -> Bool {
            guard let gone = neighbors.removeValue(forKey: element) else { return false }
            if let before = gone.before {
                neighbors[before]?.behind = gone.behind
            } else {
                first = gone.behind
            }
            if let behind = gone.behind {
                neighbors[behind]?.before = gone.before
            } else {
                last = gone.before
            }
            return true
        }
    }
}
