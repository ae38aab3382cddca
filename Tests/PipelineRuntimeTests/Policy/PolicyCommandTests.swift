import PipelineCore
import Testing

@testable import PipelineRuntime

/// Commands and what their words may name.
struct PolicyCommandTests {
    private func answer(_ command: [String], _ rules: Policy.Rule...) -> String {
        Policy(rules, root: "/work").answer(["command": command.json], touches: [.command("/command")])
    }

    @Test(arguments: [
        (["git"], ["git"], true), (["git"], ["git", "x"], false), (["git", "*"], ["git", "x"], true),
        (["git", "*"], ["git"], false), (["git", "*"], ["git", "x", "y"], false),
        (["git", "**"], ["git"], true),
        (["git", "**"], ["git", "x", "y"], true), (["**"], ["git"], true),
        (["git", "-*"], ["git", "-x"], true),
        (["git", "-*"], ["git", "x"], false), (["git"], ["/bin/git"], false),
        (["git", "**"], ["env", "git"], false),
        (["swift", "test", "--filter=*"], ["swift", "test", "--filter=A*B"], true), (["git"], ["*"], false),
    ])
    func `G6 a command is allowed word by word`(pattern: [String], command: [String], fits: Bool) {
        #expect(answer(command, .init("r", .allow, commands: [pattern])) == (fits ? "allow r" : "deny none"))
    }

    static let hidden = [
        "/etc/x", "../x", "--output=/etc/x", "-o/etc/x", "-o=../x", "@/etc/x", "-d@/etc/x", "--data=@/etc/x",
        "a=b=/etc/x",
        "/work/../etc", "HEAD:/etc/x", "-v/etc:/mnt", "type=bind,src=/etc", "file:///etc/x", "X=/etc/x",
        "cat /etc/x",
        "$(cat /etc/x)", "`cat /etc/x`", "a;cat</etc/x", "-xzf/etc/x", "--/etc/x", "-I../x", "~/x",
        "--x=~root", "a\n/etc/x",
        "'/etc/x'", "[/etc/x]", "-/etc/x", "a,../x", "https://a/../../../../etc/x", "http:///etc",
        "--u=file:///etc/x",
    ]

    @Test(arguments: hidden)
    func `a path outside that a word hides is seen`(word: String) {
        let rule = Policy.Rule("r", .allow, paths: ["**"], commands: [["tool", "**"]])
        #expect(answer(["tool", word], rule) == "deny none")
        #expect(answer(["tool", word], .init("r", .allow, commands: [["tool", "**"]])) == "allow r")
    }

    @Test(arguments: [
        "a", "src/a.swift", "--output=out/x", "-o", "-Iinclude", "-", "--", "a=b", "HEAD", "-la", "/work/a",
        "x:y",
        "user@host:src", "a b", "--exclude=*.o", "", "a..b", "HEAD~1",
    ])
    func `words that stay inside stay allowed`(word: String) {
        #expect(
            answer(["tool", word], .init("r", .allow, paths: ["**"], commands: [["tool", "**"]])) == "allow r"
        )
    }

    @Test(arguments: [
        ".env", "--file=.env", "-f.env", "@.env", "cat .env", "a:.ssh/id_rsa", "X=.aws/credentials",
    ])
    func `a sensitive path that a word hides is seen, whatever the command`(word: String) {
        #expect(answer(["tool", word], .init("r", .allow, commands: [["tool", "**"]])) == "deny none")
        #expect(answer(["tool", word], .init("r", .allow)) == "deny none")
    }

    @Test func `a variable or a URL that a word sets is seen by what denies and by what lists`() {
        let all = Policy.Rule("r", .allow)
        let deny = Policy.Rule("d", .deny, hosts: ["evil.com"], environment: ["LD_*"])
        #expect(answer(["env", "LD_PRELOAD=x", "git"], deny, all) == "deny d")
        #expect(answer(["curl", "https://evil.com"], deny, all) == "deny d")
        #expect(answer(["curl", "--url=https://evil.com/x"], deny, all) == "deny d")
        #expect(answer(["curl", "https://good.com"], deny, all) == "allow r")
        let listing = Policy.Rule("r", .allow, commands: [["**"]], hosts: ["good.com"], environment: ["CI"])
        #expect(answer(["curl", "https://good.com"], listing) == "allow r")
        #expect(answer(["curl", "https://evil.com"], listing) == "deny none")
        #expect(answer(["env", "CI=1", "git"], listing) == "allow r")
        #expect(answer(["env", "PATH=.", "git"], listing) == "deny none")
    }

    @Test func `a command that runs in a folder has its words judged from there`() throws {
        let folder = try ScratchFolder()
        for name in ["root", "root/sub", "outside"] { try folder.makeFolder(name) }
        try folder.link("root/sub/out", to: "../../outside")
        let rule = Policy.Rule("r", .allow, paths: ["**"], commands: [["cat", "**"]])
        let policy = Policy([rule], root: folder["root"])
        func answer(_ word: String, in directory: JSON) -> String {
            policy.answer(
                ["command": ["cat", .string(word)], "directory": directory],
                touches: [.command("/command", in: "/directory")])
        }
        #expect(answer("out", in: ".") == "allow r")
        #expect(answer("../x", in: "sub") == "allow r")
        #expect(answer("x", in: .string(folder["root/sub"])) == "allow r")
        #expect(answer("out", in: "sub") == "deny none")
        #expect(answer("x", in: "sub/out") == "deny none" && answer("x", in: "..") == "deny none")
        #expect(answer("../../x", in: "sub") == "deny none")
        #expect(answer("x", in: 7) == "deny none" && answer("x", in: ["a"]) == "deny none")
    }
}
