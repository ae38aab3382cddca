/// The ids of the last 256 requests: what comes twice within them is a duplicate.
package struct RecentSignals: Hashable, Sendable {
    /// Oldest first.
    private var ids: [Run.Signal.ID] = []

    static let capacity = 256

    package init() {}

    func contains(_ id: Run.Signal.ID) -> Bool { ids.contains(id) }

    mutating func insert(_ id: Run.Signal.ID) {
        if ids.count >= RecentSignals.capacity { ids.removeFirst() }
        ids.append(id)
    }
}

extension RecentSignals: JSONRepresentable {
    package var json: JSON { ids.json }

    package init(json: JSON) throws(JSON.FormatError) {
        ids = try [Run.Signal.ID](json: json)
        guard ids.count <= RecentSignals.capacity else {
            throw JSON.FormatError("more than \(RecentSignals.capacity) ids")
        }
    }
}
