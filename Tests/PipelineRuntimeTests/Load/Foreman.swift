import PipelineCore
import PipelineRuntime

/// A model that asks for work: up to six calls in each of three answers. One in ten of its own executions is trouble.
struct Foreman: StrategyRunner {
    let name = "code_generation"
    let labor: Labor

    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        var dice = labor.dice(for: execution.id)
        let trouble: [Labor.Deed] = [.mends, .streams, .waits, .ignores, .grumbles, .breaks, .hangs]
        if Int.random(in: 0..<10, using: &dice) == 0, let deed = trouble.randomElement(using: &dice) {
            _ = try await labor.carryOut(deed, execution, progress)
        }
        let turn = execution.arguments["turn"]?.integerValue ?? 0
        let isChild = execution.id.run.text.contains("/")
        guard turn <= (isChild ? 1 : 3) else { return Run.Result(output: "Done.") }
        let calls = (1...Int.random(in: 2...6, using: &dice)).map { number -> Run.Call in
            let deed = Labor.Deed.allCases.randomElement(using: &dice) ?? .done
            let isWorkflow = !isChild && Int.random(in: 0..<12, using: &dice) == 0
            guard !isWorkflow else {
                return Run.Call(id: "\(number)", name: "workflow.run.sub", arguments: ["task": "Dig."])
            }
            let name = Bool.random(using: &dice) ? "safe" : "once"
            let arguments: JSON = ["deed": .string(deed.rawValue), "turn": .integer(turn)]
            return Run.Call(id: "\(number)", name: name, arguments: arguments)
        }
        return Run.Result(output: "Let me see.", calls: calls)
    }
}
