import PipelineCore
import PipelineRuntime
import Testing

/// The journal in a folder: what is on the disk, and what becomes of it.
struct FileJournalTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private var run: String { folder["run"] }

    /// The file of three records, written in one go.
    private func written(_ count: Int = 3) async throws -> [UInt8] {
        let journal = try FileJournal.create(at: run)
        try await journal.append((1...count).map { number in .note(number, in: "chat") }, flushing: true)
        await journal.close()
        return try folder.read("run/journal.jsonl")
    }

    private func reason(_ body: () throws -> Void) -> JournalError.Reason? {
        do { try body() } catch { return (error as? JournalError)?.reason }
        return nil
    }

    // MARK: Bytes

    @Test func `the file is what the format says, byte for byte`() async throws {
        let signal = """
            {"actor":"host","id":"n1","kind":"run.interrupt","reason":"test","run_id":"none","time":1000}
            """
        // What `sha256sum` says of the line from `"conversation"` on begins like this.
        let text = """
            {"checksum":"42a95120d3af17c7","format":1,"kind":"pipeline.journal","owner":1,"sealed":0,"segment":1}
            {"checksum":"c9757c27d72b6c5c","conversation":"chat","sequence":1,\
            "record":{"disposition":{"rejected":"runNotFound"},"signal":\(signal)}}

            """
        #expect(String(decoding: try await written(1), as: UTF8.self) == text)
    }

    @Test func `a journal that is opened again goes on as if it had never been closed`() async throws {
        let parts = folder["parts"]
        var journal = try FileJournal.create(at: parts)
        for number in 1...4 {
            try await journal.append([.note(number, in: "chat")], flushing: number.isMultiple(of: 2))
            await journal.close()
            journal = try FileJournal.open(at: parts)
            #expect(journal.repairedBytes == 0)
            #expect(try await journal.records(of: "chat") == (1...number).map { .note($0, in: "chat") })
        }
        #expect(try FileJournal.contents(of: parts).records == (1...4).map { .note($0, in: "chat") })
        // Each opening says what it found flushed, in the first line that it writes.
        let text = String(decoding: try folder.read("parts/journal.jsonl"), as: UTF8.self)
        #expect(text.split(separator: "\n").count { line in line.contains("\"flushed\":") } == 3)
    }

    @Test func `reading changes nothing and needs no lock`() async throws {
        let journal = try FileJournal.create(at: run)
        try await journal.append([.note(1, in: "b"), .note(1, in: "a"), .note(2, in: "b")], flushing: true)
        let bytes = try folder.read("run/journal.jsonl")
        let contents = try FileJournal.contents(of: run)
        #expect(contents.records == [.note(1, in: "b"), .note(1, in: "a"), .note(2, in: "b")])
        #expect(contents.conversations == ["b", "a"] && contents.tornBytes == 0)
        #expect(try folder.read("run/journal.jsonl") == bytes)
        await journal.close()
    }

    // MARK: Folders and locks

    @Test func `create makes the folders that are missing`() throws {
        let journal = try FileJournal.create(at: folder["a/b/c"])
        #expect(folder.exists("a/b/c/journal.jsonl") && journal.folder == folder["a/b/c"])
        #expect(throws: Never.self) { try FileJournal.create(at: folder["a/b/d"]) }
    }

    @Test func `create never writes over a journal that is there`() async throws {
        let bytes = try await written()
        #expect(reason { _ = try FileJournal.create(at: run) } == .system("open", "File exists"))
        #expect(try folder.read("run/journal.jsonl") == bytes)
    }

    @Test func `what another descriptor holds is held, until it is closed or let go`() async throws {
        var journal: FileJournal? = try FileJournal.create(at: run)
        #expect(reason { _ = try FileJournal.open(at: run) } == .held)
        #expect(reason { _ = try FileJournal.create(at: run) } == .held)
        try await journal?.append([.note(1, in: "chat")], flushing: true)
        await journal?.close()
        journal = try FileJournal.open(at: run)
        #expect(reason { _ = try FileJournal.open(at: run) } == .held)
        journal = nil
        #expect(try FileJournal.open(at: run).repairedBytes == 0)
    }

    @Test(.enabled(if: ScratchFolder.showsDescriptors, "needs /proc/self/fd"))
    func `a child that is being started does not keep the lock of a journal that is closed`() async throws {
        let journal = try FileJournal.create(at: run)
        // Between fork and exec a child has a copy of every descriptor, also of those that close on exec.
        let copy = try #require(folder.copyDescriptor(of: "run/lock"))
        await journal.close()
        #expect(reason { _ = try FileJournal.open(at: run) } == nil)
        ScratchFolder.closeDescriptor(copy)
        #expect(reason { _ = try FileJournal.open(at: run) } == nil)
    }

    @Test func `E8 a journal that is held is not repaired by a second opener`() async throws {
        let bytes = try await written()
        let holder = try FileJournal.open(at: run)
        try folder.write(Array(bytes.dropLast(5)), to: "run/journal.jsonl")
        #expect(reason { _ = try FileJournal.open(at: run) } == .held)
        #expect(try folder.read("run/journal.jsonl").count == bytes.count - 5)
        await holder.close()
    }

    @Test func `a folder or a file that is not there is missing, and nothing is made`() throws {
        for open in [{ _ = try FileJournal.open(at: $0) }, { _ = try FileJournal.contents(of: $0) }]
            as [(String) throws -> Void]
        {
            #expect(reason { try open(folder["nowhere"]) } == .missing)
            #expect(!folder.exists("nowhere"))
            try? folder.makeFolder("empty")
            #expect(reason { try open(folder["empty"]) } == .missing)
            #expect(!folder.exists("empty/lock"))
        }
        try folder.write([], to: "file")
        #expect(reason { _ = try FileJournal.open(at: folder["file"]) } == .missing)
        #expect(
            reason { _ = try FileJournal.create(at: folder["file/run"]) }
                == .system("mkdir", "Not a directory"))
    }

    @Test(.enabled(if: !ScratchFolder.isRoot, "root may write anywhere"))
    func `E7 a folder that may not be written is named with the system's reason`() throws {
        try folder.makeFolder("locked", mode: 0o555)
        #expect(
            reason { _ = try FileJournal.create(at: folder["locked"]) }
                == .system("open", "Permission denied"))
        #expect(
            reason { _ = try FileJournal.create(at: folder["locked/run"]) }
                == .system("mkdir", "Permission denied"))
    }

    @Test func `after it is closed nothing can be appended`() async throws {
        let bytes = try await written()
        let journal = try FileJournal.open(at: run)
        await journal.close()
        await #expect(throws: JournalError(run, .closed)) {
            try await journal.append([.note(4, in: "chat")], flushing: true)
        }
        #expect(try folder.read("run/journal.jsonl") == bytes)
    }

    // MARK: What is not a journal of ours

    @Test(arguments: [
        "hello\n", "hello", "{\"format\":1}\n", "{\"kind\":\"pipeline.journal\"}\n", "\n", "\u{0}\n", "[]\n",
        "{\"format\":\"1\",\"kind\":\"pipeline.journal\"}\n",
        "{\"format\":0,\"kind\":\"pipeline.journal\"}\n",
        "{\"format\":1,\"kind\":\"pipeline.snapshot\"}\n", "{\"format\":-1,\"kind\":\"pipeline.journal\"}\n",
    ])
    func `another file is foreign and stays as it is`(text: String) throws {
        try folder.makeFolder("run")
        try folder.write(Array(text.utf8), to: "run/journal.jsonl")
        #expect(reason { _ = try FileJournal.contents(of: run) } == .foreign)
        #expect(reason { _ = try FileJournal.open(at: run) } == .foreign)
        #expect(try folder.read("run/journal.jsonl") == Array(text.utf8))
    }

    @Test func `a later format is named, and stays as it is`() throws {
        try folder.makeFolder("run")
        for format in [2, 9_999_999_999] {
            let text = "{\"format\":\(format),\"kind\":\"pipeline.journal\",\"more\":[]}\nwho knows\n"
            try folder.write(Array(text.utf8), to: "run/journal.jsonl")
            #expect(reason { _ = try FileJournal.open(at: run) } == .newerFormat(format, known: 1))
            #expect(try folder.read("run/journal.jsonl") == Array(text.utf8))
        }
    }
}
