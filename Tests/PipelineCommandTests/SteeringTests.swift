import PipelineCore
import PipelineRuntime
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A run that is at work in one process is steered by others.
@Suite("Steering a run at work", .serialized, .timeLimit(.minutes(2)))
struct SteeringTests {
    private static let journal = ".pipeline/task-1/journal"
    private static let socket = "\(journal)/control"

    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    /// Starts a run whose model pauses for ten minutes after its first word, and waits for that word.
    private func pausing(_ words: [String] = []) async throws -> PipelineProcess {
        let running = try PipelineProcess(
            words.isEmpty ? ["run", try folder.copyPausingExample(), "--json"] : words, in: folder.path)
        let word = await running.line { line in line.text.contains("\"lifecycle_status\":\"progress\"") }
        try #require(word != nil)
        return running
    }

    @Test func `a second terminal interrupts a run, which is resumed and completes`() async throws {
        let running = try await pausing()

        let interrupted = try await folder.pipeline("interrupt", Self.journal, "--reason", "lunch")

        #expect(interrupted.exited(3), "\(interrupted)")
        #expect(interrupted.says("The run is interrupted; nothing is lost", "resume \(Self.journal)"))
        #expect(interrupted.output.contains { line in line.hasSuffix("interrupted (strategy): lunch") })
        let ended = await running.outcome()
        #expect(ended.exited(3) && ended.says("resume \(Self.journal)"), "\(ended)")
        try folder.endPause(in: ".pipeline/task-1/transcript.jsonl")
        #expect(try await folder.pipeline("resume", Self.journal).exited(0))
        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.isContiguous() && timeline.outcome == "completed")
        #expect(timeline.count("conversation.run.interrupted") == 1)
    }

    @Test func `a second terminal cancels a run, and both say so`() async throws {
        let running = try await pausing()
        let canceled = try await folder.pipeline("cancel", Self.journal, "--reason", "not wanted")
        #expect(canceled.exited(2), "\(canceled)")
        #expect(canceled.errors == [])
        #expect(canceled.output.last?.hasPrefix("canceled: ") == true)
        let ended = await running.outcome()
        #expect(ended.exited(2), "\(ended)")
        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.events.last { $0["reason"] != nil }?["reason"] == "not wanted")
    }

    @Test func `show --follow prints what was and what comes, until the run ends`() async throws {
        let running = try await pausing()
        let following = try folder.start("show", Self.journal, "--follow", "--json")
        let plain = try folder.start("show", Self.journal, "--follow")
        for watcher in [following, plain] {
            let word = await watcher.line { line in
                line.text.contains("\"lifecycle_status\":\"progress\"")
                    || line.text.hasPrefix("run      task-1")
            }
            #expect(word != nil)
        }
        #expect(try await folder.pipeline("cancel", Self.journal).exited(2))
        _ = await running.outcome()

        let followed = await following.outcome()
        #expect(followed.exited(0) && followed.errors == [], "\(followed)")
        let timeline = try Timeline(followed.output)
        #expect(timeline.isContiguous() && timeline.outcome == "canceled")
        #expect(timeline.events == (try await Timeline(of: Self.journal, in: folder)).events)
        let shown = await plain.outcome()
        #expect(shown.output == (try await folder.pipeline("show", Self.journal)).output, "\(shown)")
    }

    @Test func `show --follow of a run that nobody is at work on prints and ends`() async throws {
        #expect(try await folder.pipeline("run", try folder.copyExample()).exited(0))
        let followed = try await folder.pipeline("show", Self.journal, "--follow")
        #expect(followed.exited(0) && followed.errors == [])
        #expect(followed.output == (try await folder.pipeline("show", Self.journal)).output)
    }

    @Test func `when the process is killed, who follows is told, and its socket is no obstacle`() async throws
    {
        let running = try await pausing()
        var file = stat()
        #expect(lstat(folder[Self.socket], &file) == 0)
        #expect(file.st_mode & S_IFMT == S_IFSOCK && file.st_mode & 0o7777 == 0o600)
        let following = try folder.start("show", Self.journal, "--follow")
        #expect(await following.line { line in line.text.hasPrefix("task") } != nil)
        running.send(SIGKILL)
        _ = await running.outcome()
        let followed = await following.outcome()
        #expect(followed.exited(0), "\(followed)")
        #expect(followed.output.contains { line in line.hasPrefix("cut off: ") })
        #expect(followed.output.last?.contains("resume \(Self.journal)") == true)

        #expect(folder.exists(Self.socket), "what is killed cleans nothing up")
        let idle = try await folder.pipeline("interrupt", Self.journal)
        #expect(idle.exited(3) && idle.says("No process is at work", "resume \(Self.journal)"), "\(idle)")
        let again = try await pausing(["resume", Self.journal, "--json"])
        #expect(try await folder.pipeline("interrupt", Self.journal).exited(3))
        #expect(await again.outcome().exited(3))
        #expect(!folder.exists(Self.socket))
    }

    @Test func `a run that has ended is not stopped any more`() async throws {
        #expect(try await folder.pipeline("run", try folder.copyExample()).exited(0))
        #expect(!folder.exists(Self.socket))
        let late = try await folder.pipeline("interrupt", Self.journal)
        #expect(late.exited(0) && late.says("task-1 is completed already"), "\(late)")
    }

    @Test func `a run that is under way is not resumed`() async throws {
        let running = try await pausing()
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(75), "\(resumed)")
        #expect(resumed.says("Another process is using \(Self.journal)", "show \(Self.journal) --follow"))
        let decided = try await folder.pipeline("resume", Self.journal, "--rerun", "2")
        #expect(decided.exited(64) && decided.says("Step 2 waits for no decision"), "\(decided)")
        running.send(SIGTERM)
        #expect(await running.outcome().exited(3))
    }

    @Test(arguments: [
        ["cancel"], ["interrupt"], ["resume"], ["approve", "2"], ["deny", "2"], ["show", "--follow"],
    ])
    func `a process that holds the journal and does not listen is named`(words: [String]) async throws {
        let trigger = Trigger(SIGKILL, after: [Trigger.attempt("progress", of: 2)])
        _ = try await folder.pipeline(
            "run", try folder.copyPausingExample(), "--json", reacting: trigger.reaction)
        let holder = try FileJournal.open(at: folder[Self.journal])
        let before = try folder.bytes(of: "\(Self.journal)/journal.jsonl")

        let all = words.prefix(1) + [Self.journal] + words.dropFirst()
        let refused = try await PipelineProcess(Array(all), in: folder.path).outcome()

        #expect(refused.exited(75), "\(refused)")
        #expect(refused.says("Another process is using \(Self.journal)", "does not listen for commands"))
        #expect(try folder.bytes(of: "\(Self.journal)/journal.jsonl") == before)
        await holder.close()
    }
}
