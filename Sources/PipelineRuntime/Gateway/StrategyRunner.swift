public import PipelineCore

/// Asks a model what to do next.
public protocol StrategyRunner: Sendable {
    /// The name under which templates ask for it.
    var name: String { get }

    /// Gives the model's answer: text as the output, and the calls it asks for.
    ///
    /// - Parameters:
    ///   - tools: what the model may call.
    ///   - progress: takes the text as it comes.
    /// - Throws: a `Run.Failure` to name the category; anything else becomes `unknown` with its text.
    func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result

    /// Ends an execution that it carries out, where it can do more than notice that its task is cancelled.
    ///
    /// Unless implemented there is no such call.
    func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply
}

extension StrategyRunner {
    public func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply { .notAvailable }
}

/// A strategy from a closure.
public struct Strategy: StrategyRunner {
    public let name: String
    private let body: @Sendable (Run.Execution) async throws -> Run.Result

    /// - Parameters:
    ///   - name: what templates call it; the built-in coding template's by default.
    ///   - body: given the conversation so far as the execution's context, the model's answer.
    public init(
        _ name: String = "code_generation",
        body: @escaping @Sendable (Run.Execution) async throws -> Run.Result
    ) {
        self.name = name
        self.body = body
    }

    public func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        try await body(execution)
    }
}
