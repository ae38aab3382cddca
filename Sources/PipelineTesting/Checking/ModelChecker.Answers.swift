import PipelineCore

extension ModelChecker {
    /// An answer that fits the rules of a step: the host's, or one made of the rules.
    func answer(to step: Template.Step, _ strategy: Template.Strategy) -> JSON {
        if let answer = bounds.answers[step.name] { return answer }
        guard strategy.isStructured else { return "Done." }
        var members: JSON.Object = [:]
        for rule in strategy.rules {
            switch rule {
            case .sections(let names): for name in names { members[name] = members[name] ?? "x" }
            case .alternatives(let least):
                members["alternatives"] = .array(
                    (1...max(1, least)).map { number in ["name": .string("alternative \(number)")] })
            case .tradeoffs(let of, let criteria):
                var tradeoffs: JSON.Object = [:]
                for name in alternatives(of: of) {
                    var judged: JSON.Object = [:]
                    for criterion in criteria { judged[criterion] = "x" }
                    tradeoffs[name] = .object(judged)
                }
                members["tradeoffs"] = .object(tradeoffs)
            case .recommends(let of): members["recommendation"] = .string(alternatives(of: of).first ?? "")
            case .schema(let schema):
                guard let sample = schema.json.sample(in: schema.json)?.objectValue else { continue }
                for member in sample { members[member.key.text] = members[member.key.text] ?? member.value }
            case .depth, .outcome: break
            }
        }
        return .object(members)
    }

    private func alternatives(of name: Key) -> [String] {
        guard let step = template.steps.first(where: { step in step.name == name }),
            case .strategy(let strategy) = step.action,
            let items = answer(to: step, strategy)["alternatives"]?.arrayValue
        else { return [] }
        return items.compactMap { item in item["name"]?.stringValue }
    }
}

extension JSON {
    /// A value that a simple schema accepts; nil where none is known.
    fileprivate func sample(in root: JSON, depth: Int = 0) -> JSON? {
        guard depth < 16, let schema = objectValue else { return self == .bool(false) ? nil : .object([:]) }
        if let value = schema["const"] { return value }
        if let value = schema["enum"]?.arrayValue?.first { return value }
        let type = schema["type"]?.stringValue ?? schema["type"]?.arrayValue?.first?.stringValue ?? "object"
        switch type {
        case "string":
            return .string(
                String(repeating: "x", count: Int(clamping: schema["minLength"]?.integerValue ?? 1)))
        case "integer", "number":
            return schema["minimum"] ?? schema["exclusiveMinimum"]?.integerValue.map { least in
                .integer(least + 1)
            } ?? 0
        case "boolean": return true
        case "null": return .null
        case "array":
            let count = Int(clamping: schema["minItems"]?.integerValue ?? 0)
            let item = schema["items"]?.sample(in: root, depth: depth + 1) ?? "x"
            return .array(Array(repeating: item, count: max(0, min(count, 64))))
        default:
            var members: Object = [:]
            for name in (schema["required"]?.arrayValue ?? []).compactMap({ name in name.stringValue }) {
                members[name] = schema["properties"]?[name]?.sample(in: root, depth: depth + 1) ?? "x"
            }
            return .object(members)
        }
    }
}
