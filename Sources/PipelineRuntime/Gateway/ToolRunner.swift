public import PipelineCore

/// Carries out what a model can call by name: a tool, or a command where the name begins with `command.run.`.
public protocol ToolRunner: Sendable {
    var declaration: ToolDeclaration { get }

    /// Whether a call with these arguments may run twice without harm. False unless implemented.
    func isIdempotent(_ arguments: JSON) -> Bool

    /// Whether a call with these arguments changes nothing. False unless implemented.
    func isReadOnly(_ arguments: JSON) -> Bool

    /// The names of the environment variables that what it runs is given; none unless implemented.
    var environment: [String] { get }

    /// What becomes of a call when nobody knows whether it took effect; nil goes by whether it may run twice.
    func recovery(_ arguments: JSON) -> Run.Recovery?

    /// Looks whether an earlier attempt took effect, and changes nothing. Asked only where the recovery is `probe`.
    ///
    /// - Returns: a result with a `finding`; the output counts when it is `done`. Unless implemented nobody knows.
    func probe(_ execution: Run.Execution, permit: consuming Permit) async throws -> Run.Result

    /// Carries one call out. Cancelling the task must end it; throw `CancellationError` then.
    ///
    /// - Parameter progress: takes parts of the output as they come.
    /// - Throws: a `Run.Failure` to name the category; anything else becomes `unknown` with its text.
    func run(
        _ execution: Run.Execution, permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result

    /// Ends a call that it carries out, where it can do more than notice that its task is cancelled.
    ///
    /// Unless implemented there is no such call.
    func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply
}

extension ToolRunner {
    public func isIdempotent(_ arguments: JSON) -> Bool { false }
    public func isReadOnly(_ arguments: JSON) -> Bool { false }
    public var environment: [String] { [] }
    public func recovery(_ arguments: JSON) -> Run.Recovery? { nil }
    public func cancel(_ execution: Run.Execution.ID) async -> Run.CancelReply { .notAvailable }
    public func probe(_ execution: Run.Execution, permit: consuming Permit) async throws -> Run.Result {
        Run.Result(output: .null, finding: .unknown)
    }
}

/// What a model is told about a tool, and a policy.
public struct ToolDeclaration: Hashable, Sendable {
    public let name: String
    public let description: String
    /// A JSON Schema of the arguments.
    public let arguments: JSON
    /// What a call touches; nil when nobody says, and then a policy takes every text of the arguments for a path.
    public let touches: [Place]?
    /// What of its output is secret whatever it is.
    public let redaction: Redaction

    public init(
        name: String, description: String, arguments: JSON, touches: [Place]? = nil,
        redaction: Redaction = .none
    ) {
        self.name = name
        self.description = description
        self.arguments = arguments
        self.touches = touches
        self.redaction = redaction
    }
}

/// A tool from a closure.
public struct Tool: ToolRunner {
    public let declaration: ToolDeclaration
    private let idempotent: Bool
    private let readOnly: Bool
    private let body: @Sendable (JSON) async throws -> JSON

    public init(
        _ name: String, _ description: String, arguments: JSON = ["type": "object"],
        touches: [ToolDeclaration.Place]? = nil, redaction: Redaction = .none, isIdempotent: Bool = false,
        isReadOnly: Bool = false,
        body: @escaping @Sendable (JSON) async throws -> JSON
    ) {
        declaration = ToolDeclaration(
            name: name, description: description, arguments: arguments, touches: touches,
            redaction: redaction)
        idempotent = isIdempotent || isReadOnly
        readOnly = isReadOnly
        self.body = body
    }

    public func isIdempotent(_ arguments: JSON) -> Bool { idempotent }
    public func isReadOnly(_ arguments: JSON) -> Bool { readOnly }

    public func run(
        _ execution: Run.Execution, permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        Run.Result(output: try await body(execution.arguments))
    }
}
