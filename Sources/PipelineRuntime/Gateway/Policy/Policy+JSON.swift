public import PipelineCore

extension Policy {
    /// The JSON form, `{"rules": […]}`; nil when the policy is a function. The root is not a part of it.
    public var json: JSON? {
        rules.map { rules in ["rules": rules.json] }
    }

    /// Reads the form that ``json`` writes.
    ///
    /// - Parameter root: the absolute path of the folder that relative paths and patterns start from.
    /// - Throws: everything that is wrong, at once.
    public init(json: JSON, root: String? = nil) throws(PolicyError) {
        var reader = Reader()
        let rules = reader.rules(json)
        self.init(rules, root: root)
        let all = PolicyError.Problem.merged(reader.problems, problems)
        guard all.isEmpty else { throw PolicyError(problems: all) }
    }
}

extension Policy.Rule: JSONRepresentable {
    /// What has its default is left out.
    public var json: JSON {
        var object: JSON.Object = ["rule": name.json, "effect": effect.json]
        if kinds != Policy.Rule.everyKind { object["kinds"] = kinds.json }
        if modes != ["*"] { object["modes"] = modes.json }
        if names != ["*"] { object["names"] = names.json }
        object["paths"] = paths?.json
        if !sensitive.isEmpty { object["sensitive"] = sensitive.json }
        object["commands"] = commands?.json
        object["hosts"] = hosts?.json
        object["schemes"] = schemes?.json
        object["environment"] = environment?.json
        if !secrets.isEmpty { object["secrets"] = secrets.json }
        if !reason.isEmpty { object["reason"] = reason.json }
        return .object(object)
    }

    public init(json: JSON) throws(JSON.FormatError) {
        var reader = Policy.Reader()
        let rule = reader.rule(json, at: "")
        if let problem = reader.problems.first {
            throw JSON.FormatError("\(problem.reason); \(problem.hint)", at: problem.pointer)
        }
        self = rule
    }
}
