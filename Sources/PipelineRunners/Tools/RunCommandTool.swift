public import PipelineCore
public import PipelineRuntime

/// `run_command`: runs any program in the workspace, without a shell. Give it to a model behind a policy that
/// asks.
public struct RunCommandTool: ToolRunner {
    public let declaration = ToolDeclaration(
        name: "run_command", description: "Runs a program in the workspace, without a shell.",
        arguments: .schema(
            [
                "command": [
                    "type": "array", "items": ["type": "string"], "minItems": 1,
                    "description": "The program and its arguments.",
                ],
                "directory": .text("Where to run it, relative to the workspace; its root when absent."),
            ], required: ["command"]),
        touches: [.command("/command", in: "/directory"), .path("/directory", or: ".")])
    private let place: CommandEnvironment
    private let repeatable: [[String]]

    /// - Parameter repeatable: the commands that may run twice in the root without harm.
    public init(in environment: CommandEnvironment, repeatable: [[String]] = []) {
        place = environment
        self.repeatable = repeatable
    }

    public var environment: [String] { place.names }

    public func isIdempotent(_ arguments: JSON) -> Bool {
        RunCommandTool.command(arguments).map { command in repeatable.contains(command) } ?? false
    }

    /// The program and arguments that a call asks for, if it is well formed and asks for them in the root of
    /// the workspace: elsewhere the same words may mean another program.
    public static func command(_ arguments: JSON) -> [String]? {
        guard let command = try? [String](json: arguments["command"] ?? .null), !command.isEmpty,
            arguments["directory"] == nil || arguments["directory"] == "."
        else { return nil }
        return command
    }

    public func run(
        _ execution: Run.Execution, permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        let arguments = try ToolArguments(execution.arguments, known: ["command", "directory"])
        return try await place.run(
            try arguments.value("command"), in: try arguments.optional("directory"), progress: progress)
    }
}
