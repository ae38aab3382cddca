public import PipelineCore

/// Says of each execution whether it may be carried out; whoever builds a gateway must have one.
///
/// It is a list of ``Rule``s, of which the first that holds decides; where none holds, the answer is no. A
/// host that needs more than rules can say gives a closure instead.
///
///     let policy = Policy(
///         [
///             Policy.Rule("model", .allow, kinds: [.strategy]),
///             Policy.Rule("workspace", .allow, names: ["read_*", "write_file"], paths: ["**"]),
///             Policy.Rule("tests", .allow, names: ["run_command"], paths: ["**"],
///                 commands: [["swift", "test", "**"]]),
///             Policy.Rule("commands", .ask, names: ["run_command"], reason: "The list does not have it."),
///         ], root: workspace.root)
public struct Policy: Sendable {
    enum Storage: Sendable {
        case rules(Rulebook)
        case judge(@Sendable (Run.Execution) -> Run.Decision)
    }

    let storage: Storage
    /// Why nobody can be asked, if so.
    var whyNobodyIsAsked: String?

    /// A policy of rules; one with ``problems`` denies everything.
    ///
    /// - Parameter root: the absolute path of the folder that relative paths and patterns start from.
    public init(_ rules: [Rule], root: String? = nil) {
        storage = .rules(Rulebook(rules, root: root))
    }

    /// A policy that is a function of the execution.
    ///
    /// - Parameter judge: must be quick and have no effect; it is asked once for each attempt.
    public init(_ judge: @escaping @Sendable (Run.Execution) -> Run.Decision) { storage = .judge(judge) }

    /// The same policy where nobody can be asked: what would ask is denied, unless it was approved before.
    public func denyingWhatAsks(reason: String = "nobody is there to ask") -> Policy {
        var policy = self
        policy.whyNobodyIsAsked = reason
        return policy
    }

    /// The rules, in their order; nil when the policy is a function.
    public var rules: [Rule]? {
        if case .rules(let book) = storage { book.rules } else { nil }
    }

    /// Everything that is wrong with the rules, with its place in ``json``.
    public var problems: [PolicyError.Problem] {
        if case .rules(let book) = storage { book.problems } else { [] }
    }
}
