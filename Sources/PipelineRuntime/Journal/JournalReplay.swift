public import PipelineCore

/// Comes to the state of a conversation by its records, and checks on the way that each decides what it decided then.
public struct JournalReplay: Sendable {
    public private(set) var state: Conversation
    /// The number of the last record that was taken in; 0 before the first.
    public private(set) var sequence = 0
    /// The time of that record.
    public private(set) var time: Run.Milliseconds = 0
    /// How many events were published up to here.
    public private(set) var events = 0
    private(set) var chain = JournalChain()

    /// From the beginning.
    public init(_ conversation: Conversation.ID) { state = Conversation(id: conversation) }

    /// From a snapshot on.
    ///
    /// - Throws: when it is no snapshot of this conversation, or is not the state that was digested.
    public init(from snapshot: JournalSnapshot) throws(JSON.FormatError) {
        state = try Conversation(snapshot: snapshot.state)
        guard state.id == snapshot.conversation else {
            throw JSON.FormatError("the state is that of \(state.id)", at: "/state/conversation_id")
        }
        sequence = snapshot.sequence
        time = snapshot.time
        events = snapshot.events
        chain = JournalChain(snapshot.digest)
    }

    /// The same, for whoever cannot go on without the snapshot.
    ///
    /// - Throws: `newerFormat` for the state of a later version, `diverged` for any other that cannot be read.
    init(goingOnFrom snapshot: JournalSnapshot) throws(JournalError) {
        do throws(JSON.FormatError) { self = try JournalReplay(from: snapshot) } catch {
            let conversation = snapshot.conversation.text
            let format = snapshot.state["state"]?["format"]?.integerValue ?? 0
            guard format > Int64(Conversation.format) else {
                throw JournalError(conversation, .diverged(sequence: snapshot.sequence))
            }
            throw JournalError(
                "\(conversation), snapshot of record \(snapshot.sequence),",
                .newerFormat(Int(clamping: format), known: Conversation.format))
        }
    }

    /// Whether the last record that was taken in has a digest, or there is none yet.
    public var isDigested: Bool { chain.isEmpty }

    /// The digest of everything up to here that has one.
    public var digest: JournalDigest { chain.last }

    /// Takes the next record in and gives what it decided.
    ///
    /// - Throws: what it decides now, where that is something else; the record is taken in all the same.
    public mutating func apply(_ record: JournalRecord) throws(JournalDivergence) -> [Run.Directive] {
        let step = take(record)
        if let divergence = step.divergence { throw divergence }
        return step.directives
    }

    /// Takes the next record in, whether or not it decides now what it decided then.
    public mutating func take(_ record: JournalRecord) -> JournalStep {
        var directives: [Run.Directive] = []
        let expected = sequence + 1
        let disposition = state.reduce(record.signal, into: &directives)
        sequence = record.sequence
        time = record.signal.time
        for case .publish in directives { events += 1 }
        chain.add(record, directives)
        var isSame = record.sequence == expected && disposition == record.disposition
        // Where records carry no digests they say nothing of deeds either.
        if record.digest != nil || !record.deeds.isEmpty, record.deeds != directives.deeds { isSame = false }
        var recomputed: JournalDigest?
        if let digest = record.digest {
            recomputed = chain.close(with: state)
            if recomputed != digest { isSame = false }
            // A chain that was broken once is not taken for broken at each record from then on.
            chain = JournalChain(digest)
        }
        let divergence =
            isSame
            ? nil
            : JournalDivergence(
                record: record, expectedSequence: expected, disposition: disposition,
                deeds: directives.deeds, digest: recomputed)
        return JournalStep(record: record, directives: directives, divergence: divergence)
    }

    /// The digest that the last record would have if it had been the last of an append.
    var closingDigest: JournalDigest {
        guard !chain.isEmpty else { return chain.last }
        var chain = chain
        return chain.close(with: state)
    }
}
