import PipelineCore
import Testing

@testable import PipelineRuntime

/// All that is touched for what allows and asks, anything for what denies.
struct PolicyQuantifierTests {
    private let everywhere: [ToolDeclaration.Place] = [
        .path("/paths/*"), .url("/urls/*"), .command("/commands/*"), .environment("/env"),
    ]

    private func answers(
        _ rule: Policy.Rule, _ arguments: JSON, else rest: Policy.Rule? = nil
    ) -> String {
        let rules = rest.map { rest in [rule, rest] } ?? [rule]
        return Policy(rules, root: "/work").answer(arguments, touches: everywhere)
    }

    @Test(arguments: [Run.Decision.Verdict.allow, .ask])
    func `G6 what allows or asks holds only if all paths, hosts, schemes, commands and variables match`(
        effect: Run.Decision.Verdict
    ) {
        let rule = Policy.Rule(
            "r", effect, paths: ["src/**"], commands: [["git", "status"]], hosts: ["*.example.com"],
            schemes: ["https"], environment: ["CI"])
        let yes = "\(effect.rawValue) r"
        #expect(answers(rule, ["paths": ["src/a", "src/b/c", "src"]]) == yes)
        #expect(answers(rule, ["paths": ["src/a", "b"]]) == "deny none")
        #expect(answers(rule, ["urls": ["https://a.example.com/x", "https://b.example.com"]]) == yes)
        #expect(answers(rule, ["urls": ["https://a.example.com", "https://evil.com"]]) == "deny none")
        #expect(answers(rule, ["urls": ["https://a.example.com", "http://a.example.com"]]) == "deny none")
        let noPaths = Policy.Rule("r", effect, commands: [["git", "status"]])
        #expect(answers(noPaths, ["commands": [["git", "status"], ["git", "status"]]]) == yes)
        #expect(answers(noPaths, ["commands": [["git", "status"], ["git", "push"]]]) == "deny none")
        #expect(answers(rule, ["paths": ["src/a"], "env": ["CI"]]) == yes)
        #expect(answers(rule, ["paths": ["src/a"], "env": ["CI", "PATH"]]) == "deny none")
        #expect(
            answers(rule, ["paths": ["src/a"], "urls": ["https://a.example.com"], "env": ["CI": "1"]]) == yes)
    }

    @Test func `G6 what denies holds if any path, host, scheme, command or variable matches`() {
        let rest = Policy.Rule(
            "rest", .allow, paths: ["/**"], commands: [["**"]], hosts: ["*"], environment: ["*"])
        let rule = Policy.Rule(
            "r", .deny, paths: ["secret/**"], commands: [["rm", "**"]], hosts: ["evil.com"],
            schemes: ["http"],
            environment: ["LD_*"])
        func answer(_ arguments: JSON) -> String { answers(rule, arguments, else: rest) }
        #expect(answer(["paths": ["a", "b"]]) == "allow rest")
        #expect(answer(["paths": ["a", "secret/b"]]) == "deny r")
        #expect(answer(["urls": ["https://good.com", "https://evil.com"]]) == "deny r")
        #expect(answer(["urls": ["https://good.com", "http://good.com"]]) == "deny r")
        #expect(answer(["urls": ["https://good.com"]]) == "allow rest")
        #expect(answer(["commands": [["ls"], ["rm", "x"]]]) == "deny r")
        #expect(answer(["commands": [["ls"]]]) == "allow rest")
        #expect(answer(["paths": ["a"], "env": ["CI", "LD_PRELOAD"]]) == "deny r")
        #expect(answer(["paths": ["a"], "env": ["CI"]]) == "allow rest")
    }

    @Test func `a rule that denies looks past case and the spelling of a program`() {
        let rest = Policy.Rule(
            "rest", .allow, paths: ["/**"], commands: [["**"]], hosts: ["*"], environment: ["*"])
        let rule = Policy.Rule(
            "r", .deny, paths: ["Secret/é"], commands: [["rm", "**"]], environment: ["LD_*"])
        func answer(_ arguments: JSON) -> String { answers(rule, arguments, else: rest) }
        for path in ["secret/é", "SECRET/E\u{301}", "/WORK/secret/É", "se\u{200B}cret/é", "ſecret/é"] {
            #expect(answer(["paths": [.string(path)]]) == "deny r", "\(path)")
        }
        for program in ["rm", "/bin/rm", "./rm", "RM", "../x/Rm"] {
            #expect(answer(["commands": [[.string(program), "x"]]]) == "deny r", "\(program)")
        }
        #expect(answer(["paths": ["a"], "env": ["ld_preload"]]) == "deny r")
    }

    @Test func `a rule that allows compares byte by byte`() {
        let rule = Policy.Rule("r", .allow, paths: ["src/é"], commands: [["git", "**"]])
        #expect(answers(rule, ["paths": ["src/é"]]) == "allow r")
        for path in ["Src/é", "src/É", "src/e\u{301}", "src/\u{200B}é"] {
            #expect(answers(rule, ["paths": [.string(path)]]) == "deny none", "\(path)")
        }
        for program in ["Git", "./git", "/tmp/git"] {
            #expect(answers(rule, ["commands": [[.string(program)]]]) == "deny none", "\(program)")
        }
    }

    @Test
    func `a rule with conditions is about calls that touch what it has conditions on, and nothing else`() {
        let files = Policy.Rule("r", .allow, paths: ["**"])
        #expect(answers(files, ["paths": ["a"]]) == "allow r")
        #expect(answers(files, [:]) == "deny none")
        #expect(answers(files, ["paths": ["a"], "urls": ["https://example.com"]]) == "deny none")
        #expect(answers(files, ["commands": [["cat", "a"]]]) == "deny none")
        let commands = Policy.Rule("r", .allow, commands: [["cat", "**"]])
        #expect(answers(commands, ["commands": [["cat", "/etc/hosts"]]]) == "allow r")
        #expect(answers(commands, ["commands": [["cat", "a"]], "paths": ["a"]]) == "deny none")
        let both = Policy.Rule("r", .allow, paths: ["**"], commands: [["cat", "**"]])
        #expect(answers(both, ["commands": [["cat", "a"]]]) == "allow r")
        #expect(answers(both, ["commands": [["cat", "/etc/hosts"]]]) == "deny none")
        let anything = Policy.Rule("r", .allow)
        #expect(answers(anything, [:]) == "allow r")
        #expect(answers(anything, ["commands": [["cat"]], "paths": ["/usr"]]) == "allow r")
    }

    @Test func `a denial without conditions holds for every call, one with conditions for what touches them`()
    {
        let rest = Policy.Rule("rest", .allow)
        #expect(answers(Policy.Rule("r", .deny), [:], else: rest) == "deny r")
        #expect(answers(Policy.Rule("r", .deny, paths: ["/**"]), [:], else: rest) == "allow rest")
    }
}
