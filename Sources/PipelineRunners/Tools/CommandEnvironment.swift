import PipelineCore
import PipelineRuntime

/// Where and with what environment variables programs run.
public struct CommandEnvironment: Sendable {
    private let directory: String
    private let variables: [String: String]
    private let grace: Duration

    /// - Parameters:
    ///   - variables: all of them; nothing is inherited.
    ///   - grace: from the polite signal to the one that cannot be ignored.
    public init(directory: String, variables: [String: String], grace: Duration = .seconds(2)) {
        self.directory = directory
        self.variables = variables
        self.grace = grace
    }

    /// The names of the variables, in order.
    var names: [String] { variables.keys.sorted() }

    func run(
        _ arguments: [String], progress: ProgressReporter
    ) async throws -> Run.Result {
        let command = ChildProcess.Command(
            arguments: arguments, environment: variables, directory: directory,
            outputLimit: CommandEnvironment.outputLimit, grace: grace)
        let exit: ChildProcess.Exit
        do throws(SpawnError) {
            exit = try await ChildProcess.run(command) { _, text in await progress(text) }
        } catch {
            if case .canceled = error { throw CancellationError() }
            throw Run.Failure(.config, "\(error)")
        }
        if exit.canceled { throw CancellationError() }
        var output: JSON.Object = [
            "stdout": .string(exit.stdout), "stderr": .string(exit.stderr), "cut": .bool(exit.truncated),
        ]
        switch exit.ending {
        case .exited(let code): output["exitCode"] = .integer(Int64(code))
        case .signaled(let number): output["signal"] = .integer(Int64(number))
        }
        var result = Run.Result(output: .object(output))
        if exit.truncated {
            result.truncation = Run.Truncation(
                originalBytes: exit.stdoutByteCount + exit.stderrByteCount,
                keptBytes: exit.stdout.utf8.count + exit.stderr.utf8.count)
        }
        return result
    }

    /// Bytes of output that are kept: as much as fits into a result when each byte must be escaped.
    private static let outputLimit = Gateway.Limits.standard.output / 6 - 256
}
