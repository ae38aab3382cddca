extension JournalConformance {
    /// One thing that is asked of a journal, in words.
    public enum Check: String, CaseIterable, Hashable, Sendable {
        case order = "each conversation's records come back in the order in which they were appended"
        case unknown = "a conversation that is not known has nothing"
        case values = "whatever an entry holds comes back the same"
        case identifiers = "ids are told apart by their bytes"
        case tail = "the tail is the last snapshot and what comes after it"
        case paging = "records come in pages"
        case listings = "what it holds is listed in the order of the ids"
        case outOfOrder = "what does not follow is refused, and nothing of its group is kept"
        case compaction = "compacting keeps all that is needed to go on"
        case flush = "flushing is always possible and changes nothing"
        case closed = "a closed journal says so"
        case engine = "an engine that opens it comes to the state that another one left"
        case appends = "many tasks can append at once"
        case reads = "reads during appends see whole groups in order"
        case readsOfCompacted = "reads during appends and compaction miss nothing"
        case reopened = "opened again, it goes on as if it had never been closed"
        case abandoned = "all that was acknowledged is there when it was never closed"
        case killed = "all that was acknowledged is there after the process was killed"
        case powerLoss = "all that was flushed is there after a loss of power"
        case held = "a second opener is refused, and the first goes on"
        case fenced = "whoever was taken over from writes no more"
        case damage = "damage gives the same values or an error, and nothing is lost in silence"

        public enum Aspect: String, Sendable {
            case contract, concurrency, crash, fencing, corruption
        }

        public var aspect: Aspect {
            switch self {
            case .order, .unknown, .values, .identifiers, .tail, .paging, .listings, .outOfOrder, .compaction,
                .flush, .closed, .engine:
                .contract
            case .appends, .reads, .readsOfCompacted: .concurrency
            case .reopened, .abandoned, .killed, .powerLoss: .crash
            case .held, .fenced: .fencing
            case .damage: .corruption
            }
        }
    }
}
