import PipelineTesting

/// What a ``ShelfJournal`` can do wrong.
enum JournalFault: CaseIterable {
    case swapsTheLastTwo
    case leaksAnotherConversation
    case listsWhatWasAskedFor
    case losesDeeds
    case takesAlikeIdsForOne
    case beginsTheTailWithTheSnapshotsRecord
    case ignoresTheLimit
    case dropsTheTenth
    case listsByBytes
    case keepsAPartOfAGroup
    case takesAGap
    case compactsTooMuch
    case cannotFlushNothing
    case answersWhenClosed
    case losesARace
    case showsHalfAGroup
    case showsHalfACompaction
    case losesTheLastAtClose
    case acknowledgesWhatItOnlyBuffers
    case forgetsToFlush
    case letsASecondIn
    case acceptsAnOldOwner
    case skipsWhatIsDamaged
    case forgetsAnswers

    /// The check that it must not pass.
    var check: JournalConformance.Check {
        switch self {
        case .swapsTheLastTwo, .leaksAnotherConversation: .order
        case .listsWhatWasAskedFor: .unknown
        case .losesDeeds: .values
        case .takesAlikeIdsForOne: .identifiers
        case .beginsTheTailWithTheSnapshotsRecord: .tail
        case .ignoresTheLimit, .dropsTheTenth: .paging
        case .listsByBytes: .listings
        case .keepsAPartOfAGroup, .takesAGap: .outOfOrder
        case .compactsTooMuch: .compaction
        case .cannotFlushNothing: .flush
        case .answersWhenClosed: .closed
        case .losesARace: .appends
        case .showsHalfAGroup: .reads
        case .showsHalfACompaction: .readsOfCompacted
        case .losesTheLastAtClose: .reopened
        case .acknowledgesWhatItOnlyBuffers: .killed
        case .forgetsToFlush: .powerLoss
        case .letsASecondIn: .held
        case .acceptsAnOldOwner: .fenced
        case .skipsWhatIsDamaged: .damage
        case .forgetsAnswers: .engine
        }
    }

    /// Whether a record may follow that is not the next.
    var makesGaps: Bool { self == .takesAGap || self == .dropsTheTenth || self == .forgetsAnswers }
}
