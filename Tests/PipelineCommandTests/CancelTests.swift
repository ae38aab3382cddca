import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Canceling", .serialized, .timeLimit(.minutes(2)))
struct CancelTests {
    private static let journal = GeneratedRun.journal

    @Test(arguments: [SIGINT, SIGKILL], [true, false])
    func `a run that was stopped in a command is canceled for good, and nothing runs`(
        signal: CInt, isIdempotent: Bool
    ) async throws {
        let run = try await GeneratedRun(seed: 7)
        let command = try #require(run.task.works.first { work in work.isIdempotent == isIdempotent })
        let folder = try await run.stopped(in: command, by: signal)
        let tally = try run.tally(in: folder)
        let workspace = try folder.digest(of: ".pipeline/task-1/workspace")

        let canceled = try await folder.pipeline("cancel", Self.journal, "--reason", "not wanted")

        #expect(canceled.exited(2), "\(canceled)")
        #expect(canceled.output.contains { line in line.hasSuffix("stopping: not wanted") })
        #expect(canceled.output.last?.hasPrefix("canceled: ") == true)
        let shown = try await folder.pipeline("show", Self.journal)
        #expect(shown.exited(0))
        #expect(shown.output.last?.hasPrefix("canceled: ") == true)
        let listed = try await folder.pipeline("list")
        #expect(listed.output.count == 1 && listed.output[0].hasPrefix("task-1  canceled  "))
        let timeline = try await Timeline(of: Self.journal, in: folder)
        #expect(timeline.isContiguous())
        #expect(timeline.events.last { $0["reason"] != nil }?["reason"] == "not wanted")
        #expect(timeline.attempts(of: run.step(of: command).ordinal, "started") == [1])
        for step in timeline.steps { #expect(timeline.endings(of: step.ordinal) == 1) }

        let journal = try folder.bytes(of: "\(Self.journal)/journal.jsonl")
        for words in [["resume"], ["cancel"], ["resume", "--rerun", "\(run.step(of: command).ordinal)"]] {
            let later = try await PipelineProcess(words + [Self.journal], in: folder.path).outcome()
            #expect(later.exited(2), "\(words): \(later)")
            #expect(later.says("task-1 is canceled already"), "\(words)")
            #expect(later.output == [])
        }
        #expect(try folder.bytes(of: "\(Self.journal)/journal.jsonl") == journal)
        #expect(try run.tally(in: folder) == tally)
        #expect(try folder.digest(of: ".pipeline/task-1/workspace") == workspace)
    }

    @Test func `a run that waits for a decision is canceled too`() async throws {
        let run = try await GeneratedRun(seed: 8)
        let command = try #require(run.task.works.first { work in !work.isIdempotent })
        let folder = try await run.stopped(in: command, by: SIGKILL)
        #expect(try await folder.pipeline("resume", Self.journal).exited(3))

        let canceled = try await folder.pipeline("cancel", Self.journal)

        #expect(canceled.exited(2), "\(canceled)")
        #expect(try run.tally(in: folder)[command.name]?.count == 1)
        let shown = try await folder.pipeline("show", Self.journal)
        #expect(shown.output.last?.hasPrefix("canceled: ") == true)
        #expect(!shown.output.contains { line in line.hasPrefix("waits") })
    }

    @Test func `a completed run stays completed`() async throws {
        let folder = try WorkFolder()
        #expect(try await folder.pipeline("run", try folder.copyExample()).exited(0))
        let journal = try folder.bytes(of: "\(Self.journal)/journal.jsonl")

        let canceled = try await folder.pipeline("cancel", Self.journal)

        #expect(canceled.exited(0))
        #expect(canceled.says("completed already"))
        #expect(try folder.bytes(of: "\(Self.journal)/journal.jsonl") == journal)
    }
}
