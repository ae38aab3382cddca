import PipelineCore
import PipelineRuntime

/// Journals in memory that outlive who holds them, as files do: what ``ShelfJournal`` is a window to.
final class Shelf: Sendable {
    /// What is kept of one journal.
    struct Store {
        var entries: [JournalEntry] = []
        /// How many entries would survive a loss of power.
        var flushed = 0
        /// Who may write.
        var owner = 0
        var isHeld = false
        /// An entry that can no longer be read.
        var damaged: Int?
    }

    private let stores = Locked<[String: Store]>([:])

    func update<Value: Sendable>(
        _ name: String, _ body: (inout Store) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        try stores.withLock { stores throws(JournalError) in
            var store = stores[name] ?? Store()
            defer { stores[name] = store }
            return try body(&store)
        }
    }

    /// Copies a journal that nobody holds, and gives the name of the copy.
    func copy(_ name: String, _ change: (inout Store) -> Void) -> String {
        stores.withLock { stores in
            var copy = stores[name] ?? Store()
            copy.isHeld = false
            change(&copy)
            let other = "\(name)/\(stores.count)"
            stores[other] = copy
            return other
        }
    }

    func count(_ name: String) -> Int { stores.withLock { stores in stores[name]?.entries.count ?? 0 } }
}
