import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A generated task and how it went without a stop: what stopped runs of it must come to.
struct GeneratedRun: Sendable {
    static let seeds: [UInt64] = [1, 20_260_101]
    static let journal = ".pipeline/task-1/journal"
    private static let place = ".pipeline/task-1/workspace"

    let task: GeneratedTask
    let folder: WorkFolder
    let timeline: Timeline
    let workspace: ContentDigest

    init(seed: UInt64) async throws {
        task = GeneratedTask(seed: seed)
        folder = try WorkFolder()
        try task.write(to: folder)
        let ran = try await folder.pipeline("run", "--json", "task")
        try #require(ran.exited(0), "seed \(seed): \(ran)")
        timeline = try Timeline(ran.output)
        workspace = try folder.digest(of: GeneratedRun.place)
        expectCompletedOnce(timeline, like: timeline, "seed \(seed)")
        #expect(try tally(in: folder).mapValues(\.count) == expectedTally())
    }

    /// The step of a command.
    func step(of command: GeneratedTask.Command) -> Timeline.Step {
        timeline.steps.first { step in step.name == "command.run.\(command.name)" }
            ?? Timeline.Step(ordinal: 0, kind: "", name: "")
    }

    /// The processes that each command was, in order.
    func tally(in folder: WorkFolder) throws -> [String: [pid_t]] {
        let file = ".pipeline/task-1/tally"
        guard folder.exists(file) else { return [:] }
        var tally: [String: [pid_t]] = [:]
        for line in try folder.text(of: file).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let name = words.first, let process = words.last.flatMap({ word in pid_t(word) }) else {
                throw HarnessError("The tally has a line that is not whole: \(line)")
            }
            tally[String(name), default: []].append(process)
        }
        return tally
    }

    /// Starts a fresh run, whose strategy pauses in a turn if one is named, and stops it by a trigger.
    func stopped(pausingIn turn: Int? = nil, by trigger: Trigger, _ signal: CInt) async throws -> WorkFolder {
        let folder = try WorkFolder()
        try task.write(to: folder, pausingIn: turn)
        return try await stop(folder, by: trigger, signal)
    }

    /// Starts a fresh run and stops it when this command is at work and all others of its round are done.
    func stopped(in command: GeneratedTask.Command, by signal: CInt) async throws -> WorkFolder {
        let folder = try WorkFolder()
        try task.write(to: folder)
        try folder.write("", to: "hold-\(command.name)")
        let own = step(of: command)
        let others = round(of: own).filter { step in step != own }
        let trigger = Trigger(
            signal,
            after: [["\"delta\":\"holding \(command.name)"]]
                + others.map { step in Trigger.completion(of: step.ordinal) })
        _ = try await stop(folder, by: trigger, signal)
        folder.remove("hold-\(command.name)")
        for process in try tally(in: folder)[command.name] ?? [] { try await Orphan.end("\(process)") }
        return folder
    }

    private func stop(_ folder: WorkFolder, by trigger: Trigger, _ signal: CInt) async throws -> WorkFolder {
        let ran = try await folder.pipeline("run", "--json", "task", reacting: trigger.reaction)
        try #require(trigger.hasFired, "\(ran)")
        #expect(ran.ending == (signal == SIGINT ? .exited(3) : .signaled(signal)), "\(ran)")
        return folder
    }

    /// The calls of one answer.
    private func round(of step: Timeline.Step) -> [Timeline.Step] {
        let strategies = timeline.steps.filter { step in step.kind == "llm" }.map(\.ordinal)
        let first = strategies.last { ordinal in ordinal < step.ordinal } ?? 0
        let next = strategies.first { ordinal in ordinal > step.ordinal } ?? .max
        return timeline.steps.filter { step in step.ordinal > first && step.ordinal < next }
    }

    private func expectedTally(twice command: GeneratedTask.Command? = nil) -> [String: Int] {
        var tally: [String: Int] = [:]
        for other in task.commands { tally[other.name] = other == command ? 2 : 1 }
        return tally
    }

    /// Checks that a resumed run came to what an uninterrupted one comes to, and how often each command ran.
    ///
    /// - Parameter skipped: the command whose effect is missing; it did not get to it.
    @discardableResult
    func expectSameResult(
        in folder: WorkFolder, twice: GeneratedTask.Command? = nil,
        skipping skipped: GeneratedTask.Command? = nil,
        _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Timeline {
        let timeline = try await Timeline(of: GeneratedRun.journal, in: folder)
        expectCompletedOnce(
            timeline, like: self.timeline, skipping: skipped.map { command in step(of: command).ordinal },
            comment,
            sourceLocation: sourceLocation)
        let tally = try tally(in: folder).mapValues(\.count)
        #expect(tally == expectedTally(twice: twice), comment, sourceLocation: sourceLocation)
        for command in task.commands {
            let begun = timeline.attempts(of: step(of: command).ordinal, "started").count
            #expect(tally[command.name] == begun, comment, sourceLocation: sourceLocation)
        }
        if let file = skipped?.makes {
            #expect(!folder.exists("\(GeneratedRun.place)/\(file)"), comment, sourceLocation: sourceLocation)
            try folder.write(
                try self.folder.bytes(of: "\(GeneratedRun.place)/\(file)"),
                to: "\(GeneratedRun.place)/\(file)")
        }
        #expect(
            try folder.digest(of: GeneratedRun.place) == workspace, comment, sourceLocation: sourceLocation)
        return timeline
    }
}
