import PipelineCore

extension Policy {
    /// Everything that is wrong with rules that have the form of rules.
    static func problems(with rules: [Rule], root: String?) -> [PolicyError.Problem] {
        var findings = Findings()
        if let root, root.utf8.first != UInt8(ascii: "/") || root.utf8.contains(0) {
            findings.report("", "the root \(root.excerpt) is no absolute path", "let it begin with /")
        }
        var names: Set<Key> = []
        for (index, rule) in rules.enumerated() {
            findings.place = "/rules/\(index)"
            if rule.name.isEmpty { findings.report("/rule", "the name is empty", "give the rule a name") }
            if !names.insert(Key(rule.name)).inserted {
                findings.report(
                    "/rule", "another rule is named \(rule.name.excerpt)", "give each rule a name of its own")
            }
            findings.check(rule, hasRoot: root != nil)
        }
        return findings.problems
    }

    fileprivate struct Findings {
        var problems: [PolicyError.Problem] = []
        /// The rule in turn.
        var place = ""

        mutating func report(_ pointer: String, _ reason: String, _ hint: String) {
            problems.append(PolicyError.Problem(place + pointer, reason, hint: hint))
        }
    }
}

extension Policy.Findings {
    fileprivate mutating func check(_ rule: Policy.Rule, hasRoot: Bool) {
        checkCount(rule.kinds.count, "kinds")
        checkCount(rule.modes.count, "modes")
        checkCount(rule.names.count, "names")
        checkPaths(rule.paths, "paths", hasRoot: hasRoot)
        if !rule.sensitive.isEmpty { checkPaths(rule.sensitive, "sensitive", hasRoot: hasRoot) }
        if rule.effect == .deny, !rule.sensitive.isEmpty {
            report("/sensitive", "a rule that denies has nothing to except", "list what it denies in paths")
        }
        checkCommands(rule.commands)
        check(rule.hosts, "hosts", hint: "write example.com, *.example.com, [::1] or *, in lower case") {
            host in
            Policy.Host.isPattern(host)
        }
        check(rule.schemes, "schemes", hint: "write a scheme in lower case, such as https") { scheme in
            Policy.Address.isScheme(scheme.utf8) && scheme == scheme.lowercased()
        }
        check(rule.environment, "environment", hint: "write a variable's name") { name in
            !name.isEmpty && !name.utf8.contains(UInt8(ascii: "="))
        }
    }

    private mutating func checkCount(_ count: Int, _ name: String) {
        if count == 0 { report("/\(name)", "it is empty, so that nothing fits", "leave it out or fill it") }
    }

    private mutating func check(_ texts: [String]?, _ name: String, hint: String, _ isFine: (String) -> Bool)
    {
        guard let texts else { return }
        checkCount(texts.count, name)
        for (index, text) in texts.enumerated() where !isFine(text) {
            report("/\(name)/\(index)", "\(text.excerpt) cannot be matched", hint)
        }
    }

    private mutating func checkPaths(_ patterns: [String]?, _ name: String, hasRoot: Bool) {
        guard let patterns else { return }
        checkCount(patterns.count, name)
        for (index, pattern) in patterns.enumerated() {
            if let problem = Policy.PathPattern.problem(with: pattern, hasRoot: hasRoot) {
                report("/\(name)/\(index)", problem.reason, problem.hint)
            }
        }
    }

    private mutating func checkCommands(_ commands: [[String]]?) {
        guard let commands else { return }
        checkCount(commands.count, "commands")
        for (index, command) in commands.enumerated() {
            let place = "/commands/\(index)"
            if command.isEmpty || command.first == "" {
                report(place, "it has no program", "write the program first, then its arguments")
            }
            for (word, text) in command.enumerated() where text == "**" && word < command.count - 1 {
                report("\(place)/\(word)", "** is not the last word", "write * for one word")
            }
        }
    }
}
