import PipelineCore
import Testing

@testable import PipelineRuntime

/// What no rule reaches unless it lists it: sensitive paths, secrets, variables that the arguments set.
struct PolicyGuardTests {
    static let sensitive = [
        ".env", "a/.env", ".env.local", ".ENV", ".e\u{200B}nv", "a/b.pem", "B.PEM", "id_rsa",
        "id_ed25519.pub", ".ssh",
        ".ssh/config", "x/.aws/credentials", ".AWS/x/y", ".netrc", ".npmrc", ".pypirc", ".git-credentials",
        ".docker/config.json", ".kube/config", "k.p12", "a.keystore", "/etc/shadow", "/etc/shadow-",
        "/proc/self/environ",
        "/proc/meminfo", "a/../.env", "./.env/", "/home/ada/.ssh/id_rsa", "KEY.Key", "ıd/.env",
        ".env\u{301}/../.env",
    ]

    @Test(arguments: sensitive)
    func `G6 a sensitive path is reached by no rule that does not list it`(path: String) {
        let arguments: JSON = ["path": .string(path)]
        for touches in [[.path("/path")], nil] as [[ToolDeclaration.Place]?] {
            for effect in [Run.Decision.Verdict.allow, .ask] {
                for rule in [Policy.Rule("r", effect, paths: ["/**"]), Policy.Rule("r", effect)] {
                    let policy = Policy([rule], root: "/work")
                    #expect(policy.answer(arguments, touches: touches) == "deny none")
                    #expect(policy.decision(arguments, touches: touches).reason.contains("sensitive"))
                }
                let listing = Policy([.init("r", effect, paths: ["/**"], sensitive: ["/**"])], root: "/work")
                #expect(listing.answer(arguments, touches: touches) == "\(effect.rawValue) r")
            }
        }
    }

    @Test(arguments: [
        "env", ".envs", "environment", "a.pem.txt", "keys", "id.txt", "ssh/config", "proc/x", ".github/x",
    ])
    func `a path that only resembles one is plain`(path: String) {
        let policy = Policy([.init("r", .allow, paths: ["**"])], root: "/work")
        #expect(policy.answer(["path": .string(path)], touches: [.path("/path")]) == "allow r")
    }

    @Test func `a list of sensitive paths is exact, and a link to one is one`() throws {
        let folder = try ScratchFolder()
        try folder.write([], to: ".env")
        try folder.link("plain", to: ".env")
        let policy = Policy([.init("r", .allow, paths: ["**"], sensitive: [".env"])], root: folder.path)
        func answer(_ path: String) -> String {
            policy.answer(["path": .string(path)], touches: [.path("/path")])
        }
        #expect(answer(".env") == "allow r" && answer("plain") == "allow r")
        #expect(
            answer(".ENV") == "deny none" && answer("a/.env") == "deny none"
                && answer(".env.x") == "deny none")
        let strict = Policy([.init("r", .allow, paths: ["**"])], root: folder.path)
        #expect(strict.answer(["path": "plain"], touches: [.path("/path")]) == "deny none")
    }

    @Test func `without a root the names of a path are enough to see that it is sensitive`() {
        let policy = Policy([.init("r", .allow)])
        func answer(_ path: String) -> String {
            policy.answer(["path": .string(path)], touches: [.path("/path")])
        }
        #expect(answer("a/b") == "allow r")
        #expect(answer("a/.env") == "deny none" && answer("../.ssh/x") == "deny none")
        #expect(
            Policy([.init("r", .allow, paths: ["/**"])]).answer(["path": "a"], touches: [.path("/path")])
                == "deny none")
        let deny = Policy([.init("d", .deny, paths: ["/etc/**"]), .init("r", .allow)])
        #expect(deny.answer(["path": "a"], touches: [.path("/path")]) == "deny d", "it might be anywhere")
    }

    @Test func `G6 a secret is used by no rule that does not list it`() {
        let arguments: JSON = ["header": ["a": [["$secret": "TOKEN"]]], "path": "a"]
        for touches in [[.path("/path")], nil] as [[ToolDeclaration.Place]?] {
            func answer(_ rules: Policy.Rule...) -> String {
                Policy(rules, root: "/work").answer(arguments, touches: touches)
            }
            #expect(answer(.init("r", .allow)) == "deny none")
            #expect(answer(.init("r", .ask, secrets: ["OTHER"])) == "deny none")
            #expect(answer(.init("r", .allow, secrets: ["TOK*"])) == "allow r")
            #expect(
                answer(.init("d", .deny, secrets: ["TOK*"]), .init("r", .allow, secrets: ["*"])) == "deny d")
        }
        #expect(
            Policy([.init("r", .allow)]).decision(arguments, touches: []).reason.contains("secret \"TOKEN\""))
        let strategy = Policy([.init("r", .allow)]).decision(arguments, kind: .strategy)
        #expect(strategy.verdict == .deny, "a strategy's too")
    }

    @Test(arguments: [["$secret": 7], ["$secret": "A", "more": 1], ["$secret": ["$secret": "A"]]] as [JSON])
    func `what looks like a secret and is none is allowed by no rule`(secret: JSON) {
        let policy = Policy([.init("r", .allow, secrets: ["*"])])
        #expect(policy.answer(["a": secret]) == "deny none")
    }

    @Test func `G6 variables that the arguments set are denied unless listed`() {
        let places: [ToolDeclaration.Place] = [.environment("/env")]
        for env: JSON in [
            "LD_PRELOAD", ["LD_PRELOAD"], ["LD_PRELOAD": "x"], ["CI", "LD_PRELOAD"], "LD_PRELOAD=x",
        ] {
            func answer(_ rules: Policy.Rule...) -> String {
                Policy(rules).answer(["env": env], touches: places)
            }
            #expect(answer(.init("r", .allow)) == "deny none")
            #expect(answer(.init("r", .allow, environment: ["CI"])) == "deny none")
            #expect(answer(.init("r", .allow, environment: ["CI", "LD_*"])) == "allow r")
            #expect(
                answer(.init("d", .deny, environment: ["LD_*"]), .init("r", .allow, environment: ["*"]))
                    == "deny d")
        }
    }

    @Test func `variables that a tool passes on are judged where a rule has a condition on them`() {
        func answer(_ rules: Policy.Rule...) -> String {
            Policy(rules).answer(environment: ["PATH", "HOME"])
        }
        #expect(answer(.init("r", .allow)) == "allow r")
        #expect(answer(.init("r", .allow, environment: ["PATH"])) == "deny none")
        #expect(answer(.init("r", .allow, environment: ["PATH", "HOME"])) == "allow r")
        #expect(answer(.init("d", .deny, environment: ["HOME"]), .init("r", .allow)) == "deny d")
    }

    @Test(
        arguments: [
            (["path": 7], [.path("/path")]), (["path": nil], [.path("/path")]),
            (["path": ["a"]], [.path("/path")]),
            (["path": ["$secret": "A"]], [.path("/path")]), (["url": 7], [.url("/url")]),
            (["run": "ls -l"], [.command("/run")]), (["run": []], [.command("/run")]),
            (["run": ["", "a"]], [.command("/run")]), (["run": ["ls", 7]], [.command("/run")]),
            (["run": ["ls", "a\0"]], [.command("/run")]), (["env": 7], [.environment("/env")]),
            (["env": [7]], [.environment("/env")]),
        ] as [(JSON, [ToolDeclaration.Place])])
    func `what a tool declares and is not that is allowed by no rule`(
        arguments: JSON, places: [ToolDeclaration.Place]
    ) {
        let all = Policy.Rule(
            "all", .allow, paths: ["/**"], commands: [["**"]], hosts: ["*"], environment: ["*"],
            secrets: ["*"])
        #expect(Policy([all]).answer(arguments, touches: places) == "deny none")
        #expect(
            Policy([.init("r", .allow, secrets: ["*"])]).answer(arguments, touches: places) == "deny none")
        let denying = Policy([.init("d", .deny, environment: ["X"]), .init("r", .allow)])
        #expect(denying.answer(arguments, touches: places) == "deny d")
    }

    @Test func `places say where, with stars and escapes, and what is taken when there is nothing`() {
        let policy = Policy([.init("r", .allow, paths: ["in/**"])], root: "/work")
        func answer(_ pattern: String, _ arguments: JSON, or fallback: String? = nil) -> String {
            policy.answer(arguments, touches: [.path(pattern, or: fallback)])
        }
        #expect(answer("/a/*/b", ["a": [["b": "in/x"], ["b": "in/y"], ["c": "/"]]]) == "allow r")
        #expect(answer("/a/*/b", ["a": ["x": ["b": "in/x"], "y": ["b": "out"]]]) == "deny none")
        #expect(answer("/a/1", ["a": ["out", "in/x"]]) == "allow r")
        #expect(answer("/a~1b/c~0d", ["a/b": ["c~d": "in/x"]]) == "allow r")
        #expect(answer("/a/9223372036854775807", ["a": ["out"]]) == "deny none")
        #expect(answer("/a", [:], or: "in") == "allow r")
        #expect(answer("/a", [:], or: "out") == "deny none")
        #expect(answer("/a", ["a": "in/x"], or: "out") == "allow r")
    }

    @Test func `more than can be judged is allowed by no rule`() {
        let policy = Policy([.init("r", .allow)])
        let many = JSON.array(Array(repeating: "a", count: 4_097))
        #expect(policy.answer(["a": many], touches: nil) == "deny none")
        #expect(policy.answer(["a": many], touches: []) == "allow r", "declared to touch nothing")
        var deep: JSON = "a"
        for _ in 0..<200 { deep = [deep] }
        #expect(policy.answer(["a": deep], touches: nil) == "deny none")
        #expect(policy.answer(["a": deep], touches: []) == "deny none")
    }
}
