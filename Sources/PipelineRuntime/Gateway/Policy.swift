public import PipelineCore

/// Says of each execution whether it may be carried out. There is no default: whoever builds a gateway decides.
public struct Policy: Sendable {
    private let judge: @Sendable (Run.Execution) -> Run.Decision

    /// - Parameter judge: must be quick and have no effect; it is asked once for each attempt.
    public init(_ judge: @escaping @Sendable (Run.Execution) -> Run.Decision) { self.judge = judge }

    /// An approval by a person turns `ask` into `allow`, and nothing else.
    func decide(_ execution: Run.Execution) -> Run.Decision {
        let decision = judge(execution)
        guard decision.verdict == .ask, let approval = execution.approval else { return decision }
        let people = approval.by.map { person in "\(person)" }.joined(separator: ", ")
        return Run.Decision(.allow, rule: decision.rule, reason: "\(people) approved \(approval.ticket)")
    }
}
