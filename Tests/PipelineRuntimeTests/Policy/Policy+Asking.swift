import PipelineCore

@testable import PipelineRuntime

extension Policy {
    /// What the policy says to one call of a tool that touches this.
    func decision(
        on name: String = "tool", _ arguments: JSON = [:], kind: Run.Execution.Kind = .tool,
        mode: String = "coding", touches: [ToolDeclaration.Place]? = [], environment: [String] = [],
        approval: Run.Approval? = nil
    ) -> Run.Decision {
        let execution = Run.Execution(
            id: .r(2, 1), kind: kind, name: name, arguments: arguments, mode: mode, approval: approval,
            correlation: "r", cause: "r")
        let tool = Touching(name: name, touches: touches, environment: environment)
        return decide(
            execution,
            touching: resources(
                of: execution, declaredBy: tool.declaration, environment: tool.environment))
    }

    /// The rule that decided and how, such as `allow files`.
    func answer(
        _ arguments: JSON = [:], touches: [ToolDeclaration.Place]? = [], environment: [String] = []
    ) -> String {
        let decision = decision(arguments, touches: touches, environment: environment)
        return "\(decision.verdict.rawValue) \(decision.rule)"
    }
}

/// A tool that only says what it touches.
struct Touching: ToolRunner {
    let name: String
    let touches: [ToolDeclaration.Place]?
    var environment: [String] = []

    var declaration: ToolDeclaration {
        ToolDeclaration(name: name, description: "", arguments: ["type": "object"], touches: touches)
    }

    func run(
        _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result {
        Run.Result(output: "done")
    }
}
