import PipelineCore
import Testing

@testable import PipelineRuntime

/// Where paths lead, by their letters and by real links.
struct PolicyPathTests {
    /// A file system of links: whatever else is asked for is there and no link, but for names with `no` in
    /// them.
    private static func resolver(root: String? = "/work", _ links: [String: String] = [:])
        -> Policy.PathResolver
    {
        Policy.PathResolver(root: root) { path in
            if let target = links[path] { return target.isEmpty ? .unknown : .link(to: target) }
            return path.contains("no") ? .missing : .other
        }
    }

    private static func places(
        _ path: String, root: String? = "/work", _ links: [String: String] = [:]
    ) -> [String]? {
        guard case .places(let written, let resolved, let others) = resolver(root: root, links).read(path)
        else {
            return nil
        }
        return [written.text, resolved.text] + others.map { place in place.text }
    }

    @Test(arguments: [
        ("a", "/work/a"), ("./a//b/", "/work/a/b"), (".", "/work"), ("a/..", "/work"), ("..", "/"),
        ("../../../..", "/"), ("/", "/"), ("//a", "/a"), ("/work/../etc", "/etc"), ("no/../a", "/work/a"),
        ("...", "/work/..."), ("..a", "/work/..a"), ("a\\..\\b", "/work/a\\..\\b"), ("．．/a", "/work/．．/a"),
        ("%2e%2e/a", "/work/%2e%2e/a"), ("a~", "/work/a~"), ("./~", "/work/~"), (" ", "/work/ "),
    ])
    func `a path without links is at one place`(path: String, place: String) {
        #expect(Self.places(path) == [place, place])
    }

    @Test func `links are followed one by one, wherever they stand`() {
        let links = [
            "/work/out": "../outside", "/work/abs": "/etc", "/work/chain": "out/deep",
            "/work/new": "no/thing",
            "/outside/back": "../work",
        ]
        func resolved(_ path: String) -> String? { Self.places(path, links)?[1] }
        #expect(resolved("out") == "/outside")
        #expect(resolved("out/x") == "/outside/x")
        #expect(resolved("abs/passwd") == "/etc/passwd")
        #expect(resolved("chain/x") == "/outside/deep/x")
        #expect(resolved("new/x") == "/work/no/thing/x", "a link to what is not there yet")
        #expect(resolved("out/back/a") == "/work/a")
        #expect(resolved("out/..") == "/", "the folder above the link's target")
        #expect(Self.places("out/../abs/x", links) == ["/work/abs/x", "/abs/x", "/etc/x"])
        #expect(Self.places("no/../abs/x", links)?[1] == "/etc/x", "a missing name hides no link behind it")
    }

    @Test func `a root behind a link is known by both its names`() {
        let resolver = Self.resolver(root: "/tmp/w", ["/tmp": "/private/tmp"])
        #expect(resolver.roots.map(\.text) == ["/tmp/w", "/private/tmp/w"])
        #expect(
            Self.places("a", root: "/tmp/w", ["/tmp": "/private/tmp"]) == ["/tmp/w/a", "/private/tmp/w/a"])
    }

    @Test(arguments: [
        "", "\0", "a\0/b", "~", "~/a", "~root/x", "loop", "loop/x", "blind/x",
        String(repeating: "a/", count: 2_049), String(repeating: "a/", count: 257),
    ])
    func `what cannot be followed cannot be read`(path: String) {
        #expect(Self.places(path, ["/work/loop": "loop", "/work/blind": ""]) == nil)
    }

    @Test func `without a root a relative path is nowhere, and an absolute one is where it is`() {
        #expect(Self.resolver(root: nil).read("a/b") == .unplaced(Policy.Path(["a", "b"])))
        #expect(Self.places("/a", root: nil) == ["/a", "/a"])
    }

    @Test func `links that lead on and on are given up`() {
        var links: [String: String] = [:]
        for number in 0..<41 { links["/work/\(number)"] = "\(number + 1)" }
        #expect(Self.places("1", links) != nil)
        #expect(Self.places("0", links) == nil)
    }

    @Test(arguments: [
        ("**", "", true), ("**", "a/b/c", true), ("src/**", "src", true), ("src/**", "src/a/b", true),
        ("src/**", "srcs", false), ("*", "a", true), ("*", "a/b", false), ("*", "", false),
        ("*.swift", "a.swift", true), ("*.swift", "b/a.swift", false), ("**/*.swift", "a.swift", true),
        ("**/*.swift", "b/c/a.swift", true), ("a/**/z", "a/z", true), ("a/**/z", "a/b/c/z", true),
        ("a/**/z", "a/b/z/c", false), ("**/a/**/a/**", "a/b/a", true), ("**/a/**/a/**", "b/a", false),
        ("/work/a", "a", true), ("/**/a", "a", true), ("/**", "a", true), ("/*", "a", false),
        ("a", "A", false),
    ])
    func `patterns of names`(pattern: String, path: String, fits: Bool) {
        let root = Policy.Path(["work"])
        let place = Policy.Path(["work"] + Policy.Path.parts(path))
        #expect(Policy.PathPattern(pattern).matches(place, below: [root], exactly: true) == fits)
        #expect(!Policy.PathPattern("**").matches(Policy.Path(["works"]), below: [root], exactly: true))
    }

    @Test func `a pattern that could go astray takes no more steps than bytes times bytes`() {
        var steps = 0
        let names = Array(repeating: "a", count: 256)
        let pattern = (0..<128).flatMap { _ in ["**", "a"] } + ["b"]
        let fits = names.matches(
            pattern, isAny: { part in part == "**" },
            fits: { name, part in
                steps += 1
                return name == part
            })
        #expect(!fits && steps <= names.count * pattern.count)
    }

    @Test func `G6 real links out of the root are outside, by every way there`() throws {
        let folder = try ScratchFolder()
        for name in ["outside", "root", "root/sub"] { try folder.makeFolder(name) }
        try folder.write(Array("secret".utf8), to: "outside/file")
        try folder.write(Array("plain".utf8), to: "root/sub/file")
        try folder.link("root/out", to: "../outside")
        try folder.link("root/out-file", to: folder["outside/file"])
        try folder.link("root/new", to: "../outside/new")
        try folder.link("root/sub/up", to: "../..")
        try folder.link("root/loop", to: "loop")
        try folder.link("root/inside", to: "sub")
        try folder.link("elsewhere", to: "root")
        for root in [folder["root"], folder["elsewhere"]] {
            let policy = Policy([.init("files", .allow, paths: ["**"])], root: root)
            func answer(_ path: String) -> String {
                policy.answer(["path": .string(path)], touches: [.path("/path")])
            }
            for path in [
                "sub/file", ".", "sub/new", "inside/file", "sub/../sub/file", folder["root/sub/file"],
                "\(root)/x",
            ] where root == folder["root"] || !path.hasPrefix(folder["root/"]) {
                #expect(answer(path) == "allow files", "\(path) below \(root)")
            }
            for path in [
                "out", "out/file", "out-file", "new", "sub/up", "sub/up/outside/file", "loop",
                "../outside/file",
                "sub/../../outside/file", folder["outside/file"], "inside/../../x",
                "/",
                "..", "../rootless", "../root/../outside/file", "sub/up/root/sub/file/../../../outside/file",
            ] {
                #expect(answer(path) == "deny none", "\(path) below \(root)")
            }
        }
    }

    @Test func `a tool can be told which places were judged`() throws {
        let folder = try ScratchFolder()
        try folder.makeFolder("sub")
        try folder.link("to-sub", to: "sub")
        let policy = Policy([.init("files", .allow, paths: ["**"])], root: folder.path)
        let execution = Run.Execution(
            id: .r(2, 1), kind: .tool, name: "copy",
            arguments: ["from": "to-sub/a", "to": [["path": "b"], ["path": "./c/../d"]]], mode: "coding",
            correlation: "r", cause: "r")
        let tool = Touching(
            name: "copy", touches: [.path("/from"), .path("/to/*/path"), .path("/in", or: ".")])
        let touched = policy.resources(
            of: execution, declaredBy: tool.declaration, environment: tool.environment)
        #expect(touched.judgedPaths.map(\.pointer) == ["/from", "/to/0/path", "/to/1/path", "/in"])
        #expect(
            touched.judgedPaths.map(\.path) == [
                folder["sub/a"], folder["b"], folder["d"], folder.path,
            ])
        #expect(policy.decide(execution, touching: touched).verdict == .allow)
    }
}
