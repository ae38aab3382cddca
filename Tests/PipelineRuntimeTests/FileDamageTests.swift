import PipelineCore
import PipelineRuntime
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

    @Test func `a last record cut off at any byte is removed, and what was before it is kept`() async throws {
        let bytes = try await written()
        let last = starts(bytes)[3]
        for length in last..<bytes.count {
            try folder.write(Array(bytes[..<length]), to: "run/journal.jsonl")
            let contents = try FileJournal.contents(of: run)
            #expect(contents.records == Array(records.dropLast()))
            #expect(contents.tornBytes == length - last && contents.validBytes == last)
            let journal = try FileJournal.open(at: run)
            #expect(journal.repairedBytes == length - last)
            #expect(try folder.read("run/journal.jsonl").count == last)
            try await journal.append([records[2]], flushing: true)
            await journal.close()
            #expect(try folder.read("run/journal.jsonl") == bytes, "cut at byte \(length)")
        }
    }

    @Test func `a first line cut off at any byte is completed`() async throws {
        let bytes = try await written()
        for length in 0..<starts(bytes)[1] {
            try folder.write(Array(bytes[..<length]), to: "run/journal.jsonl")
            #expect(try FileJournal.contents(of: run).records.isEmpty)
            let journal = try FileJournal.open(at: run)
            #expect(journal.repairedBytes == length)
            try await journal.append(records, flushing: true)
            await journal.close()
            #expect(try folder.read("run/journal.jsonl") == bytes, "cut at byte \(length)")
        }
    }

    @Test func `one flipped bit anywhere is an error with its line, or a last record that was cut off`()
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
                    case .missing, .held, .system, .closed, .diverged: Issue.record("\(place): \(error)")
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

    @Test(arguments: [
        ([1, 3], 3, "record 3 comes where 2 should"), ([2], 2, "record 2 comes where 1 should"),
        ([1, 1], 3, "record 1 comes where 2 should"), ([1, 2, 1], 4, "record 1 comes where 3 should"),
        ([0], 2, "record 0 comes where 1 should"), ([.max], 2, "record \(Int.max) comes where 1 should"),
    ])
    func `a gap in the sequence is an error with its place`(
        sequences: [Int], line: Int, what: String
    ) async throws {
        let journal = try FileJournal.create(at: run)
        for sequence in sequences { try await journal.append([.note(sequence, in: "chat")], flushing: false) }
        await journal.close()
        let bytes = try folder.read("run/journal.jsonl")
        let error = JournalError(
            FileJournal.journalPath(run), .corrupt(line: line, offset: starts(bytes)[line - 1], what))
        #expect(throws: error) { try FileJournal.open(at: run) }
        #expect(error.description.contains("line \(line)"))
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
            let sum = ContentDigest(hashing: Array(body.utf8)).description.prefix(16)
            let line = "{\"checksum\":\"\(sum)\",\"record\":\(body)}\n"
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
        bytes[starts(bytes)[1] + 40] ^= 1
        let journal = try FileJournal.create(at: folder["fine"])
        try folder.write(bytes, to: "fine/journal.jsonl")
        let engine = Engine(Gateway.judging { _ in .allowed }, journal: journal)
        await #expect(throws: EngineError.self) { try await engine.submit(.message("r"), to: "chat") }
        await engine.shutdown(within: .zero)
        #expect(try folder.read("fine/journal.jsonl") == bytes)
    }
}
