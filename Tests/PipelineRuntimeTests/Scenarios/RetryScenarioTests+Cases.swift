import PipelineCore
import PipelineRunners
import PipelineRuntime
import PipelineTesting
import Testing

extension RetryScenarioTests {
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

    struct Oddity: Error {}

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
}
