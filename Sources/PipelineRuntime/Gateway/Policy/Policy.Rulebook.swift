import PipelineCore

extension Policy {
    /// Rules, checked and made ready to be matched.
    struct Rulebook: Sendable {
        let rules: [Rule]
        /// The folder that relative paths start from; nil when there is none or it cannot be used.
        let root: String?
        let problems: [PolicyError.Problem]
        let matchers: [Matcher]

        init(_ rules: [Rule], root: String?) {
            self.rules = rules
            self.root = root
            problems = Policy.problems(with: rules, root: root)
            matchers = rules.map { rule in Matcher(rule) }
        }
    }
}
