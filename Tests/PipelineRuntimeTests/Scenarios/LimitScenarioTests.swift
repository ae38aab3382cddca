import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Every limit, by the rows of the vocabulary's table: what becomes of what is too much, and its event.
struct LimitScenarioTests {
    /// One limit, reached.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// A run `r` that has come to the limit.
        let bench: @Sendable () throws -> Bench
        /// The events `limit.reached` and `degraded`.
        let events: [String]
        /// What became of it, in the row's own words.
        let outcome: @Sendable (Bench) -> String
        let expected: String
    }

    @Test(arguments: gateway + reducer + budgets + [buffer])
    func `G8 every limit has its outcome and its event`(row: Row) throws {
        let bench = try row.bench()
        #expect(bench.limits == row.events)
        #expect(row.outcome(bench) == row.expected)
    }

    // MARK: Helpers

    typealias Work = @Sendable (Run.Execution, ProgressReporter) async throws -> Run.Result

    /// A run whose model uses 7 tokens and 9 of cost to ask for this work so many times.
    static func run(
        _ gateway: Gateway, calling count: Int = 1, _ change: (inout Template) -> Void = { _ in },
        _ work: @escaping Work
    ) -> Bench {
        var (gateway, template) = (gateway, Template.coding)
        change(&template)
        let calls = (1...count).map { number in Run.Call.once("\(number)", "work") }
        gateway.register(
            Strategy { execution in
                guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
                let usage = Run.Usage(tokensIn: 3, tokensOut: 4, cost: 9)
                return Run.Result(output: "Let me see.", calls: calls, usage: usage)
            })
        gateway.register(Crane("work", isIdempotent: true, work))
        let bench = Bench(gateway)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        return bench
    }
}
