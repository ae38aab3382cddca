import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The example as it is shipped, with its pauses between words: stopped at the start and in the middle of each step.
@Suite("Stopping the example", .serialized, .timeLimit(.minutes(2)))
struct ExampleStopTests {
    private static let journal = ".pipeline/fix-the-test-1/journal"
    private static let workspace = ".pipeline/fix-the-test-1/workspace"

    private struct Place: Sendable {
        let step: Timeline.Step
        let lines: [Trigger.Pattern]
    }

    @Test(arguments: [SIGINT, SIGKILL])
    func `stopped at the start or in the middle of any step, it comes to the same workspace`(
        signal: CInt
    ) async throws {
        let folder = try WorkFolder()
        let ran = try await folder.pipeline("run", "--json", WorkFolder.example)
        try #require(ran.exited(0), "\(ran)")
        let uninterrupted = try Timeline(ran.output)
        let expected = try folder.digest(of: Self.workspace)

        var places: [Place] = []
        for step in uninterrupted.steps where step.kind != "system" {
            let start = Trigger.attempt("started", of: step.ordinal)
            places.append(Place(step: step, lines: [start]))
            let parts = uninterrupted.attempts(of: step.ordinal, "progress").count
            guard parts > 0 else { continue }
            let part = Trigger.attempt("progress", of: step.ordinal)
            let half = step.kind == "llm" ? (parts + 1) / 2 : 1
            places.append(Place(step: step, lines: Array(repeating: part, count: half)))
        }
        #expect(places.count == 14)
        await Sweep.run(over: places, at: 6) { place in
            let about: Comment = "step \(place.step.ordinal), after \(place.lines.count) lines"
            let folder = try WorkFolder()
            let trigger = Trigger(signal, after: place.lines)
            let stopped = try await folder.pipeline(
                "run", "--json", WorkFolder.example, reacting: trigger.reaction)
            #expect(trigger.hasFired, about)
            // On a machine that is busy enough, the run may have been completed before the signal came.
            let ending: Outcome.Ending = signal == SIGINT ? .exited(3) : .signaled(SIGKILL)
            #expect(stopped.ending == ending || stopped.exited(0), "\(about.rawValue): \(stopped)")
            var resumed = try await folder.pipeline("resume", Self.journal)
            if signal == SIGKILL, place.step.name == "edit_file", resumed.exited(3) {
                #expect(resumed.says("Step \(place.step.ordinal) (edit_file) was cut off"), about)
                // The transcript knows of an edit that succeeded: a person takes back what happened of it.
                try folder.copy("\(WorkFolder.example)/workspace", to: "original")
                folder.remove(Self.workspace)
                try folder.copy(folder["original"], to: Self.workspace)
                resumed = try await folder.pipeline(
                    "resume", Self.journal, "--rerun", "\(place.step.ordinal)")
            }
            #expect(resumed.exited(0), "\(about.rawValue): \(resumed)")
            let timeline = try await Timeline(of: Self.journal, in: folder)
            expectCompletedOnce(timeline, like: uninterrupted, about)
            #expect(timeline.attempts(of: place.step.ordinal, "requested").count <= 2, about)
            #expect(try folder.digest(of: Self.workspace) == expected, about)
        }
    }
}
