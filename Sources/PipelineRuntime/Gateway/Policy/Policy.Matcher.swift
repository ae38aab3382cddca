import PipelineCore

extension Policy {
    /// A rule, made ready to be matched.
    struct Matcher: Sendable {
        let rule: Rule
        let paths: [PathPattern]?
        let sensitive: [PathPattern]

        init(_ rule: Rule) {
            self.rule = rule
            paths = rule.paths.map { patterns in patterns.map { pattern in PathPattern(pattern) } }
            sensitive = rule.sensitive.map { pattern in PathPattern(pattern) }
        }

        /// Whether the rule is about executions of this kind, mode and name.
        func concerns(_ execution: Run.Execution) -> Bool {
            rule.kinds.contains(execution.kind)
                && rule.modes.contains { mode in execution.mode.matches(wildcard: mode) }
                && rule.names.contains { name in execution.name.matches(wildcard: name) }
        }

        /// It says of each thing whether the call may touch it.
        var isConditional: Bool {
            paths != nil || rule.hosts != nil || rule.schemes != nil || rule.commands != nil
        }
    }
}
