public import PipelineCore

extension FileJournal {
    @concurrent
    public func compact() async throws(JournalError) {
        try state.withLock { state throws(JournalError) in
            if let failure = state.failure { throw failure }
            try checkOwner(&state)
            try compact(&state)
        }
    }

    /// Writes what is needed into one new file, puts that in the place of the one that is written to, and removes the others.
    private func compact(_ state: inout State) throws(JournalError) {
        let old = state.header.segment
        let header = state.header.next(owner: state.owner, sealed: state.size, replaces: old)
        var index = JournalIndex()
        let file: any DiskFile
        do throws(FileError) { file = try disk.make(JournalHeader.temporary, header.line) } catch {
            throw JournalError(error)
        }
        var size = header.line.count
        for holding in state.whole.inOrder {
            var bytes: [UInt8] = []
            for place in (holding.snapshot.map { snapshot in [snapshot.place] } ?? []) + holding.tail {
                let entry = try entry(at: place, state)
                let start = bytes.count
                JournalLine.encode(entry, flushed: nil, into: &bytes)
                index.add(
                    entry.conversation, entry.sequence, isSnapshot: entry.isSnapshot,
                    at: JournalPlace(segment: old + 1, offset: size + start, length: bytes.count - start - 1))
            }
            do throws(FileError) { try file.write(bytes) } catch { throw JournalError(error) }
            size += bytes.count
        }
        do throws(FileError) { try file.flush() } catch { throw JournalError(error) }
        do throws(FileError) {
            state.start(try disk.activate(), header)
        } catch {
            // The old file or the new one: whoever opens the folder again sees which.
            state.failure = JournalError(error)
            throw JournalError(error)
        }
        (state.size, state.flushed, state.vouched) = (size, size, 0)
        (state.index, state.whole, state.open) = (index, index, [:])
        state.compactions += 1
        do throws(FileError) {
            // Until this is done the old files are there too, and the new one says that they do not count.
            for name in try disk.names() {
                let isOld = (JournalHeader.segment(named: name) ?? .max) <= old
                if isOld || name.hasPrefix("journal-") && name.hasSuffix(".index") { try disk.remove(name) }
            }
        } catch {
            state.failure = JournalError(error)
            throw JournalError(error)
        }
    }

    private func entry(at place: JournalPlace, _ state: borrowing State) throws(JournalError) -> JournalEntry
    {
        let name =
            place.segment == state.header.segment
            ? JournalHeader.active : JournalHeader.name(of: place.segment)
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try disk.open(name, .reading).read(at: place.offset, count: place.length)
        } catch {
            throw JournalError(error)
        }
        do throws(JournalLine.Damage) { return try JournalLine(decoding: bytes[...]).entry } catch {
            throw error.located(path(of: name), line: 0, offset: place.offset)
        }
    }
}

extension Journal {
    /// Takes a snapshot of each conversation that has records after its last one, and then forgets what is not needed to
    /// go on: for a journal that no engine uses at the moment.
    ///
    /// - Returns: how many records are gone.
    @discardableResult
    public func compactFully() async throws(JournalError) -> Int {
        let before = try await conversations()
        for listing in before where listing.snapshot ?? 0 < listing.records.upperBound - 1 {
            let tail = try await tail(of: listing.conversation)
            let replay = try JournalReplay(of: listing.conversation, tail)
            guard replay.isDigested else { continue }
            try await append([.snapshot(replay.snapshot)], flushing: false)
        }
        try await flush()
        try await compact()
        let after = try await conversations()
        func count(_ listings: [JournalListing]) -> Int {
            listings.reduce(0) { sum, listing in sum + listing.records.count }
        }
        return count(before) - count(after)
    }
}

extension JournalReplay {
    /// - Throws: `diverged` where a record decides something else now, `newerFormat` for a snapshot of a later version.
    public init(of conversation: Conversation.ID, _ tail: JournalTail) throws(JournalError) {
        self.init(conversation)
        if let snapshot = tail.snapshot { self = try JournalReplay(goingOnFrom: snapshot) }
        for record in tail.records {
            do throws(JournalDivergence) { _ = try apply(record) } catch {
                throw JournalError(conversation.text, .diverged(sequence: record.sequence))
            }
        }
    }

    /// The state as it is kept beside the records; only where the last record has a digest.
    public var snapshot: JournalSnapshot {
        JournalSnapshot(
            conversation: state.id, sequence: sequence, time: time, events: events, digest: digest,
            state: state.snapshot)
    }
}
