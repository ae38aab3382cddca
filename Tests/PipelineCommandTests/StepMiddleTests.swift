import CPipelineSystem
import PipelineCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Stops tasks that nobody has seen before in the exact middle of each step, and goes on.
@Suite("Stopping in the middle of a step", .serialized, .timeLimit(.minutes(3)))
struct StepMiddleTests {
    private static let journal = GeneratedRun.journal

    @Test(arguments: GeneratedRun.seeds)
    func `a generated task is mended by every command once`(seed: UInt64) async throws {
        let run = try await GeneratedRun(seed: seed)

        let last = try #require(try await run.folder.pipeline("show", Self.journal).output.last)
        #expect(last.hasSuffix(", \(run.task.tokensIn) tokens in, \(run.task.tokensOut) out"))
        let artifact = run.timeline.events.last?["artifact"]
        let codes = artifact?["commands"]?.arrayValue?.compactMap { command in
            command["exitCode"]?.integerValue
        }
        #expect(codes == [1] + run.task.works.map { _ in 0 } + [0])
        try run.folder.copy(run.folder["task/workspace"], to: "again")
        #expect(try run.folder.digest(of: "again") != run.workspace)
    }

    @Test(arguments: GeneratedRun.seeds, [SIGINT, SIGKILL])
    func `a strategy that is cut off speaks again, and nothing else happens twice`(
        seed: UInt64, signal: CInt
    ) async throws {
        let run = try await GeneratedRun(seed: seed)
        let strategies = run.timeline.steps.filter { step in step.kind == "llm" }
        await Sweep.run(over: strategies.enumerated()) { turn, step in
            let trigger = Trigger(signal, after: [Trigger.attempt("progress", of: step.ordinal)])
            let folder = try await run.stopped(pausingIn: turn + 1, by: trigger, signal)

            try folder.write(run.task.transcript(), to: ".pipeline/task-1/transcript.jsonl")
            let resumed = try await folder.pipeline("resume", Self.journal)

            #expect(resumed.exited(0), "step \(step.ordinal): \(resumed)")
            let timeline = try await run.expectSameResult(in: folder, "step \(step.ordinal)")
            for other in strategies {
                let attempts = other == step ? 2 : 1
                #expect(timeline.attempts(of: other.ordinal, "started").count == attempts)
            }
        }
    }

    @Test(arguments: GeneratedRun.seeds, [SIGINT, SIGKILL])
    func `an idempotent command that is cut off runs exactly twice, the others once`(
        seed: UInt64, signal: CInt
    ) async throws {
        let run = try await GeneratedRun(seed: seed)
        await Sweep.run(over: run.task.commands.filter(\.isIdempotent)) { command in
            let folder = try await run.stopped(in: command, by: signal)
            #expect(try run.tally(in: folder)[command.name]?.count == 1)

            let resumed = try await folder.pipeline("resume", Self.journal)

            #expect(resumed.exited(0), "\(command): \(resumed)")
            let timeline = try await run.expectSameResult(in: folder, twice: command, "\(command)")
            let end = signal == SIGINT ? "canceled" : "failed"
            #expect(timeline.attempts(of: run.step(of: command).ordinal, end) == [1])
        }
    }

    @Test(arguments: GeneratedRun.seeds, [SIGINT, SIGKILL])
    func `a command that is not idempotent asks, and runs again exactly if told to`(
        seed: UInt64, signal: CInt
    ) async throws {
        let run = try await GeneratedRun(seed: seed)
        let commands = run.task.commands.filter { command in !command.isIdempotent }
        await Sweep.run(over: commands.flatMap { command in [(command, true), (command, false)] }) {
            command, isRerun in
            let folder = try await run.stopped(in: command, by: signal)
            let step = run.step(of: command)

            for _ in 1...2 {
                let asked = try await folder.pipeline("resume", Self.journal)
                #expect(asked.exited(3), "\(command): \(asked)")
                #expect(asked.says("Step \(step.ordinal) (\(step.name)) was cut off"))
                #expect(asked.says("--rerun \(step.ordinal)", "--skip"))
                let tally = try run.tally(in: folder)
                #expect(tally[command.name]?.count == 1)
                #expect(tally[run.task.green.name] == nil)
                let timeline = try await Timeline(of: Self.journal, in: folder)
                #expect(timeline.attempts(of: step.ordinal, "requested") == [1])
            }
            let shown = try await folder.pipeline("show", Self.journal)
            #expect(shown.output.contains { line in line.hasPrefix("waits    step \(step.ordinal) (") })

            let decided = try await folder.pipeline(
                "resume", Self.journal, isRerun ? "--rerun" : "--skip", "\(step.ordinal)")
            #expect(decided.exited(0), "\(command): \(decided)")
            if isRerun {
                try await run.expectSameResult(in: folder, twice: command, "\(command) again")
            } else {
                try await run.expectSameResult(in: folder, skipping: command, "\(command) skipped")
            }
        }
    }

    @Test func `a second Ctrl-C does not wait for a command that ignores the first`() async throws {
        let folder = try WorkFolder()
        let task = try folder.copyExample()
        let script = """
            printf '%s\\n' $$ >> ../tally
            if [ -e ../../../hold ]; then
                trap '' TERM
                printf 'holding\\n'
                read -r answer < ../../../gate
            fi

            """
        try folder.write(
            script + (try folder.text(of: "\(task)/workspace/test.sh")), to: "\(task)/workspace/test.sh")
        try folder.write("", to: "hold")
        try folder.makeGate("gate")

        let stopped = try await folder.pipeline("run", "--json", task) { line in
            line.text.contains("\"delta\":\"holding") || line.text.contains("Press Ctrl-C again")
                ? SIGINT : nil
        }

        #expect(stopped.exited(3), "\(stopped)")
        #expect(stopped.errors.count { line in line.contains("Press Ctrl-C again") } == 1, "\(stopped)")
        #expect(stopped.says("Interrupting", "Not waiting any longer", "resume \(Self.journal)"))
        folder.remove("hold")
        try await Orphan.end(try folder.text(of: ".pipeline/task-1/tally"))
        let resumed = try await folder.pipeline("resume", Self.journal)
        #expect(resumed.exited(0), "\(resumed)")
        #expect(try folder.text(of: ".pipeline/task-1/tally").split(separator: "\n").count == 3)
        let fixed = try folder.text(of: ".pipeline/task-1/workspace/slug.sh")
        #expect(fixed.contains("s/--*/-/g"))
    }
}
