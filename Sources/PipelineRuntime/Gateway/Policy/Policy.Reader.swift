import PipelineCore

extension Policy {
    /// Reads rules and gathers all that does not have the form of one.
    struct Reader {
        private(set) var problems: [PolicyError.Problem] = []

        mutating func rules(_ json: JSON) -> [Rule] {
            guard let members = json.objectValue, let rules = members["rules"] else {
                report("", "it has no rules", "write {\"rules\": [...]}")
                return []
            }
            refuse(members, but: ["rules"], at: "")
            guard let items = rules.arrayValue else {
                report("/rules", "expected an array", "write the rules between [ and ]")
                return []
            }
            return items.enumerated().map { index, item in rule(item, at: "/rules/\(index)") }
        }

        mutating func rule(_ json: JSON, at pointer: String) -> Rule {
            guard let members = json.objectValue else {
                report(pointer, "expected an object", "write {\"rule\": \"name\", \"effect\": \"deny\"}")
                return Rule("", .deny)
            }
            refuse(members, but: Reader.names, at: pointer)
            var rule = Rule(
                text(members, "rule", at: pointer) ?? "", effect(members, at: pointer),
                paths: texts(members, "paths", at: pointer),
                sensitive: texts(members, "sensitive", at: pointer) ?? [],
                commands: commands(members, at: pointer), hosts: texts(members, "hosts", at: pointer),
                schemes: texts(members, "schemes", at: pointer),
                environment: texts(members, "environment", at: pointer),
                secrets: texts(members, "secrets", at: pointer) ?? [])
            if members["rule"] == nil { report("\(pointer)/rule", "it is missing", "give the rule a name") }
            if let kinds = kinds(members, at: pointer) { rule.kinds = kinds }
            if let modes = texts(members, "modes", at: pointer) { rule.modes = modes }
            if let names = texts(members, "names", at: pointer) { rule.names = names }
            if let reason = text(members, "reason", at: pointer) { rule.reason = reason }
            return rule
        }

        private static let names = [
            "rule", "effect", "kinds", "modes", "names", "paths", "sensitive", "commands", "hosts", "schemes",
            "environment", "secrets", "reason",
        ]
    }
}

extension Policy.Reader {
    private mutating func report(_ pointer: String, _ reason: String, _ hint: String) {
        problems.append(PolicyError.Problem(pointer, reason, hint: hint))
    }

    /// A member that nobody knows means something to whoever wrote it.
    private mutating func refuse(_ members: JSON.Object, but names: [String], at pointer: String) {
        for member in members where !names.contains(where: { name in Key(name) == member.key }) {
            report(
                pointer.appending(member: member.key.text), "\(member.key.text.excerpt) is not known",
                "known are \(names.joined(separator: ", "))")
        }
    }

    private mutating func text(_ members: JSON.Object, _ name: String, at pointer: String) -> String? {
        guard let value = members[name] else { return nil }
        if value.stringValue == nil {
            report("\(pointer)/\(name)", "expected a text", "write it between quotation marks")
        }
        return value.stringValue
    }

    private mutating func effect(_ members: JSON.Object, at pointer: String) -> Run.Decision.Verdict {
        let word = members["effect"]?.stringValue
        if let effect = word.flatMap({ word in Run.Decision.Verdict(rawValue: word) }) { return effect }
        let reason = members["effect"] == nil ? "it is missing" : "it is no effect"
        report("\(pointer)/effect", reason, "write \"allow\", \"deny\" or \"ask\"")
        return .deny
    }

    private mutating func texts(_ members: JSON.Object, _ name: String, at pointer: String) -> [String]? {
        members[name].flatMap { value in texts(value, at: "\(pointer)/\(name)") }
    }

    private mutating func texts(_ value: JSON, at pointer: String) -> [String]? {
        guard let items = value.arrayValue else {
            report(pointer, "expected an array of texts", "write [\"...\"]")
            return nil
        }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            // What follows keeps its number.
            texts.append(item.stringValue ?? "")
            if item.stringValue == nil {
                report("\(pointer)/\(index)", "expected a text", "write it between quotation marks")
            }
        }
        return texts
    }

    private mutating func commands(_ members: JSON.Object, at pointer: String) -> [[String]]? {
        guard let value = members["commands"] else { return nil }
        guard let items = value.arrayValue else {
            report("\(pointer)/commands", "expected an array of commands", "write [[\"git\", \"status\"]]")
            return nil
        }
        var commands: [[String]] = []
        for (index, item) in items.enumerated() {
            commands.append(texts(item, at: "\(pointer)/commands/\(index)") ?? [])
        }
        return commands
    }

    private mutating func kinds(_ members: JSON.Object, at pointer: String) -> [Run.Execution.Kind]? {
        guard let words = texts(members, "kinds", at: pointer) else { return nil }
        var kinds: [Run.Execution.Kind] = []
        for (index, word) in words.enumerated() {
            kinds.append(Run.Execution.Kind(rawValue: word) ?? .tool)
            if Run.Execution.Kind(rawValue: word) == nil {
                let known = Policy.Rule.everyKind.map { kind in kind.rawValue }.joined(separator: ", ")
                report("\(pointer)/kinds/\(index)", "\(word.excerpt) is no kind", "known are \(known)")
            }
        }
        return kinds
    }
}
