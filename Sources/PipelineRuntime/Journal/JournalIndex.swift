import PipelineCore

/// Where a line is.
struct JournalPlace: Hashable {
    let segment: Int
    let offset: Int
    /// Bytes without the end of the line.
    let length: Int
}

/// What a journal's files hold of each conversation, and where.
struct JournalIndex {
    /// Of one conversation.
    struct Holding: Hashable {
        /// The number that must come right before the first thing that is kept.
        let base: Int
        /// The first thing is a snapshot, so that nothing need be there before it.
        let startsWithSnapshot: Bool
        /// The number of the last record, also where only a snapshot of it is kept.
        var last: Int
        var snapshot: (sequence: Int, place: JournalPlace)? {
            get { snapshotPlace.map { place in (snapshotSequence, place) } }
            set { (snapshotSequence, snapshotPlace) = (newValue?.sequence ?? 0, newValue?.place) }
        }
        private var snapshotSequence = 0
        private var snapshotPlace: JournalPlace?
        /// The records after the snapshot.
        var tail: [JournalPlace] = []
        /// The files that hold records of it, oldest first.
        var parts: [Part] = []

        /// Where the first thing is that is known of it.
        var first: JournalPlace {
            let places = [
                parts.first.map { part in
                    JournalPlace(segment: part.segment, offset: part.offset, length: 0)
                }, snapshotPlace,
            ]
            return places.compactMap(\.self).min { a, b in (a.segment, a.offset) < (b.segment, b.offset) }
                ?? JournalPlace(segment: 0, offset: 0, length: 0)
        }

        init(base: Int, startsWithSnapshot: Bool) {
            self.base = base
            self.startsWithSnapshot = startsWithSnapshot
            last = base
        }
    }

    /// The records of a conversation in one file.
    struct Part: Hashable {
        let segment: Int
        /// Their numbers.
        var sequences: Range<Int>
        /// Where the first of them is.
        let offset: Int
    }

    private(set) var holdings: [Conversation.ID: Holding] = [:]

    /// What there is of each conversation, in the order in which they come first.
    var inOrder: [Holding] {
        holdings.values.sorted { a, b in
            let (first, second) = (a.first, b.first)
            return (first.segment, first.offset) < (second.segment, second.offset)
        }
    }

    /// The number that the next record of a conversation must have.
    func next(of conversation: Conversation.ID) -> Int { (holdings[conversation]?.last ?? 0) + 1 }

    /// Takes note of a line whose number was found to be right.
    mutating func add(
        _ conversation: Conversation.ID, _ sequence: Int, isSnapshot: Bool, at place: JournalPlace
    ) {
        let base = isSnapshot ? sequence : sequence - 1
        holdings[conversation, default: Holding(base: base, startsWithSnapshot: isSnapshot)].add(
            sequence, isSnapshot: isSnapshot, at: place)
    }

    /// Whether a line can be the next one of its conversation: the numbers go up by one, and a snapshot is of the last
    /// record, unless it is the first thing that is kept.
    func check(_ conversation: Conversation.ID, _ sequence: Int, isSnapshot: Bool) throws(JournalLine.Damage)
    {
        let next = next(of: conversation)
        if isSnapshot {
            guard sequence == next - 1 || holdings[conversation] == nil, sequence > 0 else {
                throw .broken("a snapshot of record \(sequence) comes where record \(next) should")
            }
        } else if sequence != next {
            throw .broken("record \(sequence) comes where \(next) should")
        }
    }
}

extension JournalIndex.Holding {
    fileprivate mutating func add(_ sequence: Int, isSnapshot: Bool, at place: JournalPlace) {
        last = sequence
        guard !isSnapshot else {
            snapshot = (sequence, place)
            return tail = []
        }
        tail.append(place)
        if let part = parts.last, part.segment == place.segment {
            parts[parts.count - 1].sequences = part.sequences.lowerBound..<sequence + 1
        } else {
            parts.append(
                JournalIndex.Part(
                    segment: place.segment, sequences: sequence..<sequence + 1, offset: place.offset))
        }
    }

    /// Goes on with what a later file holds.
    fileprivate mutating func append(_ other: JournalIndex.Holding) {
        if other.snapshot != nil {
            snapshot = other.snapshot
            tail = other.tail
        } else {
            tail += other.tail
        }
        parts += other.parts
        last = other.last
    }
}

extension JournalIndex {
    /// Goes on with the index of the next file.
    ///
    /// - Parameter path: the file, for the error.
    mutating func append(_ other: JournalIndex, path: String) throws(JournalError) {
        for (id, holding) in other.holdings {
            let last = holdings[id]?.last ?? 0
            guard holding.base == last || holdings[id] == nil && holding.startsWithSnapshot else {
                let what =
                    "it goes on after record \(holding.base) of \(id), and the one before ends with \(last)"
                throw JournalError(path, .corrupt(line: 1, offset: 0, what))
            }
            if holdings[id]?.append(holding) == nil { holdings[id] = holding }
        }
    }
}

extension JournalIndex {
    /// The content of the file beside a full one, by which that need not be read: `<checksum> <json>`.
    func bytes(of segment: Int, size: Int) -> [UInt8] {
        let entries = holdings.sorted { a, b in a.key.key < b.key.key }.map { id, holding -> JSON in
            var object: JSON.Object = [
                "conversation": id.json, "base": holding.base.json, "last": holding.last.json,
                "startsWithSnapshot": holding.startsWithSnapshot.json,
            ]
            if let (sequence, place) = holding.snapshot {
                object["snapshot"] = [sequence.json, place.offset.json, place.length.json]
            }
            object["tail"] = .array(holding.tail.flatMap { place in [place.offset.json, place.length.json] })
            if let part = holding.parts.first {
                object["records"] = [
                    part.sequences.lowerBound.json, part.sequences.upperBound.json, part.offset.json,
                ]
            }
            return .object(object)
        }
        let json: JSON = [
            "format": .integer(JournalHeader.format), "segment": segment.json, "bytes": size.json,
            "conversations": .array(entries),
        ]
        let body = json.canonicalBytes
        return Array(ContentDigest(hashing: body).description.utf8) + [UInt8(ascii: " ")] + body
    }

    /// Reads it back; nil when it is not what was written, of this file as it is.
    init?(reading bytes: [UInt8], segment: Int, size: Int) {
        guard bytes.count > 65,
            let json = try? JSON(parsing: Array(bytes.dropFirst(65)), limits: JSON.Limits(bytes: .max)),
            bytes.prefix(64).elementsEqual(
                ContentDigest(hashing: Array(bytes.dropFirst(65))).description.utf8),
            json["format"]?.integerValue == JournalHeader.format,
            json["segment"]?.integerValue == Int64(segment),
            json["bytes"]?.integerValue == Int64(size), let entries = json["conversations"]?.arrayValue
        else { return nil }
        self.init()
        for entry in entries {
            guard let id = entry["conversation"]?.stringValue, let holding = Holding(reading: entry, segment)
            else {
                return nil
            }
            holdings[Conversation.ID(id)] = holding
        }
    }
}

extension JournalIndex.Holding {
    fileprivate init?(reading json: JSON, _ segment: Int) {
        func numbers(_ name: String) -> [Int]? {
            guard let array = json[name]?.arrayValue else { return nil }
            let numbers = array.compactMap { number in number.integerValue.map(Int.init) }
            return numbers.count == array.count ? numbers : nil
        }
        guard let tail = numbers("tail"), let last = json["last"]?.integerValue,
            let base = json["base"]?.integerValue,
            case .bool(let startsWithSnapshot)? = json["startsWithSnapshot"], tail.count.isMultiple(of: 2)
        else { return nil }
        self.init(base: Int(base), startsWithSnapshot: startsWithSnapshot)
        self.last = Int(last)
        self.tail = stride(from: 0, to: tail.count, by: 2).map { index in
            JournalPlace(segment: segment, offset: tail[index], length: tail[index + 1])
        }
        if json["snapshot"] != nil {
            guard let snapshot = numbers("snapshot"), snapshot.count == 3 else { return nil }
            let place = JournalPlace(segment: segment, offset: snapshot[1], length: snapshot[2])
            self.snapshot = (snapshot[0], place)
        }
        if json["records"] != nil {
            guard let records = numbers("records"), records.count == 3, records[0] <= records[1] else {
                return nil
            }
            parts = [
                JournalIndex.Part(segment: segment, sequences: records[0]..<records[1], offset: records[2])
            ]
        }
    }
}
