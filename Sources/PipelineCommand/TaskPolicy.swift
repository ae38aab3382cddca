import PipelineCore
import PipelineRunners
import PipelineRuntime

extension TaskFolder {
    /// The gateway of a run: the transcript's strategy, the tools of the workspace, the commands of the task.
    ///
    /// - Parameters:
    ///   - template: the run's own; the transcript speaks for every strategy that it names.
    ///   - asks: whether a person can be asked; otherwise what would ask is denied.
    func gateway(for template: Template, in folder: RunFolder, asks: Bool) throws(CommandError) -> Gateway {
        let workspace: Workspace
        do throws(WorkspaceError) {
            workspace = try Workspace(root: folder.workspace, staging: folder.path)
        } catch {
            throw CommandError(.badInput, "The run's workspace cannot be used: \(error)")
        }
        let place = CommandEnvironment(directory: folder.workspace, variables: environment)
        var gateway = Gateway(policy: policy(asks: asks))
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

    /// Strategies, tools inside the copy, and the task's commands may run; whatever else there is asks.
    private func policy(asks: Bool) -> Policy {
        let listed = commands.map { command in command.arguments }
        return Policy { execution in
            switch execution.kind {
            case .strategy: return Run.Decision(.allow, rule: "strategies")
            case .command, .workflow: return Run.Decision(.allow, rule: "commands of the task")
            case .tool where execution.name != "run_command":
                return Run.Decision(.allow, rule: "tools inside the workspace")
            case .tool:
                if let command = RunCommandTool.command(execution.arguments), listed.contains(command) {
                    return Run.Decision(.allow, rule: "commands of the task")
                }
                // Whoever has approved it was asked, also where nobody can be asked now.
                let mayAsk = asks || execution.approval != nil
                return Run.Decision(
                    mayAsk ? .ask : .deny, rule: "unlisted commands",
                    reason:
                        "task.json does not list this command\(mayAsk ? "" : ", and nobody is there to ask")")
            }
        }
    }

    /// What programs see: where programs are, and a home and a language.
    private var environment: [String: String] {
        var environment: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG", "TMPDIR"] { environment[name] = Console.variable(name) }
        return environment
    }
}
