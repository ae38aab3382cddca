import PipelineCore
import PipelineRuntime

extension TaskFolder {
    /// The policy that the command line or task.json names, or the task's own.
    ///
    /// - Parameter given: what `--policy` says, which wins and is relative to the working directory.
    func policy(named given: String?) throws(CommandError) -> RunPolicy {
        if let given { return try RunPolicy(reading: given) }
        if let policy { return try RunPolicy(reading: "\(path)/\(policy)") }
        return RunPolicy(ownRules)
    }

    /// Strategies, tools inside the workspace, and the commands of the task may run; whatever else there is asks.
    private var ownRules: [Policy.Rule] {
        let listed = commands.map { command in command.arguments }
        // A star of a listed command means itself, and that of a rule anything.
        let plain = listed.filter { words in !words.contains { word in word.contains("*") } }
        var rules = [
            Policy.Rule("strategies", .allow, kinds: [.strategy]),
            Policy.Rule("tools inside the workspace", .allow, kinds: [.tool], paths: ["**"]),
        ]
        if !listed.isEmpty {
            // What these run is fixed, whatever their patterns would let through.
            rules.append(Policy.Rule("commands of the task", .allow, kinds: [.command], commands: listed))
        }
        if !plain.isEmpty {
            rules.append(
                Policy.Rule(
                    "the same, called by run_command", .allow, kinds: [.tool], names: ["run_command"],
                    paths: ["**"], commands: plain))
        }
        rules.append(Policy.Rule("everything else", .ask, reason: "task.json does not list it"))
        return rules
    }
}
