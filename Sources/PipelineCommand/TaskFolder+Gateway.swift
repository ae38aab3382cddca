import PipelineCore
import PipelineRunners
import PipelineRuntime

extension TaskFolder {
    /// The gateway of a run: the transcript's strategy, the tools of the workspace, the commands of the task.
    ///
    /// - Parameter template: the run's own; the transcript speaks for every strategy that it names.
    func gateway(
        for template: Template, in folder: RunFolder, under policy: Policy
    ) throws(CommandError) -> Gateway {
        let workspace: Workspace
        do throws(WorkspaceError) {
            workspace = try Workspace(root: folder.workspace, staging: folder.path)
        } catch {
            throw CommandError(.badInput, "The run's workspace cannot be used: \(error)")
        }
        let place = CommandEnvironment(directory: folder.workspace, variables: environment)
        var gateway = Gateway(policy: policy)
        for name in template.strategies { gateway.register(ScriptedStrategy(transcript, name: name)) }
        for tool in WorkspaceTools(workspace).all { gateway.register(tool) }
        gateway.register(
            RunCommandTool(
                in: place,
                repeatable: commands.filter { command in command.isIdempotent }.map { command in
                    command.arguments
                }))
        for command in commands {
            gateway.register(
                CommandRunner(
                    command.name, command.description, arguments: command.arguments, in: place,
                    isIdempotent: command.isIdempotent))
        }
        return gateway
    }

    /// What programs see: where programs are, and a home and a language.
    private var environment: [String: String] {
        var environment: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG", "TMPDIR"] { environment[name] = Console.variable(name) }
        return environment
    }
}
