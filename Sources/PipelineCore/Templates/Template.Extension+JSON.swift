extension Template.Extension {
    /// Reads the changes of one object, `{"<extension point>": …}`, in the order of their names.
    ///
    /// | point | value |
    /// | --- | --- |
    /// | `strategy.override` | `{"<step>": "<strategy>", …}` |
    /// | `tool.exposure_policy` | `{"allow": ["<pattern>"], "deny": ["<pattern>"]}` |
    /// | `completion.guardrails` | `{"outcome": <schema>, "gate": {…}}`, either or both |
    /// | `artifact.schema` | a JSON Schema |
    /// | `artifact.sections`, `analysis.tradeoffs` | `["<name>", …]` |
    /// | `plan.depth`, `analysis.alternatives` | a number |
    /// | `analysis.constraints` | a text |
    public static func list(json: JSON) throws(JSON.FormatError) -> [Template.Extension] {
        let members = try JSON.Members(json)
        var changes: [Template.Extension] = []
        for member in json.objectValue ?? [:] {
            guard let point = Point(rawValue: member.key.text) else {
                throw JSON.FormatError("\"\(member.key)\" is no extension point")
            }
            switch point {
            case .strategyOverride:
                guard member.value.objectValue != nil else {
                    throw JSON.FormatError("expected an object, step to strategy").under(member.key.text)
                }
                for choice in member.value.objectValue ?? [:] {
                    guard let strategy = choice.value.stringValue else {
                        throw JSON.FormatError("expected a strategy's name").under(choice.key.text).under(
                            member.key.text)
                    }
                    changes.append(.strategyOverride(step: choice.key, strategy: strategy))
                }
            case .toolExposure:
                let exposure: Template.Exposure = try members.value(member.key.text)
                changes.append(.toolExposure(allow: exposure.allow, deny: exposure.deny))
            case .guardrails:
                do throws(JSON.FormatError) {
                    let parts = try JSON.Members(member.value, only: ["outcome", "gate"])
                    changes.append(
                        .guardrails(outcome: try parts.optional("outcome"), gate: try parts.optional("gate")))
                } catch {
                    throw error.under(member.key.text)
                }
            case .artifactSchema: changes.append(.artifactSchema(try members.value(member.key.text)))
            case .artifactSections: changes.append(.artifactSections(try members.value(member.key.text)))
            case .planDepth: changes.append(.planDepth(try members.value(member.key.text)))
            case .constraints: changes.append(.constraints(try members.value(member.key.text)))
            case .alternatives: changes.append(.alternatives(atLeast: try members.value(member.key.text)))
            case .tradeoffs: changes.append(.tradeoffs(try members.value(member.key.text)))
            }
        }
        return changes
    }
}
