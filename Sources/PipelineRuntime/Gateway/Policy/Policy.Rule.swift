public import PipelineCore

extension Policy {
    /// One line of a policy: what it decides, and for which executions.
    ///
    /// In `modes` and `names`, `*` stands for any characters. What a call touches is said by its tool
    /// (``ToolDeclaration/touches``) and judged by the conditions below; nil is no condition. So that each
    /// effect is the safe one:
    ///
    /// - A rule that **denies** holds as soon as **any** thing touched matches **any** of its conditions,
    ///   case and spelling of accents aside. Without conditions it holds for every call.
    /// - A rule that **allows or asks** holds only if **all** things touched match. As soon as it has one of
    ///   `paths`, `hosts`, `schemes` and `commands`, it says everything that a call may touch: a call that
    ///   touches something of a kind without a condition, or nothing at all, is not its business. (`commands`
    ///   speaks for the words of a command as well, where the rule has no `paths`.)
    /// - What cannot be judged, such as a path with a zero byte or a URL with a user name, is allowed by no
    ///   rule and denied by each that has a condition on its kind.
    /// - A rule that allows or asks does not reach a sensitive path (``Policy/sensitivePaths``), a secret, or
    ///   an environment variable that the arguments set, unless it lists it.
    public struct Rule: Hashable, Sendable {
        /// What decisions call it; no two rules have the same.
        public var name: String
        public var effect: Run.Decision.Verdict
        /// What a person or model is told.
        public var reason: String
        public var kinds: [Run.Execution.Kind]
        public var modes: [String]
        public var names: [String]
        /// Files and folders: `src/**` below the policy's root, `/usr/**` anywhere; `*` within a name, `**`
        /// any number of names.
        public var paths: [String]?
        /// Sensitive paths that this rule reaches all the same.
        public var sensitive: [String]
        /// Programs with their arguments, a pattern for each word; a last `**` stands for any further words.
        public var commands: [[String]]?
        /// Hosts of URLs: `example.com`, `*.example.com`, `[::1]`, `*`.
        public var hosts: [String]?
        /// Schemes of URLs: `https`.
        public var schemes: [String]?
        /// Names of environment variables: those that the arguments set and those that the tool passes on.
        public var environment: [String]?
        /// Names of secrets that the arguments refer to.
        public var secrets: [String]

        public init(
            _ name: String, _ effect: Run.Decision.Verdict,
            kinds: [Run.Execution.Kind] = Rule.everyKind, modes: [String] = ["*"], names: [String] = ["*"],
            paths: [String]? = nil, sensitive: [String] = [], commands: [[String]]? = nil,
            hosts: [String]? = nil, schemes: [String]? = nil, environment: [String]? = nil,
            secrets: [String] = [], reason: String = ""
        ) {
            self.name = name
            self.effect = effect
            self.reason = reason
            self.kinds = kinds
            self.modes = modes
            self.names = names
            self.paths = paths
            self.sensitive = sensitive
            self.commands = commands
            self.hosts = hosts
            self.schemes = schemes
            self.environment = environment
            self.secrets = secrets
        }

        public static let everyKind: [Run.Execution.Kind] = [.strategy, .tool, .command, .workflow]
    }
}
