public import PipelineCore

extension FileJournalContents {
    /// Everything as it stood right after a record: what was appended up to it, whatever the conversation.
    ///
    /// The last record of each conversation gets a digest where it was not the last of an append. A conversation whose
    /// beginning is no longer kept counts by its times where it stands behind the record: a compaction has put it there.
    ///
    /// - Throws: `unreachable` for a record that is no longer kept or not there yet, `diverged` for a history that
    ///   decides something else now.
    func entries(to sequence: Int, of conversation: Conversation.ID) throws(JournalError) -> [JournalEntry] {
        let history = history(of: conversation)
        let time = try history.replay(to: sequence).time
        let entries = entries
        let cut = entries.lastIndex { entry in
            entry.conversation == conversation && entry.sequence <= sequence
        }
        guard let cut, sequence > 0 else {
            throw JournalError(conversation.text, .unreachable(sequence: sequence, history.reachable))
        }
        let known = Set(entries[...cut].map { entry in entry.conversation })
        var kept = Array(entries[...cut])
        var late: Set<Conversation.ID> = []
        for entry in entries[(cut + 1)...] where !known.contains(entry.conversation) && entry.time <= time {
            if case .snapshot = entry { late.insert(entry.conversation) }
            if late.contains(entry.conversation) { kept.append(entry) }
        }
        try seal(&kept)
        return kept
    }

    /// Folds every conversation, and gives its last record the digest that it lacks.
    private func seal(_ entries: inout [JournalEntry]) throws(JournalError) {
        var replays: [Conversation.ID: JournalReplay] = [:]
        var last: [Conversation.ID: (index: Int, isDigested: Bool)] = [:]
        for (index, entry) in entries.enumerated() {
            switch entry {
            case .snapshot(let snapshot):
                guard replays[entry.conversation] == nil else { continue }
                replays[entry.conversation] = try JournalReplay(goingOnFrom: snapshot)
            case .record(let record):
                let step = replays[entry.conversation, default: JournalReplay(entry.conversation)].take(
                    record)
                guard step.divergence == nil else {
                    throw JournalError(entry.conversation.text, .diverged(sequence: record.sequence))
                }
                // One whose deeds were not recorded is of a journal without digests.
                last[entry.conversation] = (index, record.digest != nil || step.deeds != record.deeds)
            }
        }
        for (conversation, place) in last where !place.isDigested {
            guard case .record(let record) = entries[place.index], let replay = replays[conversation] else {
                continue
            }
            entries[place.index] = .record(record.with(digest: replay.closingDigest))
        }
    }
}

extension FileJournal {
    /// Makes a new journal whose history is that of another one up to a record, and which says so.
    ///
    /// The other one is not touched; a process may be writing to it. Ids stay: a run goes on in the fork under its own.
    /// What was under way at that record is outcome-unknown to whoever opens the fork.
    ///
    /// - Parameters:
    ///   - source: the other journal's folder.
    ///   - notes: the host's own, kept with what it is a fork of.
    /// - Throws: also `unreachable` for a record that is not kept.
    @discardableResult
    public static func fork(
        _ source: String, at sequence: Int, of conversation: Conversation.ID, to folder: String,
        notes: JSON = .null
    ) async throws(JournalError) -> JournalOrigin {
        let entries = try contents(of: source).entries(to: sequence, of: conversation)
        var kept = FileJournalContents()
        for entry in entries { kept.add(entry) }
        let origin = JournalOrigin(
            journal: source, conversation: conversation, sequence: sequence,
            digest: try kept.history(of: conversation).replay().digest, notes: notes)
        let journal = try create(at: folder, origin: origin)
        for start in stride(from: 0, to: entries.count, by: 256) {
            try await journal.append(
                Array(entries[start..<min(start + 256, entries.count)]), flushing: false)
        }
        try await journal.flush()
        await journal.close()
        return origin
    }
}
