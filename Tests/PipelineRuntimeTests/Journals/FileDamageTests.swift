import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// A journal's file that was cut off, or in which something has changed: found, located, and never believed.
struct FileDamageTests {
    private let folder: ScratchFolder
    private let records: [JournalRecord] = [
        .note(1, in: "chat"), .note(1, in: "other"), .note(2, in: "chat"),
    ]

    init() throws { folder = try ScratchFolder() }

    private var run: String { folder["run"] }

    private func written() async throws -> [UInt8] {
        let journal = try FileJournal.create(at: run)
        try await journal.append(records, flushing: true)
        await journal.close()
        return try folder.read("run/journal.jsonl")
    }

    /// What is read from a file of these bytes.
    private func reading(_ bytes: [UInt8]) throws -> Result<FileJournalContents, JournalError> {
        try folder.write(bytes, to: "run/journal.jsonl")
        return Result { () throws(JournalError) in try FileJournal.contents(of: run) }
    }

    /// Where each line begins.
    private func starts(_ bytes: [UInt8]) -> [Int] {
        [0] + bytes.indices.filter { index in bytes[index] == UInt8(ascii: "\n") }.map { index in index + 1 }
    }

    @Test func `E7 a last record cut off at any byte is removed, and what was before it is kept`()
        async throws
    {
        let bytes = try await written()
        let last = starts(bytes)[3]
        for length in last..<bytes.count {
            try folder.write(Array(bytes[..<length]), to: "run/journal.jsonl")
            let contents = try FileJournal.contents(of: run)
            #expect(contents.records == Array(records.dropLast()))
            #expect(contents.tornBytes == length - last)
            let journal = try FileJournal.open(at: run)
            #expect(journal.repairedBytes == length - last)
            #expect(try folder.read("run/journal.jsonl").count == last)
            try await journal.append([records[2]], flushing: true)
            await journal.close()
            #expect(try FileJournal.contents(of: run).records == records, "cut at byte \(length)")
        }
    }

    @Test func `a first line that is not whole is no journal, since none is made so`() async throws {
        let bytes = try await written()
        for length in 0..<starts(bytes)[1] {
            try folder.write(Array(bytes[..<length]), to: "run/journal.jsonl")
            #expect(throws: JournalError(FileJournal.journalPath(run), .foreign)) {
                try FileJournal.open(at: run)
            }
        }
    }

    @Test func `a journal that was being made when the process ended is not there, and can be made`()
        async throws
    {
        let bytes = try await written()
        for length in 0..<starts(bytes)[1] {
            let other = "other\(length)"
            try folder.makeFolder(other)
            try folder.write(Array(bytes[..<length]), to: "\(other)/journal.new")
            #expect(throws: JournalError(folder[other], .missing)) { try FileJournal.open(at: folder[other]) }
            let journal = try FileJournal.create(at: folder[other])
            try await journal.append(records, flushing: true)
            #expect(try folder.read("\(other)/journal.jsonl") == bytes)
        }
    }

    @Test func `E7 one flipped bit anywhere is an error with its line, or a last record that was cut off`()
        async throws
    {
        let bytes = try await written()
        let starts = starts(bytes)
        for index in bytes.indices {
            let line = starts.lastIndex { start in start <= index } ?? 0
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                let place = "bit \(bit) of byte \(index)"
                switch try reading(damaged) {
                case .success(let contents):
                    // The end of the last line: the record looks as if it had been cut off before it.
                    #expect(index == bytes.count - 1, "\(place) was not noticed")
                    #expect(contents.records == Array(records.dropLast()) && contents.tornBytes > 0)
                case .failure(let error):
                    switch error.reason {
                    case .corrupt(let number, let offset, _):
                        #expect(number == line + 1 && offset == starts[line], "\(place)")
                    case .foreign, .newerFormat: #expect(line == 0, "\(place)")
                    case .missing, .held, .fenced, .damaged, .system, .closed, .outOfOrder, .unreachable,
                        .diverged:
                        Issue.record("\(place): \(error)")
                    }
                }
            }
        }
    }

    @Test func `damage is never repaired, and nothing is appended behind it`() async throws {
        var bytes = try await written()
        bytes[starts(bytes)[2] + 40] ^= 1
        try folder.write(bytes, to: "run/journal.jsonl")
        #expect(throws: JournalError.self) { try FileJournal.open(at: run) }
        #expect(try folder.read("run/journal.jsonl") == bytes)
        bytes.removeLast(3)
        try folder.write(bytes, to: "run/journal.jsonl")
        #expect(throws: JournalError.self) { try FileJournal.open(at: run) }
        #expect(try folder.read("run/journal.jsonl") == bytes)
    }

    @Test(arguments: [[1, 3], [2], [1, 1], [1, 2, 1], [0], [.max]])
    func `a record that does not follow on is refused, and nothing of its group is written`(sequences: [Int])
        async throws
    {
        let journal = try FileJournal.create(at: run)
        let bytes = try folder.read("run/journal.jsonl")
        let group = sequences.map { sequence in JournalRecord.note(sequence, in: "chat") }
        let (wrong, sequence) = try #require(
            sequences.enumerated().first { index, sequence in sequence != index + 1 })
        await #expect(throws: JournalError(run, .outOfOrder(sequence: sequence, expected: wrong + 1))) {
            try await journal.append(group, flushing: true)
        }
        #expect(try folder.read("run/journal.jsonl") == bytes)
        try await journal.append([.note(1, in: "chat")], flushing: true)
    }

    @Test func `a gap in the numbers is an error with its place`() async throws {
        let bytes = try await written()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in "\(line)\n" }
        // The second of three records is taken out, so that the third does not follow.
        try folder.write(Array((lines[0] + lines[2] + lines[3]).utf8), to: "run/journal.jsonl")
        let error = JournalError(
            FileJournal.journalPath(run),
            .corrupt(
                line: 3, offset: lines[0].utf8.count + lines[2].utf8.count, "record 2 comes where 1 should"))
        #expect(throws: error) { try FileJournal.open(at: run) }
        #expect(throws: error) { try FileJournal.contents(of: run) }
        #expect(error.description.contains("line 3"))
    }

    @Test func `a line that was taken out, doubled or moved is noticed`() async throws {
        let bytes = try await written()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in "\(line)\n" }
        let changed = [
            [lines[0], lines[2], lines[3]], [lines[0], lines[1], lines[1], lines[2], lines[3]],
            [lines[0], lines[3], lines[2], lines[1]], [lines[0], lines[0], lines[1]],
            [lines[0], "\n", lines[1]], [lines[1], lines[2]],
        ]
        for lines in changed {
            try folder.write(Array(lines.joined().utf8), to: "run/journal.jsonl")
            #expect(throws: JournalError.self) { try FileJournal.contents(of: run) }
        }
    }

    @Test func `a record whose checksum is right and whose form is wrong is located too`() async throws {
        let bytes = try await written()
        for body in ["{}", "[]", "{\"conversation\":1}", "not json", ""] {
            let rest = "\"conversation\":\"chat\",\"sequence\":3,\"record\":\(body)}"
            let sum = ContentDigest(hashing: Array(rest.utf8)).description.prefix(16)
            let line = "{\"checksum\":\"\(sum)\",\(rest)\n"
            switch try reading(bytes + Array(line.utf8)) {
            case .success: Issue.record("\(body) was taken for a record")
            case .failure(let error):
                guard case .corrupt(line: 5, offset: bytes.count, _) = error.reason else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test func `an engine over a damaged journal starts nothing and says where the damage is`() async throws {
        var bytes = try await written()
        let journal = try FileJournal.open(at: run)
        // While it is open: what was whole then is looked at again when it is read.
        bytes[starts(bytes)[1] + 60] ^= 1
        try folder.write(bytes, to: "run/journal.jsonl")
        let engine = Engine(Gateway.judging { _ in .allowed }, journal: journal)
        await #expect(throws: EngineError.self) { try await engine.submit(.message("r"), to: "chat") }
        await engine.shutdown(within: .zero)
        #expect(try folder.read("run/journal.jsonl") == bytes)
    }

    // MARK: What is not noticed when it is opened

    @Test func `E7 a journal whose last file is gone is not taken for whole`() async throws {
        var journal = try FileJournal.create(at: run, segmentSize: 1)
        try await journal.append(records, flushing: true)
        await journal.close()
        journal = try FileJournal.open(at: run)
        try await journal.append([.note(3, in: "chat")], flushing: true)
        await journal.close()
        try folder.remove("run/journal.jsonl")
        let error = JournalError(FileJournal.journalPath(run), .missing)
        #expect(throws: error) { try FileJournal.open(at: run) }
        #expect(throws: error) { try FileJournal.contents(of: run) }
    }

    @Test(arguments: [false, true])
    func `records that are hidden by damage while it is open are missed`(isFull: Bool) async throws {
        let journal = try FileJournal.create(at: run, segmentSize: isFull ? 1 : 1_000_000)
        try await journal.append(records + [.note(3, in: "chat")], flushing: true)
        let name = isFull ? "run/journal-00000001.jsonl" : "run/journal.jsonl"
        let bytes = try folder.read(name)
        let starts = starts(bytes)
        // The name of its conversation: first of a record in the middle, then of the last.
        for line in [3, 4] {
            var damaged = bytes
            let place = try #require(bytes[starts[line]...].firstRange(of: "\"chat\"".utf8))
            damaged[place.lowerBound + 1] ^= 1
            try folder.write(damaged, to: name)
            await #expect(throws: JournalError.self, "line \(line)") {
                _ = try await journal.records(of: "chat")
            }
        }
    }

    @Test func `a journal whose process ended between two files goes on`() async throws {
        var journal = try FileJournal.create(at: run)
        try await journal.append(records, flushing: true)
        await journal.close()
        try folder.move("run/journal.jsonl", to: "run/journal-00000001.jsonl")
        try folder.write(Array("the next one, not yet in its place".utf8), to: "run/journal.new")
        #expect(try FileJournal.contents(of: run).records == records)
        journal = try FileJournal.open(at: run)
        try await journal.append([.note(3, in: "chat")], flushing: true)
        await journal.close()
        #expect(folder.exists("run/journal.jsonl") && !folder.exists("run/journal.new"))
        #expect(try FileJournal.contents(of: run).records == records + [.note(3, in: "chat")])
    }

    @Test func `an onlooker misses nothing when the file is full while it looks`() async throws {
        let disk = SimulatedDisk()
        let journal = try FileJournal(creatingAt: "j", on: disk, lock: nil, segmentSize: 2_000)
        try await journal.append([.note(1, in: "chat")], flushing: true)
        let before = disk.afterKill()
        try await journal.append((2...20).map { number in .note(number, in: "chat") }, flushing: true)
        try await journal.append([.note(21, in: "chat")], flushing: true)
        // It has listed the files, and the one that is written to becomes another before it is read.
        let changing = ChangingDisk(before, until: 2, opening: "journal.jsonl", then: disk)
        let contents = try FileJournal.contents(of: "j", on: changing)
        #expect(contents.records == (1...21).map { number in .note(number, in: "chat") })
    }
}
