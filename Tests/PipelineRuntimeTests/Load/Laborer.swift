import PipelineCore
import PipelineRuntime

/// A tool that does what the arguments of its call say.
struct Laborer: ToolRunner {
    let declaration: ToolDeclaration
    let labor: Labor
    private let idempotent: Bool

    init(_ name: String, isIdempotent: Bool, _ labor: Labor) {
        declaration = ToolDeclaration(name: name, description: "", arguments: ["type": "object"])
        idempotent = isIdempotent
        self.labor = labor
    }

    func isIdempotent(_ arguments: JSON) -> Bool { idempotent }
    func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply { .accepted }

    func run(
        _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result {
        try await labor.carryOut(Labor.Deed(execution) ?? .done, execution, progress)
    }
}
