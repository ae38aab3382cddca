extension Redactor {
    /// Elements that come at the end and go at either end, each in constant time on average.
    struct Tape<Element: Sendable>: Sendable {
        private var elements: [Element] = []
        /// How many of them have gone at the front.
        private var gone = 0
        /// How often one of them was moved.
        private(set) var moves = 0

        var count: Int { elements.count - gone }
        var rest: ArraySlice<Element> { elements[gone...] }
        var first: Element? { count > 0 ? elements[gone] : nil }
        var last: Element? { count > 0 ? elements.last : nil }

        mutating func append(_ element: Element) { elements.append(element) }

        mutating func removeFirst() {
            guard count > 0 else { return }
            gone += 1
            guard gone > elements.count / 2 else { return }
            elements.removeFirst(gone)
            moves += elements.count
            gone = 0
        }

        mutating func removeLast() {
            guard count > 0 else { return }
            elements.removeLast()
        }
    }
}
