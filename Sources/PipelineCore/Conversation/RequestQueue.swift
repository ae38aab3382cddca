/// What requests that wait for a conversation ask for, oldest first.
///
/// Whether an id waits is known without a search, so that a long queue makes no other request slower.
struct RequestQueue: Hashable, Sendable {
    private var charters: [Run.Charter]
    private var ids: Set<Run.ID>

    init(_ charters: [Run.Charter] = []) {
        self.charters = charters
        ids = Set(charters.map { charter in charter.id })
    }

    static func == (a: RequestQueue, b: RequestQueue) -> Bool { a.charters == b.charters }

    func hash(into hasher: inout Hasher) { hasher.combine(charters) }

    /// Where a request waits, if it does.
    func index(of id: Run.ID) -> Int? {
        ids.contains(id) ? charters.firstIndex { charter in charter.id == id } : nil
    }

    mutating func append(_ charter: Run.Charter) {
        charters.append(charter)
        ids.insert(charter.id)
    }

    mutating func remove(at index: Int) { ids.remove(charters.remove(at: index).id) }

    mutating func removeFirst(_ count: Int) {
        for charter in charters.prefix(count) { ids.remove(charter.id) }
        charters.removeFirst(count)
    }

    /// Puts another in the place of one of the same id.
    mutating func replace(at index: Int, with charter: Run.Charter) { charters[index] = charter }
}

extension RequestQueue: RandomAccessCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { charters.count }
    subscript(index: Int) -> Run.Charter { charters[index] }
}
