import PipelineCore

extension Policy {
    /// What becomes of an execution that touches this.
    ///
    /// An approval by a person turns `ask` into `allow`, and nothing else.
    func decide(_ execution: Run.Execution, touching touched: Resources) -> Run.Decision {
        let decision = judge(execution, touching: touched)
        guard decision.verdict == .ask else { return decision }
        if let approval = execution.approval {
            let people = approval.by.map { person in "\(person)" }.joined(separator: ", ")
            return Run.Decision(.allow, rule: decision.rule, reason: "\(people) approved \(approval.ticket)")
        }
        guard let why = whyNobodyIsAsked else { return decision }
        let reason = decision.reason.isEmpty ? why : "\(decision.reason); \(why)"
        return Run.Decision(.deny, rule: decision.rule, reason: reason)
    }

    private func judge(_ execution: Run.Execution, touching touched: Resources) -> Run.Decision {
        switch storage {
        case .judge(let judge): judge(execution)
        case .rules(let book): book.judge(execution, touching: touched)
        }
    }
}

extension Policy.Rulebook {
    func judge(_ execution: Run.Execution, touching touched: Policy.Resources) -> Run.Decision {
        if let problem = problems.first {
            return Run.Decision(.deny, rule: "none", reason: "The policy cannot be used: \(problem)")
        }
        guard !matchers.isEmpty else { return Run.Decision(.deny, rule: "none", reason: "no policy") }
        for matcher in matchers where matcher.concerns(execution) {
            switch matcher.rule.effect {
            case .allow, .ask:
                guard matcher.permits(touched) else { continue }
                return Run.Decision(matcher.rule.effect, rule: matcher.rule.name, reason: matcher.rule.reason)
            case .deny:
                guard let evidence = matcher.evidence(in: touched) else { continue }
                let reason = matcher.rule.reason.isEmpty ? evidence : matcher.rule.reason
                return Run.Decision(.deny, rule: matcher.rule.name, reason: reason)
            }
        }
        let what = "\(execution.kind.rawValue) \(execution.name.excerpt)"
        return Run.Decision(.deny, rule: "none", reason: "No rule allows \(what)\(touched.summary).")
    }
}
