import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A run goes on in its own folder, wherever its journal is kept.
@Suite("The place of a journal", .serialized, .timeLimit(.minutes(2)))
struct JournalPlaceTests {
    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    @Test func `a journal among the task's own files leaves the original workspace alone`() async throws {
        let task = try folder.copyPausingExample()
        try folder.copy(folder["\(task)/workspace"], to: "original")
        let journal = "\(task)/journal"
        let trigger = Trigger(SIGINT, after: [Trigger.attempt("progress", of: 2)])
        let stopped = try await folder.pipeline(
            "run", task, "--json", "--journal", journal, reacting: trigger.reaction)
        try #require(stopped.exited(3), "\(stopped)")
        for place in [task, ".pipeline/task-1"] { try folder.endPause(in: "\(place)/transcript.jsonl") }

        let resumed = try await folder.pipeline("resume", journal)

        #expect(resumed.exited(0), "\(resumed)")
        #expect(try folder.digest(of: "\(task)/workspace") == folder.digest(of: "original"))
        #expect(try folder.text(of: ".pipeline/task-1/workspace/slug.sh").contains("s/--*/-/g"))
    }

    @Test func `a journal in the folder of another run leaves that run's workspace alone`() async throws {
        let task = try folder.copyPausingExample()
        let other = try folder.copyExample(as: "other")
        #expect(try await folder.pipeline("run", other).exited(0))
        let workspace = ".pipeline/other-1/workspace"
        folder.remove(workspace)
        try folder.copy(folder["\(other)/workspace"], to: workspace)
        let before = try folder.digest(of: workspace)
        let journal = ".pipeline/other-1/second"
        let trigger = Trigger(SIGINT, after: [Trigger.attempt("progress", of: 2)])
        let stopped = try await folder.pipeline(
            "run", task, "--json", "--journal", journal, reacting: trigger.reaction)
        try #require(stopped.exited(3), "\(stopped)")
        try folder.endPause(in: ".pipeline/task-1/transcript.jsonl")

        let resumed = try await folder.pipeline("resume", journal)

        #expect(resumed.exited(0), "\(resumed)")
        #expect(try folder.digest(of: workspace) == before)
        #expect(try folder.text(of: ".pipeline/task-1/workspace/slug.sh").contains("s/--*/-/g"))
    }

    @Test func `a run whose folder is gone cannot be resumed, and says what is missing`() async throws {
        let task = try folder.copyPausingExample()
        let trigger = Trigger(SIGKILL, after: [Trigger.attempt("progress", of: 2)])
        let killed = try await folder.pipeline(
            "run", task, "--json", "--journal", "kept/journal", reacting: trigger.reaction)
        try #require(killed.ending == .signaled(SIGKILL), "\(killed)")
        let journal = try folder.bytes(of: "kept/journal/journal.jsonl")
        folder.remove(".pipeline")

        let resumed = try await folder.pipeline("resume", "kept/journal")

        #expect(resumed.exited(65), "\(resumed)")
        #expect(resumed.says("folder is gone", "\(folder.path)/.pipeline/task-1"))
        #expect(try folder.bytes(of: "kept/journal/journal.jsonl") == journal)
    }
}
