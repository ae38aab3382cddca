extension Template {
    /// The template with these changes; only what its ``extensionPoints`` offer can be changed.
    ///
    /// - Throws: every problem of the changes and of what they lead to, at once.
    public func extended(by extensions: [Extension]) throws(Invalid) -> Template {
        var template = self
        var problems: [Problem] = []
        for change in extensions {
            if !extensionPoints.contains(change.point) {
                let offered = extensionPoints.map { point in point.rawValue }.joined(separator: ", ")
                problems.append(
                    Problem(
                        "/\(change.point.rawValue)",
                        "\(id) does not offer this extension point; it offers \(offered.isEmpty ? "none" : offered)"
                    ))
            } else if let problem = template.apply(change) {
                problems.append(Problem("/\(change.point.rawValue)", problem))
            }
        }
        problems += template.problems
        guard problems.isEmpty else { throw Invalid(problems: problems) }
        return template
    }

    /// The template with one more step, which whatever led to `name` now leads to.
    ///
    /// - Parameter step: its `next` is set to `name`.
    public func inserting(_ step: Step, before name: Key) throws(Invalid) -> Template {
        guard index(of: name) != nil else { throw Invalid(unknown: name) }
        var template = self
        template.insert(step, before: name)
        return try template.checked()
    }

    /// The template with one more step, which goes on where `name` did.
    ///
    /// After a step of ``completion`` the new one takes its place there.
    public func inserting(_ step: Step, after name: Key) throws(Invalid) -> Template {
        guard let index = index(of: name) else { throw Invalid(unknown: name) }
        var template = self
        var inserted = step
        inserted.next = steps[index].next
        template.steps[index].next = step.name
        if let end = completion.firstIndex(of: name) { template.completion[end] = step.name }
        template.steps.insert(inserted, at: index + 1)
        return try template.checked()
    }

    /// This template, if nothing is wrong with it.
    public func checked() throws(Invalid) -> Template {
        let problems = problems
        guard problems.isEmpty else { throw Invalid(problems: problems) }
        return self
    }

    /// Puts a step before another; whatever led there now leads to the new one.
    private mutating func insert(_ step: Step, before name: Key) {
        guard let index = index(of: name) else { return }
        for index in steps.indices where steps[index].next == name { steps[index].next = step.name }
        for index in steps.indices where steps[index].onFailure == name { steps[index].onFailure = step.name }
        var inserted = step
        inserted.next = name
        steps.insert(inserted, at: index)
    }

    /// Applies one change; what is wrong with it otherwise.
    private mutating func apply(_ change: Extension) -> String? {
        switch change {
        case .strategyOverride(let name, let strategy):
            guard let index = index(of: name), case .strategy(var asked) = steps[index].action else {
                return "there is no strategy step \"\(name)\""
            }
            asked.name = strategy
            steps[index].action = .strategy(asked)
            return nil
        case .toolExposure(let allow, let deny):
            return changeStrategies { strategy in
                guard strategy.tools != nil else { return false }
                strategy.tools?.allow = allow
                strategy.tools?.deny = deny
                return true
            }
        case .guardrails(let outcome, let gate):
            return guardCommits(outcome, gate)
        case .artifactSchema(let schema): return ruleArtifact(.schema(schema))
        case .artifactSections(let names):
            let sources = artifactSources
            return changeStrategies(only: sources) { strategy in
                strategy.rules.removeAll { rule in if case .sections = rule { true } else { false } }
                strategy.rules.append(.sections(names))
                return true
            }
        case .planDepth(let most): return ruleArtifact(.depth(most))
        case .constraints(let text):
            guard let first = steps.first(where: { step in step.strategy != nil })?.name else {
                return "there is no strategy step"
            }
            return changeStrategies(only: [first]) { strategy in
                strategy.instruction += "\nConstraints: \(text)"
                return true
            }
        case .alternatives(let least):
            return replaceRules { rule in
                if case .alternatives = rule { .alternatives(atLeast: least) } else { nil }
            }
        case .tradeoffs(let criteria):
            return replaceRules { rule in
                if case .tradeoffs(let step, _) = rule { .tradeoffs(of: step, by: criteria) } else { nil }
            }
        }
    }

    private var artifactSources: [Key] {
        steps.flatMap { step in if case .artifact(let sources) = step.action { sources } else { [Key]() } }
    }

    private mutating func ruleArtifact(_ rule: Rule) -> String? {
        changeStrategies(only: artifactSources) { strategy in
            strategy.rules.append(rule)
            return true
        }
    }

    private mutating func replaceRules(_ replacement: (Rule) -> Rule?) -> String? {
        changeStrategies { strategy in
            var hit = false
            for index in strategy.rules.indices {
                guard let rule = replacement(strategy.rules[index]) else { continue }
                strategy.rules[index] = rule
                hit = true
            }
            return hit
        }
    }

    /// Changes the strategies of these steps, or of all; what is wrong when the change met none.
    private mutating func changeStrategies(only names: [Key]? = nil, _ body: (inout Strategy) -> Bool)
        -> String?
    {
        var met = false
        for index in steps.indices {
            guard names?.contains(steps[index].name) ?? true,
                case .strategy(var strategy) = steps[index].action
            else { continue }
            guard body(&strategy) else { continue }
            steps[index].action = .strategy(strategy)
            met = true
        }
        return met ? nil : "the template has no step that it could change"
    }

    /// Puts a rule on each answer that is committed, and a gate before each commit.
    private mutating func guardCommits(_ outcome: Schema?, _ gate: Gate?) -> String? {
        let commits = steps.filter { step in step.action == .commit }.map { step in step.name }
        guard !commits.isEmpty else { return "there is no commit step" }
        if let outcome {
            let answering = steps.filter { step in step.next.map { next in commits.contains(next) } ?? false }
                .map { step in step.name }
            if let problem = changeStrategies(
                only: answering,
                { strategy in
                    strategy.rules.append(.outcome(outcome))
                    return true
                })
            {
                return problem
            }
        }
        guard let gate else { return nil }
        for commit in commits {
            let step = Step(Key("approve-\(commit)"), .gate(gate))
            insert(step, before: commit)
        }
        return nil
    }
}

extension Template.Step {
    var strategy: Template.Strategy? { if case .strategy(let strategy) = action { strategy } else { nil } }
}
