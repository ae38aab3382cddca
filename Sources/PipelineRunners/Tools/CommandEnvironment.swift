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

    /// - Parameter folder: where to run it, below the directory; nil in it.
    func run(
        _ arguments: [String], in folder: String? = nil, progress: ProgressReporter
    ) async throws -> Run.Result {
        let command = ChildProcess.Command(
            arguments: arguments, environment: variables, directory: directory, folder: folder,
            outputLimit: CommandEnvironment.outputLimit, grace: grace)
        let exit: ChildProcess.Exit
        do throws(SpawnError) {
            exit = try await ChildProcess.run(command) { _, text in await progress(text) }
        } catch {
            if case .canceled = error { throw CancellationError() }
            throw Run.Failure(error.isAboutArguments ? .validation : .config, "\(error)", code: error.code)
        }
        if exit.canceled {
            guard exit.killed else { throw CancellationError() }
            let note = "The program did not end within \(grace) of SIGTERM and was killed."
            await progress("\n\(note)\n")
            throw Run.Failure(.canceled, note, code: "killed")
        }
        var result = Run.Result(output: .object(exit.output))
        if exit.truncated {
            result.truncation = Run.Truncation(
                originalBytes: exit.stdoutByteCount + exit.stderrByteCount,
                keptBytes: exit.stdout.utf8.count + exit.stderr.utf8.count)
        }
        return result
    }

    /// Bytes of output that are kept: as much as fits into a result when each byte must be escaped.
    private static let outputLimit = Gateway.Limits.standard.output / 6 - 512
}

extension ChildProcess.Exit {
    /// What a model sees: `{exitCode or signal, stdout, stderr, cut}`, and where the texts are not what was
    /// written to the byte, also `bytes: {stdout, stderr}` and, when some were not UTF-8, `binary`.
    fileprivate var output: JSON.Object {
        var output: JSON.Object = [
            "stdout": .string(stdout), "stderr": .string(stderr), "cut": .bool(truncated),
        ]
        switch ending {
        case .exited(let code): output["exitCode"] = .integer(Int64(code))
        case .signaled(let number): output["signal"] = .integer(Int64(number))
        }
        if truncated || replaced {
            output["bytes"] = ["stdout": stdoutByteCount.json, "stderr": stderrByteCount.json]
        }
        if replaced { output["binary"] = true }
        return output
    }
}
