import PipelineCore
import PipelineRunners
import PipelineRuntime
import PipelineTesting
import Testing

/// Who is tried again, after what, how often and after which pauses.
@Suite(.timeLimit(.minutes(2)))
struct RetryScenarioTests {
    /// One way to fail, every time anew, and what comes of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// Puts the failing strategy, tool or command into a gateway.
        let worker: @Sendable (inout Gateway) -> Void
        /// The news of an attempt at which its time is over, where it never ends by itself.
        var sign: Run.Execution.Lifecycle?
        let attempts: [String]
        var pauses: [Run.Milliseconds] = []
        let run: String

        var testDescription: String { name }

        /// A model that is asked three times at most.
        static func strategy(
            _ name: String, _ error: any Error, _ category: Run.Failure.Category, times: Int = 1,
            pauses: [Run.Milliseconds] = []
        ) -> Case {
            Case(
                name: "strategy \(name)", worker: { $0.register(Strategy { _ in throw error }) },
                attempts: (1...times).map { number in "\(number) failed \(category.rawValue)" },
                pauses: pauses, run: "failed \(category.rawValue)")
        }

        /// A tool whose failure the model is told.
        static func tool(
            _ name: String, isIdempotent: Bool, _ category: Run.Failure.Category, times: Int = 1,
            calling call: JSON = [:], sign: Run.Execution.Lifecycle? = nil,
            work: @escaping @Sendable () async throws -> Run.Result
        ) -> Case {
            Case(
                name: "\(isIdempotent ? "repeatable" : "other") tool \(name)",
                worker: { gateway in
                    let schema: JSON = ["type": "object", "properties": ["a": ["type": "string"]]]
                    gateway.register(Plan(calls: [Run.Call(id: "1", name: "work", arguments: call)]))
                    gateway.register(
                        Tool("work", "", arguments: schema, isIdempotent: isIdempotent) { _ in
                            try await work().output
                        })
                },
                sign: sign, attempts: (1...times).map { number in "\(number) failed \(category.rawValue)" },
                pauses: Array([100, 200].prefix(times - 1)), run: "completed")
        }

        /// A real program.
        static func command(
            _ name: String, _ arguments: [String], sign: Run.Execution.Lifecycle? = nil, _ attempts: [String]
        ) -> Case {
            Case(
                name: "repeatable command \(name)",
                worker: { gateway in
                    gateway.register(Plan(calls: [.once("1", "command.run.work")]))
                    gateway.register(
                        CommandRunner(
                            "work", "", arguments: arguments,
                            in: CommandEnvironment(directory: "/", variables: ["PATH": "/usr/bin:/bin"]),
                            isIdempotent: true))
                },
                sign: sign, attempts: attempts, pauses: Array([100, 200].prefix(attempts.count - 1)),
                run: "completed")
        }
    }

    private struct Oddity: Error {}

    static let strategies: [Case] = [
        .strategy("401", Run.Failure(httpStatus: 401, "No such key."), .auth),
        .strategy("403", Run.Failure(httpStatus: 403, "Not for you."), .auth),
        .strategy(
            "408", Run.Failure(httpStatus: 408, "Too slow."), .startToClose, times: 3, pauses: [100, 200]),
        .strategy("422", Run.Failure(httpStatus: 422, "No such option."), .provider),
        .strategy(
            "429 with Retry-After", Run.Failure(httpStatus: 429, "Slow down.", retryAfter: 9_000), .provider,
            times: 3, pauses: [9_000, 9_000]),
        .strategy("503", Run.Failure(httpStatus: 503, "Full."), .provider, times: 3, pauses: [100, 200]),
        .strategy("refused", Run.Failure(.transport, "refused"), .transport, times: 3, pauses: [100, 200]),
        .strategy("reset", Run.Failure(.transport, "reset"), .transport, times: 3, pauses: [100, 200]),
        .strategy("unparsable", Run.Failure(.provider, "no JSON"), .provider, times: 3, pauses: [100, 200]),
        .strategy("thrown", Oddity(), .unknown),
    ]

    static let tools: [Case] = [true, false].flatMap { (isIdempotent: Bool) -> [Case] in
        let times = isIdempotent ? 3 : 1
        return [
            .tool("thrown", isIdempotent: isIdempotent, .unknown) { throw Oddity() },
            .tool("reset", isIdempotent: isIdempotent, .transport, times: times) {
                throw Run.Failure(.transport, "reset")
            },
            .tool("crashed", isIdempotent: isIdempotent, .crashed, times: times) {
                throw Run.Failure(.crashed, "gone")
            },
            .tool("invalid arguments", isIdempotent: isIdempotent, .validation, calling: ["a": 1]) {
                Run.Result(output: "never")
            },
            .tool("timeout", isIdempotent: isIdempotent, .startToClose, times: times, sign: .started) {
                try await untilCancelled()
            },
        ]
    }

    static let commands: [Case] = [
        .command("missing program", ["no-such-program"], ["1 failed config"]),
        .command("exit 1", ["sh", "-c", "exit 1"], ["1 completed"]),
        .command("signal", ["sh", "-c", "kill -KILL $$"], ["1 completed"]),
        .command(
            "timeout", ["sh", "-c", "echo begun; exec sleep 1000"], sign: .progress,
            (1...3).map { number in "\(number) failed startToClose" }),
    ]

    @Test(arguments: strategies + tools + commands)
    func `G5 attempts, categories, pauses and what the run comes to`(failing: Case) async throws {
        var gateway = Gateway.open()
        failing.worker(&gateway)
        let ordinal = failing.name.hasPrefix("strategy") ? 2 : 3
        let events = try await gateway.course { _, clock, event in
            guard let news = event.execution, news.id.ordinal == ordinal,
                news.change.lifecycle == failing.sign
            else { return }
            clock.advance(by: 600_000)
        }
        #expect(events.endings(ofStep: ordinal) == failing.attempts)
        #expect(events.pauses == failing.pauses)
        #expect(events.outcome == failing.run)
        let status: Run.Step.Status =
            failing.attempts.last?.hasSuffix("completed") == true ? .completed : .failed
        #expect(events.lastChange(ofStep: ordinal)?.status == status)
    }

    @Test(arguments: [("exit 1", "exitCode", 1), ("signal", "signal", 9)] as [(String, String, JSON)])
    func `G5 a command that ran has completed, however it ended, and says how`(
        name: String, member: String, value: JSON
    ) async throws {
        let ran = try #require(RetryScenarioTests.commands.first { ran in ran.name.hasSuffix(name) })
        var gateway = Gateway.open()
        ran.worker(&gateway)
        let events = try await gateway.course()
        let result = events.compactMap { event in
            event.tells(.completed, of: .r(3, 1)) ? event.execution?.change.result : nil
        }.first
        #expect(result?.output[member] == value)
    }

    @Test(arguments: [true, false]) func `G5 a failure that passes leaves no trace but its attempts`(
        isStrategy: Bool
    ) async throws {
        let asked = Log<Int>()
        let work: @Sendable () throws -> Void = {
            asked.append(1)
            if asked.entries.count < 3 { throw Run.Failure(httpStatus: 503, "Full.") }
        }
        var gateway = Gateway.open()
        if isStrategy {
            gateway.register(
                Strategy { _ in
                    try work()
                    return Run.Result(output: "Done.")
                })
        } else {
            gateway.register(.model(calling: "work"))
            gateway.register(
                Tool("work", "", isIdempotent: true) { _ in
                    try work()
                    return "done"
                })
        }
        let events = try await gateway.course()
        #expect(
            events.endings(ofStep: isStrategy ? 2 : 3)
                == ["1 failed provider", "2 failed provider", "3 completed"])
        #expect(events.pauses == [100, 200] && events.outcome == "completed")
    }

    @Test(
        arguments: [
            ("strategy", false, [1, 2], "completed"), ("repeatable", false, [1, 2], "completed"),
            ("other", false, [1], nil), ("other", true, [1], "completed"),
        ] as [(String, Bool, [Int], String?)])
    func `G5 an engine that crashes in the middle goes by what may run twice, and counts no try`(
        worker: String, isUnattended: Bool, attempts: [Int], outcome: String?
    ) throws {
        let began = Log<Run.Execution>()
        var gateway = Gateway.open()
        let work: @Sendable (Run.Execution) async throws -> Run.Result = { execution in
            began.append(execution)
            return execution.id.attempt == 1 ? try await untilCancelled() : Run.Result(output: "Done.")
        }
        if worker == "strategy" {
            gateway.register(Strategy(body: work))
        } else {
            gateway.register(Plan(calls: [.once("1", "work")]))
            gateway.register(
                Crane("work", isIdempotent: worker == "repeatable") { execution, _ in
                    try await work(execution)
                })
        }
        let first = Bench(gateway)
        first.request(.userMessage(Run.Request("Do it.", isUnattended: isUnattended)), id: "r")
        let bench = Bench(gateway, journal: SpyJournal(first.journal.records))
        let ordinal = worker == "strategy" ? 2 : 3
        let gates = bench.state()?.active?.gates.map(\.kind) ?? []
        #expect(began.entries.map(\.id.attempt) == attempts)
        #expect(Set(began.entries.map(\.idempotencyKey)) == ["r/\(ordinal)"])
        #expect(
            bench.endings.first { line in line.hasPrefix("r/\(ordinal)/1") }
                == "r/\(ordinal)/1 failed outcomeUnknown")
        #expect(bench.outcome == outcome)
        #expect(gates == (outcome == nil ? [.confirmation] : []))
        if isUnattended { #expect(bench.outcome(ofStep: 3) == "failed outcomeUnknown") }
        #expect(bench.state()?.active?.step(3)?.tries ?? 0 == 0)
    }
}
