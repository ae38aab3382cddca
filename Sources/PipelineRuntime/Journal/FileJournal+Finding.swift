import PipelineCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension FileJournal {
    /// What a folder holds.
    struct Found {
        /// The last file.
        var name: String
        var header: JournalHeader
        /// Of the last file.
        var valid: Int
        var torn: Int
        var index: JournalIndex
        /// Of all files.
        var whole: JournalIndex
        /// Files whose content is in others.
        var obsolete: [String]
    }

    /// Looks at the files of a folder: at the last one line by line, at full ones by their indexes.
    static func find(_ folder: String, on disk: any Disk) throws(JournalError) -> Found {
        try retrying(missing: folder) { () throws(JournalError) in try findOnce(folder, on: disk) }
    }

    private static func findOnce(_ folder: String, on disk: any Disk) throws(JournalError) -> Found {
        let files = try listOnce(folder, on: disk)
        guard let last = files.current.last else { throw JournalError(folder, .missing) }
        var found = Found(
            name: last.name, header: last.header, valid: 0, torn: 0, index: JournalIndex(),
            whole: JournalIndex(),
            obsolete: files.obsolete)
        for (place, file) in files.current.enumerated() {
            let path = "\(folder)/\(file.name)"
            let sealed = place + 1 < files.current.count ? files.current[place + 1].header.sealed : nil
            let number = file.header.segment
            if let sealed, let index = try? disk.read(JournalHeader.indexName(of: number)),
                let index = JournalIndex(reading: index, segment: number, size: sealed)
            {
                try found.whole.append(index, path: path)
                continue
            }
            let bytes: [UInt8]
            do throws(FileError) { bytes = try file.read(on: disk) } catch { throw JournalError(error) }
            var index = JournalIndex()
            let before = found.whole
            let scan = try JournalScan(bytes, path: path, sealed: sealed) {
                line, offset throws(JournalLine.Damage) in
                let prefix = try JournalLine.Prefix(line)
                let known = index.holdings[prefix.conversation] == nil ? before : index
                try known.check(prefix.conversation, prefix.sequence, isSnapshot: prefix.isSnapshot)
                index.add(
                    prefix.conversation, prefix.sequence, isSnapshot: prefix.isSnapshot,
                    at: JournalPlace(segment: number, offset: offset, length: line.count))
            }
            try found.whole.append(index, path: path)
            (found.valid, found.torn, found.index) = (scan.valid, scan.torn, index)
        }
        return found
    }

    /// A file with its first line.
    struct Listed {
        let name: String
        let header: JournalHeader

        /// All of it, unless another one has its name meanwhile.
        func read(on disk: any Disk) throws(FileError) -> [UInt8] {
            let bytes = try disk.read(name)
            guard bytes.starts(with: header.line) else { throw FileError("read", name, ESTALE) }
            return bytes
        }
    }

    /// A process may be at work on the files: what does not fit together is looked at again.
    static func retrying<Value>(
        missing folder: String, _ look: () throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        for attempt in 1...20 {
            do throws(JournalError) { return try look() } catch {
                guard attempt < 20, error.isPassing else { throw error }
                FileDescriptor.pause()
            }
        }
        throw JournalError(folder, .missing)
    }

    /// The files of a folder in order, and those whose content is in others.
    static func listOnce(
        _ folder: String, on disk: any Disk
    ) throws(JournalError) -> (current: [Listed], obsolete: [String]) {
        let names: [String]
        do throws(FileError) { names = try disk.names() } catch {
            throw error.isMissing ? JournalError(folder, .missing) : JournalError(error)
        }
        var listed: [Listed] = []
        for name in names where name == JournalHeader.active || JournalHeader.segment(named: name) != nil {
            let path = "\(folder)/\(name)"
            let start: [UInt8]
            do throws(FileError) {
                start = try disk.open(name, .reading).read(at: 0, count: JournalHeader.mostBytes)
            } catch {
                throw JournalError(error)
            }
            guard let end = start.firstIndex(of: UInt8(ascii: "\n")) else {
                throw JournalError(path, .foreign)
            }
            do throws(JournalLine.Damage) {
                listed.append(Listed(name: name, header: try JournalHeader(decoding: start[..<end])))
            } catch {
                throw error.located(path, line: 1, offset: 0)
            }
        }
        listed.sort { a, b in a.header.segment < b.header.segment }
        let replaced = listed.map { file in file.header.replaces }.max() ?? 0
        let current = listed.filter { file in file.header.segment > replaced }
        for (place, file) in current.enumerated() where file.header.segment != replaced + place + 1 {
            let missing = "\(folder)/\(JournalHeader.name(of: replaced + place + 1))"
            throw JournalError(missing, .missing)
        }
        guard !current.isEmpty else { throw JournalError(folder, .missing) }
        // The next file is there before the full one gets its name: a process may have ended between the two.
        guard names.contains(JournalHeader.active) || names.contains(JournalHeader.temporary) else {
            throw JournalError("\(folder)/\(JournalHeader.active)", .missing)
        }
        var obsolete = listed.filter { file in file.header.segment <= replaced }.map { file in file.name }
        for name in names where name.hasSuffix(".index") {
            let isCurrent = current.contains { file in
                JournalHeader.indexName(of: file.header.segment) == name
            }
            if name.hasPrefix("journal-"), !isCurrent { obsolete.append(name) }
        }
        return (current, obsolete)
    }
}

extension JournalError {
    /// Another process may have been in the middle of putting one file in the place of another.
    fileprivate var isPassing: Bool {
        switch reason {
        case .missing, .system: true
        case .foreign, .newerFormat, .held, .fenced, .corrupt, .damaged, .closed, .outOfOrder, .unreachable,
            .diverged:
            false
        }
    }
}

extension Disk {
    func read(_ name: String) throws(FileError) -> [UInt8] {
        let file = try open(name, .reading)
        return try file.read(at: 0, count: try file.size())
    }
}
