import PipelineRunners
import Testing

/// A module that is not ours, as the compiler sees it: compiled against the modules of these very tests.
enum HostModule {
    /// Compiles one file far enough for types, access and ownership to be checked, and gives what the compiler
    /// says; nothing when it compiles.
    static func diagnostics(
        of source: String, features: [String] = ["NonisolatedNonsendingByDefault"]
    ) async throws -> String {
        let folder = try ScratchFolder()
        let file = try folder.write(Array(source.utf8), to: "Host.swift")
        let products = try #require(ScratchFolder.products)
        let arguments =
            ["/usr/bin/env", "swiftc", "-swift-version", "6", "-parse-as-library", "-emit-sil"]
            + ["-o", folder["Host.sil"], "-module-cache-path", folder["Cache"], "-I", "\(products)/Modules"]
            + ["-Xcc", "-fmodule-map-file=\(products)/CPipelineSystem.build/module.modulemap"]
            + features.flatMap { feature in ["-enable-upcoming-feature", feature] } + [file]
        let path = try #require(ScratchFolder.variable("PATH"))
        let exit = try await ChildProcess.run(
            ChildProcess.Command(
                arguments: arguments,
                environment: ["PATH": path, "HOME": folder.path, "TMPDIR": folder.path],
                directory: folder.path))
        return exit.ending == .exited(code: 0) ? "" : "\(exit.ending) \(exit.stderr)"
    }

    /// A tool of a host around another tool.
    static func tool(_ body: String) -> String {
        """
        import PipelineCore
        import PipelineRuntime
        struct Wrapper: ToolRunner {
            let inner: Tool
            var declaration: ToolDeclaration { inner.declaration }
            func run(
                _ execution: Run.Execution, permit: consuming Permit,
                progress: ProgressReporter
            ) async throws -> Run.Result {
                \(body)
            }
        }
        """
    }

    /// A workflow of a host, which has all that a sub-runner can have, and a signal that it would like to send.
    static func workflow(_ bypass: String) -> String {
        """
        import PipelineCore
        import PipelineRuntime
        struct Sly: WorkflowRunner {
            let declaration: ToolDeclaration
            func run(
                _ execution: Run.Execution, children: ChildRuns, permit: consuming Permit,
                progress: ProgressReporter
            ) async throws -> Run.Result {
                let ticket = Run.Ticket.gate("r", ordinal: 3, 1)
                let yes = Run.Signal(id: "yes", .gateAnswer(ticket, .approve), by: .operator("ada"), at: 0)
                _ = (yes, children.conversation)
                \(bypass)
                return Run.Result(output: .null)
            }
        }
        """
    }

    /// A function of a host, with all that a bypass could want.
    static func function(_ bypass: String) -> String {
        """
        import PipelineCore
        import PipelineRuntime
        func call(
            _ tool: some ToolRunner, _ strategy: some StrategyRunner, _ execution: Run.Execution
        ) async throws {
            _ = (tool.declaration, strategy.name)
            \(bypass)
        }
        """
    }
}
