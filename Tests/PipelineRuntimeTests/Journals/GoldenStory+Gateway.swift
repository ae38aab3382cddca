import PipelineCore
import PipelineRuntime
import PipelineTesting

extension GoldenStory {
    /// Who does the work in the story.
    ///
    /// - Parameter isStuck: whether some tools work until they are told to end, the first time that they are called.
    static func gateway(isStuck: Bool) throws -> Gateway {
        let policy = Policy { execution in
            switch execution.name {
            case "guarded": Run.Decision(.deny, rule: "näver", reason: "It is Friday.")
            case "write": Run.Decision(.ask, rule: "careful", reason: "It is outside.")
            default: Run.Decision(.allow, rule: "all")
            }
        }
        var gateway = Gateway(
            policy: policy,
            limits: try Gateway.Limits(output: 300, inlineArtifact: 40, reports: 3, artifacts: 4),
            capacity: try Capacity(2))
        gateway.register(Strategy { execution in answer(to: execution) })
        gateway.register(Strategy("planning") { execution in plan(execution) })
        gateway.register(Workflow("sub", "Digs elsewhere.", template: .coding))
        for tool in tools(isStuck: isStuck) { gateway.register(tool) }
        return gateway
    }

    /// What the model asks for, by run and turn; after the last of them it is done.
    private static let calls: [Run.ID: [[Run.Call]]] = [
        "r1": [
            [
                call("a", "look", ["é": "e\u{301}", "path": "/tmp/\u{1F980}"]),
                call("b", "write", ["to": "x"]),
                call("c", "build"), call("d", "chatty"), call("e", "guarded"), call("f", "none"),
                Run.Call(id: "", name: "look", arguments: "no object"),
            ],
            [call("g", "dig")], [call("h", "slow"), call("i", "dig")],
        ],
        "r4": [[call("a", "dig"), call("b", "look")]],
        "r5": [[call("a", "dig")]],
        "r6": [[call("a", "dig")]],
        "r9": [[call("a", "write")]],
        "w": [
            [call("a", "workflow.run.sub", ["task": "Dig \u{26CF}\u{FE0F}."]), call("b", "ship")]
        ],
        "w/3/1": [[call("a", "look")], [call("b", "pay", ["amount": numbers])]],
        "x": [[call("a", "dig")]],
        "y": [[call("a", "workflow.run.sub", ["task": "Again."])]],
        "y/3/1": [[call("a", "slow")]],
        "parked": [[call("a", "pay")]],
        "last": [[call("a", "look")], [call("b", "slow"), call("c", "pay")]],
    ]

    private static func call(_ id: String, _ name: String, _ arguments: JSON = [:]) -> Run.Call {
        Run.Call(id: id, name: name, arguments: arguments)
    }

    private static func answer(to execution: Run.Execution) -> Run.Result {
        let turn = Int(execution.arguments["turn"]?.integerValue ?? 1)
        let turns = calls[execution.id.run] ?? []
        let usage = Run.Usage(tokensIn: 1_000, tokensOut: 12, cost: 3)
        guard turns.indices.contains(turn - 1) else {
            return Run.Result(output: "Fertig \u{1F389}.", usage: usage)
        }
        return Run.Result(output: "Let me see.", calls: turns[turn - 1], usage: usage)
    }

    /// An answer that breaks a rule, and then one that keeps all.
    private static func plan(_ execution: Run.Execution) -> Run.Result {
        let isRepair = execution.arguments["turn"]?.integerValue ?? 1 > 1
        return Run.Result(
            output: isRepair ? .string("{\"goal\":\"g\",\"steps\":[\"ä\",1.50]}") : .string("{\"goal\":\"\"}")
        )
    }

    /// A tool that does as the story says.
    private struct Chore: ToolRunner {
        let declaration: ToolDeclaration
        var idempotent = false
        var afterwards: Run.Recovery?
        let work: @Sendable (Run.Execution, ProgressReporter) async throws -> Run.Result

        func isIdempotent(_ arguments: JSON) -> Bool { idempotent }
        func recovery(_ arguments: JSON) -> Run.Recovery? { afterwards }

        func probe(_ execution: Run.Execution, permit: consuming Permit) async throws -> Run.Result {
            Run.Result(output: "shipped", finding: .done)
        }

        func run(
            _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
        ) async throws -> Run.Result { try await work(execution, progress) }
    }

    private static func tools(isStuck: Bool) -> [Chore] {
        func chore(
            _ name: String, isIdempotent: Bool = false, recovery: Run.Recovery? = nil,
            _ work: @escaping @Sendable (Run.Execution, ProgressReporter) async throws -> Run.Result
        ) -> Chore {
            let declaration = ToolDeclaration(name: name, description: "", arguments: ["type": "object"])
            return Chore(
                declaration: declaration, idempotent: isIdempotent, afterwards: recovery, work: work)
        }
        @Sendable func wait(_ execution: Run.Execution) async throws -> Run.Result {
            if isStuck, execution.id.attempt == 1 { return try await untilCancelled() }
            return Run.Result(output: ["done": true, "numbers": numbers])
        }
        return [
            chore("look", isIdempotent: true) { execution, progress in
                await progress("looking\u{0}\u{2028}\u{1F469}\u{200D}\u{1F4BB}")
                guard execution.id.run != "r1" || execution.id.attempt > 1 else {
                    throw Run.Failure(
                        .validation, "reset", isRetryable: true, code: "503", details: numbers,
                        retryAfter: 700, usage: Run.Usage(cost: 1))
                }
                return Run.Result(output: .string(String(repeating: "ä\u{1F980}", count: 400)))
            },
            chore("build") { _, _ in Run.Result(output: nil, artifacts: artifacts) },
            chore("chatty") { _, progress in
                for part in 1...4 { await progress("part \(part)") }
                return try await untilCancelled()
            },
            chore("write") { _, _ in Run.Result(output: "written") },
            chore("guarded") { _, _ in Run.Result(output: "never") },
            chore("dig") { execution, _ in try await wait(execution) },
            chore("slow", isIdempotent: true) { execution, _ in try await wait(execution) },
            chore("pay") { execution, _ in try await wait(execution) },
            chore("ship", recovery: .probe) { execution, _ in try await wait(execution) },
        ]
    }

    private static let artifacts = [
        Run.Artifact(name: "large", mediaType: "x", content: [UInt8](repeating: 7, count: 50)),
        Run.Artifact(name: "bits", mediaType: "application/octet-stream", content: [0, 0xFF, 0xC3, 0x28]),
        Run.Artifact(name: "re\u{301}sume\u{301}.txt", mediaType: "text/plain", content: Array("é\n".utf8)),
        Run.Artifact(name: "one too many", mediaType: "x", content: [1]),
        Run.Artifact(name: "two too many", mediaType: "x", content: [2]),
    ]

    /// Every kind of number that JSON can hold.
    static let numbers: JSON =
        (try? JSON(
            parsing: """
                {"big":123456789012345678901234567890,"max":9223372036854775807,"min":-9223372036854775808,
                "over":9223372036854775808,"huge":1e300,"tiny":5e-324,"half":0.5,"minus":-0.0,"list":[1e21,-7,1E-7]}
                """)) ?? .null
}
