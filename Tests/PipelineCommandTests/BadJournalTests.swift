import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("A journal that is not as it should be", .serialized, .timeLimit(.minutes(2)))
struct BadJournalTests {
    private static let journal = ".pipeline/task-1/journal"
    private static let file = ".pipeline/task-1/journal/journal.jsonl"

    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    /// Runs the example, and keeps so many of its journal's lines; without its end, at most a part of the next.
    private func cutJournal(lines: (Int) -> Int, bytesOfNext: (Int) -> Int = { _ in 0 }) async throws
        -> ContentDigest
    {
        let ran = try await folder.pipeline("run", try folder.copyExample())
        try #require(ran.exited(0), "\(ran)")
        let all = try folder.text(of: Self.file).split(separator: "\n")
        let count = lines(all.count)
        let next = count < all.count ? Array("\(all[count])\n".utf8) : []
        let kept = all.prefix(count).flatMap { line in Array("\(line)\n".utf8) }
        try folder.write(kept + next.prefix(bytesOfNext(next.count)), to: Self.file)
        return try folder.digest(of: ".pipeline/task-1/workspace")
    }

    /// Where the last record is cut: after its first byte, in its middle, before its last byte and before its end.
    @Test(arguments: [{ _ in 1 }, { $0 / 2 }, { $0 - 2 }, { $0 - 1 }] as [@Sendable (Int) -> Int])
    func `a last record that was cut off is removed, and the run completes`(
        length: @Sendable (Int) -> Int
    ) async throws {
        let workspace = try await cutJournal(lines: { count in count - 1 }, bytesOfNext: length)
        let cut = try folder.bytes(of: Self.file)
        let whole = cut.lastIndex(of: UInt8(ascii: "\n")).map { index in index + 1 } ?? 0

        let shown = try await folder.pipeline("show", Self.journal)
        #expect(shown.exited(0))
        #expect(shown.says("last record is cut off (\(cut.count - whole) bytes)"))
        #expect(try folder.bytes(of: Self.file) == cut)

        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(0), "\(resumed)")
        #expect(
            resumed.says(
                Self.journal, "cut off and is removed (\(cut.count - whole) bytes)", "nothing is lost"))
        #expect(try folder.bytes(of: Self.file).starts(with: cut.prefix(whole)))
        #expect(try folder.digest(of: ".pipeline/task-1/workspace") == workspace)
        let timeline = try await Timeline(of: Self.journal, in: folder)
        expectCompletedOnce(timeline, like: timeline, "cut to \(cut.count) bytes")
    }

    @Test(arguments: [0, 1, 40])
    func `a journal without a whole first record holds no run, and stays as it is`(bytes: Int) async throws {
        _ = try await cutJournal(lines: { _ in 2 })
        let whole = try folder.bytes(of: Self.file)
        let header = (whole.firstIndex(of: UInt8(ascii: "\n")) ?? 0) + 1
        let cut = Array(whole.prefix(header + bytes))
        try folder.write(cut, to: Self.file)
        for word in ["show", "resume", "cancel"] {
            let ran = try await folder.pipeline(word, Self.journal)
            #expect(ran.exited(65), "\(word): \(ran)")
            #expect(ran.says(Self.journal, "holds no run", "Run the task again"), "\(word)")
        }
        #expect(try folder.bytes(of: Self.file) == cut)
    }

    @Test(arguments: ["resume", "cancel", "show"])
    func `what another program wrote is left alone`(word: String) async throws {
        for text in [
            "2026-01-01 INFO started\n", "{\"kind\":\"other\",\"format\":1}\n", "{\"format\":1}\n",
            "no line's end",
        ] {
            try folder.write(text, to: "other/journal.jsonl")
            let ran = try await folder.pipeline(word, "other")
            #expect(ran.exited(65), "\(ran)")
            #expect(ran.says("other/journal.jsonl", "not a journal of this program"), "\(ran)")
            #expect(try folder.text(of: "other/journal.jsonl") == text)
        }
    }

    @Test(arguments: ["resume", "cancel", "show"])
    func `a newer format is left to a later version`(word: String) async throws {
        let text = "{\"format\":2,\"kind\":\"pipeline.journal\"}\n{\"novelty\":1}\n"
        try folder.write(text, to: "new/journal.jsonl")
        let ran = try await folder.pipeline(word, "new")
        #expect(ran.exited(65), "\(ran)")
        #expect(ran.says("new/journal.jsonl", "format 2", "later version"))
        #expect(try folder.text(of: "new/journal.jsonl") == text)
    }

    @Test(arguments: ["resume", "cancel", "show"])
    func `damage in the middle is named with line and byte, and the file stays as it is`(word: String)
        async throws
    {
        _ = try await cutJournal(lines: { count in count - 3 })
        var bytes = try folder.bytes(of: Self.file)
        let starts = [0] + bytes.indices.filter { index in bytes[index] == UInt8(ascii: "\n") }.map { $0 + 1 }
        try #require(starts.count > 10)
        let line = starts.count / 2
        bytes[starts[line] + 60] ^= 1
        try folder.write(bytes, to: Self.file)
        let workspace = try folder.digest(of: ".pipeline/task-1/workspace")

        let ran = try await folder.pipeline(word, Self.journal)

        #expect(ran.exited(65), "\(ran)")
        #expect(
            ran.says(Self.file, "line \(line + 1) (byte \(starts[line]))", "damaged", "checksum"), "\(ran)")
        #expect(ran.says("Nothing was changed"))
        #expect(try folder.bytes(of: Self.file) == bytes)
        #expect(try folder.digest(of: ".pipeline/task-1/workspace") == workspace)
        let listed = try await folder.pipeline("list")
        #expect(listed.exited(0))
        #expect(listed.output.count == 1 && listed.output[0].hasPrefix("task-1  unreadable  "))
    }

    @Test func `a record that is missing in the middle is damage`() async throws {
        _ = try await cutJournal(lines: { count in count })
        var lines = try folder.text(of: Self.file).split(separator: "\n")
        try #require(lines.count > 10)
        lines.remove(at: 5)
        let text = lines.joined(separator: "\n") + "\n"
        try folder.write(text, to: Self.file)
        let ran = try await folder.pipeline("resume", Self.journal)
        #expect(ran.exited(65), "\(ran)")
        #expect(ran.says("line 6", "record 6 comes where 5 should"), "\(ran)")
        #expect(try folder.text(of: Self.file) == text)
    }

    @Test(arguments: [SIGINT, SIGKILL])
    func `a decision that no step waits for is wrong usage, and starts nothing`(signal: CInt) async throws {
        let run = try await GeneratedRun(seed: 9)
        let command = run.task.red
        let folder = try await run.stopped(in: command, by: signal)

        for ordinal in [run.step(of: command).ordinal, 99] {
            let ran = try await folder.pipeline("resume", Self.journal, "--rerun", "\(ordinal)")
            #expect(ran.exited(64), "\(ran)")
            #expect(ran.says("Step \(ordinal) waits for no decision"))
        }

        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.attempts(of: run.step(of: command).ordinal, "requested") == [1])
        #expect(try run.tally(in: folder)[command.name]?.count == 1)
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(0), "\(resumed)")
        try await run.expectSameResult(in: folder, twice: command, "after wrong usage")
    }

    @Test func `a journal that is there already is not written over`() async throws {
        let task = try folder.copyExample()
        #expect(try await folder.pipeline("run", task, "--journal", "kept").exited(0))
        let journal = try folder.bytes(of: "kept/journal.jsonl")

        let ran = try await folder.pipeline("run", task, "--journal", "kept")

        #expect(ran.exited(73), "\(ran)")
        #expect(ran.says("kept holds a journal already", "name a folder that holds none"))
        #expect(ran.output == [])
        #expect(try folder.bytes(of: "kept/journal.jsonl") == journal)
    }

    @Test func `a run that is under way holds its journal, and can be watched`() async throws {
        let task = try folder.copyExample()
        let test = "\(task)/workspace/test.sh"
        try folder.makeGate("gate")
        try folder.write(
            "echo holding; read -r answer < ../../../gate\n" + (try folder.text(of: test)), to: test)
        let live = try folder.start("run", "--json", task)
        let held = await live.line { line in line.text.contains("\"delta\":\"holding") }
        try #require(held != nil)
        let journal = try folder.bytes(of: Self.file)

        for words in [
            ["resume", Self.journal], ["run", task, "--journal", Self.journal],
        ] {
            let ran = try await PipelineProcess(words, in: folder.path).outcome()
            #expect(ran.exited(75), "\(words): \(ran)")
            #expect(ran.says("Another process is using \(Self.journal)"), "\(words): \(ran)")
            #expect(ran.output == [])
        }
        let shown = try await folder.pipeline("show", Self.journal)
        #expect(shown.exited(0))
        #expect(shown.output.contains { line in line.hasPrefix("running: 4 steps, ") })
        #expect(try folder.bytes(of: Self.file).starts(with: journal))

        live.send(SIGTERM)
        let ended = await live.outcome()
        #expect(ended.exited(3), "\(ended)")
        let timeline = try Timeline(ended.output)
        #expect(timeline.outcome == "interrupted")
    }
}
