import PipelineCore

extension FileJournal {
    func append(
        _ entries: [JournalEntry], flushing: Bool, _ state: inout State
    ) throws(JournalError) {
        if let failure = state.failure { throw failure }
        try entries.checkOrder(in: folder) { conversation in state.whole.next(of: conversation) }
        var bytes: [UInt8] = []
        var places: [JournalPlace] = []
        for entry in entries {
            let isFirst = bytes.isEmpty && state.vouched < state.flushed
            let start = bytes.count
            JournalLine.encode(entry, flushed: isFirst ? state.flushed : nil, into: &bytes)
            places.append(
                JournalPlace(
                    segment: state.header.segment, offset: state.size + start,
                    length: bytes.count - start - 1))
        }
        if !bytes.isEmpty { try write(bytes, &state) }
        if flushing, state.flushed < state.size { try flush(&state) }
        try checkOwner(&state)
        for (entry, place) in zip(entries, places) {
            state.index.add(entry.conversation, entry.sequence, isSnapshot: entry.isSnapshot, at: place)
            state.whole.add(entry.conversation, entry.sequence, isSnapshot: entry.isSnapshot, at: place)
        }
        if state.size >= segmentSize { rotate(&state) }
    }

    private func write(_ bytes: [UInt8], _ state: inout State) throws(JournalError) {
        do throws(FileError) {
            try state.file.write(bytes)
        } catch {
            // Perhaps a part is written. Where that can be taken away again, the journal is as it was.
            do throws(FileError) { try state.file.truncate(to: state.size) } catch {
                state.failure = JournalError(error)
            }
            throw JournalError(error)
        }
        if state.vouched < state.flushed { state.vouched = state.flushed }
        state.size += bytes.count
    }

    func flush(_ state: inout State) throws(JournalError) {
        do throws(FileError) {
            try state.file.flush()
        } catch {
            // The system may have forgotten what it could not write: nobody knows what the file holds, until it is read again.
            state.failure = JournalError(error)
            throw JournalError(error)
        }
        state.flushed = state.size
    }

    /// Whoever has taken the folder over said so before it looked at what the files hold.
    func checkOwner(_ state: inout State) throws(JournalError) {
        do throws(FileError) {
            let owner = try state.owners.size()
            guard owner != state.owner else { return }
            state.failure = JournalError(folder, .fenced(by: owner))
        } catch {
            state.failure = JournalError(error)
        }
        if let failure = state.failure { throw failure }
    }

    /// Begins a new file; what was appended is safe whatever becomes of this.
    private func rotate(_ state: inout State) {
        do throws(JournalError) {
            if state.flushed < state.size { try flush(&state) }
            try begin(state.header.next(owner: state.owner, sealed: state.size), &state)
        } catch {
            state.failure = error
        }
    }

    /// Puts an empty file in the place of the one that was written to, which gets a name of its own.
    func begin(_ header: JournalHeader, _ state: inout State) throws(JournalError) {
        let old = JournalHeader.name(of: state.header.segment)
        do throws(FileError) {
            // By the index a full file need not be read; where it is missing, the file is.
            let index = state.index.bytes(of: state.header.segment, size: state.size)
            try? disk.put(index, in: JournalHeader.indexName(of: state.header.segment))
            try disk.make(JournalHeader.temporary, header.line)
            // Of three changes of names any might be lost alone: each is safe before the next.
            try disk.flush()
            try disk.rename(JournalHeader.active, to: old)
            try disk.flush()
            state.start(try disk.activate(), header)
        } catch {
            throw JournalError(error)
        }
    }
}

extension FileJournal.State {
    mutating func start(_ file: any DiskFile, _ header: JournalHeader) {
        self.file = file
        self.header = header
        size = header.line.count
        flushed = size
        vouched = size
        index = JournalIndex()
    }
}

extension Disk {
    /// Makes a file with this content, flushed, in place of one that may have been left.
    @discardableResult
    func make(_ name: String, _ bytes: [UInt8]) throws(FileError) -> any DiskFile {
        try remove(name)
        let file = try open(name, .createNew)
        try file.write(bytes)
        try file.flush()
        return file
    }

    /// Puts the file that was made in the place of the one that is written to.
    func activate() throws(FileError) -> any DiskFile {
        try rename(JournalHeader.temporary, to: JournalHeader.active)
        try flush()
        return try open(JournalHeader.active, .appending)
    }

    /// The same, where it need not survive a loss of power.
    func put(_ bytes: [UInt8], in name: String) throws(FileError) {
        try remove(name)
        try open(name, .createNew).write(bytes)
    }
}
