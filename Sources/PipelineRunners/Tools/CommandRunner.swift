public import PipelineCore
public import PipelineRuntime

/// Runs one program with fixed arguments, without a shell: `command.run.<name>`.
///
/// A program that ran is `completed`, whatever its exit code; `failed` means that it could not run. Its
/// output is `{exitCode or signal, stdout, stderr, cut}`, with `bytes` and `binary` where the texts are not
/// all that was written.
public struct CommandRunner: ToolRunner {
    public let declaration: ToolDeclaration
    private let place: CommandEnvironment
    private let arguments: [String]
    private let idempotent: Bool

    /// - Parameters:
    ///   - arguments: the program and what it is given; at least one.
    ///   - isIdempotent: whether running it twice does what running it once does.
    public init(
        _ name: String, _ description: String, arguments: [String], in environment: CommandEnvironment,
        isIdempotent: Bool
    ) {
        declaration = ToolDeclaration(
            name: "command.run.\(name)", description: description, arguments: .schema([:], required: []),
            touches: [.command("/command", or: arguments)])
        self.arguments = arguments
        place = environment
        idempotent = isIdempotent
    }

    public var environment: [String] { place.names }

    public func isIdempotent(_ arguments: JSON) -> Bool { idempotent }

    public func run(
        _ execution: Run.Execution, permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        _ = try ToolArguments(execution.arguments, known: [])
        return try await place.run(arguments, progress: progress)
    }
}
