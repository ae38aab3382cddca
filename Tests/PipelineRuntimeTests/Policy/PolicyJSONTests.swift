import PipelineCore
import Testing

@testable import PipelineRuntime

/// The JSON form of a policy.
struct PolicyJSONTests {
    private let full = Policy.Rule(
        "everything", .ask, kinds: [.tool, .command], modes: ["coding"], names: ["read_*"],
        paths: ["**", "/usr/*"],
        sensitive: [".env"], commands: [["git", "status"], ["swift", "**"]],
        hosts: ["*.example.com", "[::1]"],
        schemes: ["https"], environment: ["CI"], secrets: ["TOKEN"], reason: "Why not.")

    @Test func `a policy comes back from its JSON byte by byte`() throws {
        let policy = Policy([full, .init("rest", .deny)], root: "/work")
        let json = try #require(policy.json)
        let again = try Policy(json: json, root: "/work")
        #expect(again.rules == policy.rules && again.json?.canonicalBytes == json.canonicalBytes)
        #expect(json["rules"]?.arrayValue?.last == ["rule": "rest", "effect": "deny"])
        #expect(try Policy.Rule(json: full.json) == full)
        #expect(Set([full, full]).count == 1)
    }

    @Test func `every problem is told at once, with its place and what to do`() throws {
        let json: JSON = [
            "rules": [
                [
                    "rule": 7, "effect": "maybe", "kinds": ["tool_run", "tools"], "path": ["**"],
                    "paths": "src",
                ],
                ["effect": "deny", "commands": [["git", 7], "ls"], "hosts": ["ok.com", 1], "reason": []], 9,
            ], "root/": 1,
        ]
        let error = #expect(throws: PolicyError.self) { try Policy(json: json, root: "/work") }
        let problems = try #require(error).problems
        #expect(
            problems.map(\.pointer) == [
                "/root~1", "/rules/0/path", "/rules/0/rule", "/rules/0/effect", "/rules/0/paths",
                "/rules/0/kinds/1", "/rules/1/commands/0/1", "/rules/1/commands/1", "/rules/1/hosts/1",
                "/rules/1/rule", "/rules/1/reason", "/rules/2",
            ])
        #expect(problems.allSatisfy { problem in !problem.reason.isEmpty && !problem.hint.isEmpty })
        #expect(error?.description.split(separator: "\n").count == problems.count + 1)
    }

    @Test func `what has no form and what means nothing are told in one round, each with its own place`()
        throws
    {
        let json: JSON = [
            "rules": [
                ["rule": "", "effect": "allow", "hosts": [7, "A.com"], "colour": "red"],
                ["effect": "deny", "paths": ["a/../b"], "kinds": []],
                ["rule": "x", "effect": "perhaps", "commands": [7, []]],
            ]
        ]
        let error = #expect(throws: PolicyError.self) { try Policy(json: json, root: "/work") }
        #expect(
            error?.problems.map(\.pointer) == [
                "/rules/0/colour", "/rules/0/hosts/0", "/rules/0/rule", "/rules/0/hosts/1",
                "/rules/1/rule", "/rules/1/kinds", "/rules/1/paths/0",
                "/rules/2/effect", "/rules/2/commands/0", "/rules/2/commands/1",
            ])
    }

    @Test func `what has the form and means nothing is told at once too`() throws {
        let rules: [Policy.Rule] = [
            .init("", .allow, kinds: [], modes: [], names: []), .init("a", .allow, paths: []),
            .init(
                "a", .deny, paths: ["/a/../b", "x**/y", "", "a\0"], sensitive: [".env"],
                commands: [[], ["git", "**", "x"]]),
            .init(
                "b", .allow, hosts: ["Example.com", "a/b", "*x.com", "1.2.3"], schemes: ["HTTP", "1x"],
                environment: ["A=b"]),
            .init("c", .allow, paths: ["src/**"]),
        ]
        let problems = Policy(rules).problems
        #expect(
            problems.map(\.pointer) == [
                "/rules/0/rule", "/rules/0/kinds", "/rules/0/modes", "/rules/0/names", "/rules/1/paths",
                "/rules/2/rule", "/rules/2/paths/0", "/rules/2/paths/1", "/rules/2/paths/2",
                "/rules/2/paths/3",
                "/rules/2/sensitive/0", "/rules/2/sensitive", "/rules/2/commands/0", "/rules/2/commands/1/1",
                "/rules/3/hosts/0", "/rules/3/hosts/1", "/rules/3/hosts/2", "/rules/3/hosts/3",
                "/rules/3/schemes/0", "/rules/3/schemes/1", "/rules/3/environment/0", "/rules/4/paths/0",
            ])
        let error = #expect(throws: PolicyError.self) {
            try Policy(json: ["rules": rules.json])
        }
        #expect(error?.problems == problems)
    }

    @Test(arguments: [nil, 1, [], [:], ["rules": nil], ["rules": [nil]], ["rules": [[:]]]] as [JSON])
    func `what is no policy is refused`(json: JSON) {
        #expect(throws: PolicyError.self) { try Policy(json: json) }
    }

    @Test func `one rule names its first problem`() {
        let error = #expect(throws: JSON.FormatError.self) {
            try Policy.Rule(json: ["rule": "a", "effect": "allow", "names": ["a", 1]])
        }
        #expect(error?.pointer == "/names/1")
    }
}
