public import PipelineCore

/// Carries out what a model can call as `workflow.run.*`: a run of its own, in a conversation of its own.
///
/// A tool of such a name does as well, where the work is no run of this engine.
public protocol WorkflowRunner: Sendable {
    var declaration: ToolDeclaration { get }

    /// Whether another child run may be opened when one has failed. False unless implemented.
    var isIdempotent: Bool { get }

    /// Carries one call out by a child run.
    ///
    /// - Parameter children: opens the child run or goes on with the one that an earlier attempt has left; stops it when the
    ///   call is canceled, by interrupting it where the parent is interrupted. What it throws must be thrown on.
    func run(
        _ execution: Run.Execution, children: ChildRuns, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result
}

extension WorkflowRunner {
    public var isIdempotent: Bool { false }
}

/// A workflow that is one run of a template.
public struct Workflow: WorkflowRunner {
    /// What becomes of the child run when its parent stops.
    public enum ParentClosePolicy: String, Hashable, Sendable {
        /// It is interrupted with its parent and resumed with it, and ends when its parent ends otherwise.
        case cancel
        /// The call is done when the child run is opened, and no stop of the parent reaches it.
        case abandon
    }

    public let declaration: ToolDeclaration
    public let isIdempotent: Bool
    private let template: Template
    private let parentClosePolicy: ParentClosePolicy
    private let text: @Sendable (JSON) -> String

    /// - Parameters:
    ///   - name: without `workflow.run.`.
    ///   - arguments: a JSON Schema; one text, `task`, unless given.
    ///   - isIdempotent: whether another child run may be opened when one has failed.
    ///   - text: what the child run is asked, by the call's arguments; `task` unless given.
    public init(
        _ name: String, _ description: String, template: Template,
        arguments: JSON = Workflow.taskArguments, parentClosePolicy: ParentClosePolicy = .cancel,
        isIdempotent: Bool = false,
        text: @escaping @Sendable (JSON) -> String = { arguments in arguments["task"]?.stringValue ?? "" }
    ) {
        declaration = ToolDeclaration(
            name: "workflow.run.\(name)", description: description, arguments: arguments, touches: [])
        self.template = template
        self.parentClosePolicy = parentClosePolicy
        self.isIdempotent = isIdempotent
        self.text = text
    }

    public static let taskArguments: JSON = [
        "type": "object", "required": ["task"], "additionalProperties": false,
        "properties": ["task": ["type": "string", "description": "What is to be done."]],
    ]

    public func run(
        _ execution: Run.Execution, children: ChildRuns, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result {
        let request = Run.Request(text(execution.arguments), template: template)
        switch parentClosePolicy {
        case .cancel: return try await children.run(request)
        case .abandon:
            let child = try await children.open(request)
            return Run.Result(
                output: ["run_id": child.json, "conversation_id": children.conversation.json])
        }
    }
}
