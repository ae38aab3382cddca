import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Stops the example after each line of its events, and goes on.
///
/// The model says three words a turn, so that nearly every line is another kind of moment.
@Suite("Stopping after every event", .serialized, .timeLimit(.minutes(3)))
struct StopSweepTests {
    /// The example, run without a stop: what every other run must come to.
    private struct Reference: Sendable {
        let lines: Int
        let timeline: Timeline
        let workspace: ContentDigest
        let edit: Int
    }

    private static let journal = ".pipeline/task-1/journal"
    private static let workspace = ".pipeline/task-1/workspace"

    private static let terse: @Sendable (String) -> String = { text in
        let turns = text.split(separator: "\n").map { line -> String in
            guard var turn = (try? JSON(parsing: String(line)))?.objectValue else { return String(line) }
            let words = turn["text"]?.stringValue?.split(separator: " ") ?? []
            turn["text"] = .string(words.prefix(3).joined(separator: " "))
            return JSON.object(turn).description
        }
        return turns.joined(separator: "\n") + "\n"
    }

    /// Besides, accepts that an edit whose outcome nobody knew is reported as failed.
    private static let lenient: @Sendable (String) -> String = { text in
        terse(text).replacing(
            "\"expects\":[{\"name\":\"edit_file\",\"output\":{\"path\":\"slug.sh\"}}],", with: "")
    }

    private func reference() async throws -> Reference {
        let folder = try WorkFolder()
        let ran = try await folder.pipeline("run", "--json", try folder.copyExample(editing: Self.terse))
        try #require(ran.exited(0), "\(ran)")
        let timeline = try Timeline(ran.output)
        expectCompletedOnce(timeline, like: timeline, "uninterrupted")
        let edit = try #require(timeline.steps.first { step in step.name == "edit_file" })
        let transcript = try folder.text(of: "task/transcript.jsonl")
        try #require(Self.lenient(transcript) != transcript)
        return Reference(
            lines: ran.output.count, timeline: timeline, workspace: try folder.digest(of: Self.workspace),
            edit: edit.ordinal)
    }

    @Test func `SIGINT after any event interrupts, and resume completes without repeating a step`()
        async throws
    {
        let reference = try await reference()
        await Sweep.run(over: 1...reference.lines) { place in
            let after: Comment = "after line \(place)"
            let folder = try WorkFolder()
            let stopped = try await folder.pipeline(
                "run", "--json", try folder.copyExample(editing: Self.terse)
            ) { line in
                line.stream == .output && line.number == place ? SIGINT : nil
            }
            var printed = stopped.output
            if stopped.exited(3) {
                #expect(stopped.says("Interrupting", "nothing is lost", "resume \(Self.journal)"), after)
                let resumed = try await folder.pipeline("resume", "--json", Self.journal)
                #expect(resumed.exited(0), "\(after.rawValue): \(resumed)")
                printed += resumed.output
            } else {
                #expect(stopped.exited(0), "\(after.rawValue): \(stopped)")
            }
            let shown = try await folder.pipeline("show", "--json", Self.journal)
            let timeline = try Timeline(shown.output)
            expectCompletedOnce(timeline, like: reference.timeline, after)
            expectTold(printed, by: shown.output, after)
            let stops = stopped.exited(3) ? 1 : 0
            #expect(timeline.count("conversation.run.interrupted") == stops, after)
            #expect(timeline.count("conversation.run.resumed") == stops, after)
            #expect(try folder.digest(of: Self.workspace) == reference.workspace, after)
        }
    }

    @Test func `SIGKILL after any event loses nothing, and only the edit asks`() async throws {
        let reference = try await reference()
        await Sweep.run(over: 1...reference.lines) { place in
            let after: Comment = "after line \(place)"
            let folder = try WorkFolder()
            let task = try folder.copyExample(editing: Self.lenient)
            let killed = try await folder.pipeline("run", "--json", task) { line in
                line.stream == .output && line.number == place ? SIGKILL : nil
            }
            var resumed = try await folder.pipeline("resume", "--json", Self.journal)
            let wasCompleted = resumed.says("completed already")
            #expect(killed.ending == .signaled(SIGKILL) || killed.exited(0) && wasCompleted, after)
            var printed = killed.output + resumed.output
            var takenUp = wasCompleted ? 0 : 1
            var skipped: Int?
            if resumed.exited(3) {
                #expect(resumed.says("Step \(reference.edit) (edit_file) was cut off"), after)
                let isEdited = try Self.isEdited(folder)
                if isEdited { skipped = reference.edit }
                resumed = try await folder.pipeline(
                    "resume", "--json", Self.journal, isEdited ? "--skip" : "--rerun", "\(reference.edit)")
                printed += resumed.output
                takenUp += 1
            }
            #expect(resumed.exited(0), "\(after.rawValue): \(resumed)")
            let shown = try await folder.pipeline("show", "--json", Self.journal)
            let timeline = try Timeline(shown.output)
            expectCompletedOnce(timeline, like: reference.timeline, skipping: skipped, after)
            expectTold(printed, by: shown.output, after)
            #expect(timeline.count("conversation.engine.restarted") == takenUp, after)
            #expect(try folder.digest(of: Self.workspace) == reference.workspace, after)
        }
    }

    /// What a person who is asked would look for.
    private static func isEdited(_ folder: WorkFolder) throws -> Bool {
        try folder.text(of: "\(workspace)/slug.sh").contains("s/--*/-/g")
    }

    @Test(arguments: [SIGINT, SIGKILL])
    func `stopped again and again, a run still completes each step once`(signal: CInt) async throws {
        let reference = try await reference()
        let folder = try WorkFolder()
        let task = try folder.copyExample(editing: Self.lenient)
        var skipped: Int?
        var words = ["run", "--json", task]
        var rounds = 0
        while rounds < 100 {
            rounds += 1
            // Each round goes a little further than the last one, or no answer would ever be whole.
            let place = 6 * rounds
            let round = try await PipelineProcess(words, in: folder.path) { line in
                line.stream == .output && line.number == place ? signal : nil
            }.outcome()
            words = ["resume", "--json", Self.journal]
            if round.exited(0) { break }
            #expect(round.ending == (signal == SIGINT ? .exited(3) : .signaled(SIGKILL)) || round.exited(3))
            if round.says("Step \(reference.edit) (edit_file) was cut off") {
                let isEdited = try Self.isEdited(folder)
                if isEdited { skipped = reference.edit }
                words += [isEdited ? "--skip" : "--rerun", "\(reference.edit)"]
            }
        }
        #expect(rounds > 2)
        let timeline = try await Timeline(of: Self.journal, in: folder)
        expectCompletedOnce(timeline, like: reference.timeline, skipping: skipped, "\(rounds) rounds")
        #expect(try folder.digest(of: Self.workspace) == reference.workspace)
    }

    /// Checks that no event was printed twice, and that each is what the journal says, in its order.
    private func expectTold(_ printed: [String], by shown: [String], _ comment: Comment) {
        var rest = shown[...]
        for line in printed {
            let place = rest.firstIndex(of: line)
            #expect(place != nil, "\(comment.rawValue): \(line)")
            rest = rest[((place ?? rest.startIndex - 1) + 1)...]
        }
    }
}
