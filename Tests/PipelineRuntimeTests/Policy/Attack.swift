import PipelineCore
import Testing

/// A call that wants out.
struct Attack: Sendable, CustomTestStringConvertible {
    let tool: String
    let arguments: JSON

    init(_ tool: String, _ arguments: JSON) {
        self.tool = tool
        self.arguments = arguments
    }

    var testDescription: String { "\(tool) \(String("\(arguments)".prefix(120)))" }
}

extension Attack {
    /// Paths that lead out, or to what is sensitive.
    static let paths: [String] = [
        "../outside/secret", "./../outside/secret", "sub/../../outside/secret", "sub//..//..//outside/secret",
        "no/../../outside/secret", "sub/file/../../../outside/secret", "{OUT}/secret", "/{OUT}/secret",
        "///{OUT}//./secret", "{ROOT}/../outside/secret", "{ROOT}/out/secret", "{OUT}/../outside/deep/secret",
        "out/secret", "out/deep/secret", "out//./secret", "out/", "out-file", "out-file/",
        "out/../outside/secret",
        "absolute/secret", "chain/secret", "dots/outside/secret", "sub/up/outside/secret",
        "inside/../out/secret",
        "inside/up/outside/secret", "inside/../../outside/secret", "loop/../out/secret", "new", "loop", "..",
        "../", "/", "out", "OUT/../../outside/secret",
        "out-file\0", "../outside/secret\0.txt", "sub/file\0/../../outside/secret", "\0", "~", "~/x",
        "~root/../{OUT}/secret", "~/../{OUT}/secret", ".env", ".ENV", ".env.local", "./.env", "sub/../.env",
        "sub/.././.env", "{ROOT}/.env", "link-env", "keys/id_rsa", "keys/ID_RSA", "keys/server.pem",
        "keys/server.PEM", "inside/../.env", ".e\u{200B}nv", ".e\u{00AD}nv", ".\u{FEFF}env", ".env\u{200D}",
        "KEYS/Server.pem", "keys/ıd_rsa/../id_rsa",
        String(repeating: "./", count: 2_100) + "../outside/secret",
        String(repeating: "sub/../", count: 200) + "../outside/secret",
    ]

    /// Texts that only look like a way out, or are one for others than a file system.
    static let harmlessPaths: [String] = [
        "．．/outside/secret", "．．／outside／secret", "..\u{2215}outside\u{2215}secret", "..\\outside\\secret",
        "%2e%2e/outside/secret", "%2e%2e%2foutside", "..%c0%af..",
        "\u{202E}terces/edistuo/..\u{202C}/../sub/file",
        "..\u{200B}/outside/secret", "\u{200B}../outside/secret", "..\u{301}/outside/secret", "e\u{301}",
        "…/x",
        "*", "**", "../root/sub/file/../file", "[!a]*", "{..,.}/x", "$HOME/x", "${HOME}", "$(cat x)",
        " ../outside/secret",
        "../ /x/../root", "\t../outside/secret", "\n../outside/secret", "sub/file\r\n", "\u{1B}[31m", "...",
        ".../x",
        "file:", "C:\\secret", "CON", "-rf", "--help", "sub/./file/.", "sub/file ", "|cat secret", "sub;ls",
    ]

    /// Each path, to each tool that takes one.
    static let onPaths: [Attack] = paths.flatMap { path -> [Attack] in
        let text = JSON.string(path)
        var attacks = [
            Attack("read_file", ["path": text]), Attack("list_directory", ["path": text]),
            Attack("search_files", ["text": "SECRET", "path": text]),
            Attack("edit_file", ["path": text, "old": "SECRET", "new": "ESCAPED"]),
            Attack("read_careless", ["path": text]), Attack("read_careless_anywhere", ["path": text]),
            Attack("read_careless_anywhere", ["a": ["b": [["c": [text]]], "d": 1]]),
            Attack("read_careless_anywhere", ["a": .object([path: true])]),
            Attack("run_command", ["command": ["cat", text]]),
            Attack("run_command", ["command": ["cat", "plain", text]]),
        ]
        // What writes is aimed at the test's own folder alone, should the policy fail.
        guard path.utf8.first != UInt8(ascii: "/") else { return attacks }
        attacks += [
            Attack("write_file", ["path": text, "text": "ESCAPED"]), Attack("write_careless", ["path": text]),
            Attack("run_command", ["command": ["cp", "plain", text]]),
        ]
        return attacks
    }

    private static let commands: [[String]] = [
        ["sh", "-c", "cat ../outside/secret"], ["env", "cat", "../outside/secret"],
        ["env", "LD_PRELOAD=./x.so", "cat", "sub/file"], ["LD_PRELOAD=./x.so", "cat"],
        ["/bin/cat", "sub/file"],
        ["./cat", "sub/file"], ["CAT", "sub/file"], ["cat ", "sub/file"], ["c\u{430}t", "sub/file"],
        ["cat\0", "sub/file"], [""], [], ["*"], ["**"], ["cat", "-A../outside/secret"],
        ["cat", "-A{OUT}/secret"],
        ["cat", "--", "../outside/secret"], ["cat", "--show-all", "out-file"],
        ["cat", "{OUT}/secret", "sub/file"],
        ["cat", "@{OUT}/secret"], ["cat", "x=../outside/secret"], ["cat", "file://{OUT}/secret"],
        ["cat", "https://a/../../../outside/secret"], ["cp", "--target-directory={OUT}", "plain"],
        ["cp", "--target-directory=../outside", "plain"], ["cp", "-t{OUT}", "plain"],
        ["cp", "-t../outside", "plain"],
        ["cp", "-at../outside", "plain"], ["cp", "-t", "../outside", "plain"],
        ["cp", "plain", "out/copy"],
        ["cp", "plain", "out"], ["cp", "out-file", "copy"], ["cp", "-r", "out", "copy"],
        ["cp", ".env", "copy"],
        ["cp", "-r", "keys/id_rsa", "copy"], ["tee", "{OUT}/new"], ["tee", "-a../outside/new"],
        ["touch", "new"],
        ["touch", "out/new"], ["touch", "-r{OUT}/secret", "plain"],
        ["touch", "--reference=../outside/secret", "plain"],
        ["ls", "../outside"], ["ls", "out/"], ["ls", "sub/up/outside"], ["cat", "sub/file", "\0"],
        ["cat", "sub/file", "../outside/secret\0"],
    ]

    private static let misshapen: [JSON] = [
        ["command": "cat ../outside/secret"], ["command": ["cat", ["../outside/secret"]]],
        ["command": ["cat", 7]],
        ["command": nil], ["command": ["0": "cat", "1": "../outside/secret"]],
        ["command": ["cat", ["$secret": "PASSWORD"]]], ["Command": ["cat", "sub/file"]], ["cat", "sub/file"],
    ]

    static let onCommands: [Attack] =
        commands.map { words in Attack("run_command", ["command": words.json]) }
        + misshapen.map { arguments in Attack("run_command", arguments) }

    private static let addresses: [String] =
        PolicyAddressTests.twisted + [
            "https://evil.com", "https://good.com.evil.com", "https://evilgood.com",
            "https://good.com.:443.evil.com",
            "http://good.com", "ftp://good.com", "HTTP://good.com", "https://GOOD.com.evil.com",
            "https://good-com",
            "https://evil.com/good.com", "https://evil.com?good.com", "https://evil.com#good.com",
            "https://evil.com:443",
            "https://good.com@evil.com", "https://evil.com\\@good.com", "https://evil.com\t.good.com",
            "https://evil.com%2e.good.com", "https://evil。com", "https://127.0.0.1", "https://[::1]",
            "https://localhost",
            "https://*.good.com", "https://xn--good-com", "//evil.com", "https:evil.com",
            "file://good.com/etc/passwd",
        ]

    static let onAddresses: [Attack] =
        addresses.flatMap { url -> [Attack] in
            let isSeen = url.contains("://") || url.utf8.starts(with: "//".utf8)
            let fetch = Attack("fetch", ["url": .string(url)])
            return isSeen ? [fetch, Attack("browse", ["see": [["page": .string(url)]]])] : [fetch]
        } + [
            Attack("fetch", ["url": ["https://evil.com"]]), Attack("fetch", ["url": nil]),
            Attack("fetch", [:]),
            Attack("browse", ["https://evil.com": 1]),
            Attack("browse", ["a": "https://good.com", "b": "https://evil.com"]),
        ]

    static let onShapes: [Attack] = {
        var deep: JSON = "../outside/secret"
        for _ in 0..<90 { deep = [deep] }
        var deeper = deep
        for _ in 0..<90 { deeper = ["a": deeper] }
        let wide = JSON.array(Array(repeating: "plain", count: 5_000) + ["../outside/secret"])
        let members = (0..<5_000).map { number in JSON.Object.Member(key: Key("\(number)"), value: "plain") }
        return [
            Attack("read_careless_anywhere", deep), Attack("read_careless_anywhere", deeper),
            Attack("read_careless_anywhere", wide),
            Attack("read_careless_anywhere", .object(JSON.Object(members: members))),
            Attack("read_careless_anywhere", .string(String(repeating: "x", count: 1 << 20))),
            Attack("read_careless", ["path": .string(String(repeating: "../", count: 1 << 18))]),
            Attack("read_careless", ["path": wide]), Attack("read_careless", ["path": deeper]),
            Attack("read_careless", ["path": ["path": "../outside/secret"]]),
            Attack("read_careless", ["path": nil]),
            Attack("read_careless", ["path": ["$secret": "../outside/secret"]]),
            Attack("read_careless_anywhere", ["$secret": "TOKEN"]),
            Attack("read_careless_anywhere", ["$secret": "TOKEN", "path": "../outside/secret"]),
        ]
    }()

    static let all = onPaths + onCommands + onAddresses + onShapes
}
