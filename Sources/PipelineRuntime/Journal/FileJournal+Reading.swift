public import PipelineCore

extension FileJournal {
    @concurrent
    public func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail {
        try reading(conversation) { holding throws(JournalError) in
            var tail = JournalTail()
            if let place = holding?.snapshot?.place, case .snapshot(let kept) = try entry(at: place) {
                tail.snapshot = kept
            }
            for place in holding?.tail ?? [] {
                guard case .record(let record) = try entry(at: place) else { continue }
                tail.records.append(record)
            }
            return tail
        }
    }

    @concurrent
    public func records(
        of conversation: Conversation.ID, from sequence: Int, limit: Int
    ) async throws(JournalError) -> [JournalRecord] {
        try reading(conversation) { holding throws(JournalError) in
            var records: [JournalRecord] = []
            for part in holding?.parts ?? []
            where part.sequences.upperBound > sequence && records.count < limit {
                try read(part, of: conversation) { record in
                    if record.sequence >= sequence, records.count < limit { records.append(record) }
                    return records.count < limit
                }
            }
            return records
        }
    }

    /// Reads what is held of a conversation, and again where compaction has removed the files meanwhile.
    private func reading<Value>(
        _ conversation: Conversation.ID,
        _ body: (JournalIndex.Holding?) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        while true {
            let (holding, compactions) = try state.withLock { state throws(JournalError) in
                if let failure = state.failure { throw failure }
                return (state.whole.holdings[conversation], state.compactions)
            }
            do throws(JournalError) { return try body(holding) } catch {
                guard state.withLock({ state in state.compactions != compactions }) else { throw error }
            }
        }
    }

    /// Reads a file from the first record of a conversation on, as long as the answer is yes.
    private func read(
        _ part: JournalIndex.Part, of conversation: Conversation.ID, _ visit: (JournalRecord) -> Bool
    ) throws(JournalError) {
        let file = try file(of: part.segment)
        var buffer: [UInt8] = []
        var offset = part.offset
        var expected = part.sequences.lowerBound
        while true {
            let chunk: [UInt8]
            do throws(FileError) { chunk = try file.read(at: offset + buffer.count, count: 256 << 10) } catch
            {
                throw JournalError(error)
            }
            buffer += chunk
            var start = 0
            while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[start..<end]
                do throws(JournalLine.Damage) {
                    if try JournalLine.Prefix(line).conversation == conversation,
                        case .record(let record) = try JournalLine(decoding: line).entry
                    {
                        guard record.sequence == expected else {
                            throw .broken("record \(record.sequence) comes where \(expected) should")
                        }
                        expected += 1
                        guard visit(record), expected < part.sequences.upperBound else { return }
                    }
                } catch {
                    throw error.located(pathOfSegment(part.segment), line: 0, offset: offset + start)
                }
                start = end + 1
            }
            buffer.removeFirst(start)
            offset += start
            guard !chunk.isEmpty else {
                let damage = JournalLine.Damage.broken("record \(expected) of \(conversation) is not there")
                throw damage.located(pathOfSegment(part.segment), line: 0, offset: offset)
            }
        }
    }

    func entry(at place: JournalPlace) throws(JournalError) -> JournalEntry {
        let file = try file(of: place.segment)
        let bytes: [UInt8]
        do throws(FileError) { bytes = try file.read(at: place.offset, count: place.length) } catch {
            throw JournalError(error)
        }
        do throws(JournalLine.Damage) { return try JournalLine(decoding: bytes[...]).entry } catch {
            throw error.located(pathOfSegment(place.segment), line: 0, offset: place.offset)
        }
    }

    /// A file to read from, which stays open: its name may be another one's meanwhile.
    private func file(of segment: Int) throws(JournalError) -> any DiskFile {
        try state.withLock { state throws(JournalError) in
            if let failure = state.failure { throw failure }
            if let file = state.open[segment] { return file }
            let name =
                segment == state.header.segment ? JournalHeader.active : JournalHeader.name(of: segment)
            do throws(FileError) {
                if state.open.count >= 32 { state.open = [:] }
                let file = try disk.open(name, .reading)
                state.open[segment] = file
                return file
            } catch {
                throw JournalError(error)
            }
        }
    }

    private func pathOfSegment(_ segment: Int) -> String {
        let isActive = state.withLock { state in state.header.segment == segment }
        return path(of: isActive ? JournalHeader.active : JournalHeader.name(of: segment))
    }
}

extension FileJournal {
    /// Reads a journal without holding or changing it; another process may be writing to it.
    ///
    /// Every line is looked at; what is damaged is an error with its place, but for what was cut off at the end.
    public static func contents(of folder: String) throws(JournalError) -> FileJournalContents {
        try contents(of: folder, on: SystemDisk(folder))
    }

    package static func contents(
        of folder: String, on disk: any Disk
    ) throws(JournalError) -> FileJournalContents {
        try retrying(missing: folder) { () throws(JournalError) in try contentsOnce(of: folder, on: disk) }
    }

    private static func contentsOnce(
        of folder: String, on disk: any Disk
    ) throws(JournalError) -> FileJournalContents {
        let files = try listOnce(folder, on: disk).current
        var contents = FileJournalContents()
        var whole = JournalIndex()
        for (place, file) in files.enumerated() {
            let sealed = place + 1 < files.count ? files[place + 1].header.sealed : nil
            let bytes: [UInt8]
            do throws(FileError) { bytes = try file.read(on: disk) } catch { throw JournalError(error) }
            let scan = try JournalScan(bytes, path: "\(folder)/\(file.name)", sealed: sealed) {
                line, offset throws(JournalLine.Damage) in
                let entry = try JournalLine(decoding: line).entry
                try whole.check(entry.conversation, entry.sequence, isSnapshot: entry.isSnapshot)
                whole.add(
                    entry.conversation, entry.sequence, isSnapshot: entry.isSnapshot,
                    at: JournalPlace(segment: file.header.segment, offset: offset, length: line.count))
                contents.add(entry)
            }
            contents.add(torn: scan.torn)
        }
        contents.origin = files.last?.header.origin
        return contents
    }
}
