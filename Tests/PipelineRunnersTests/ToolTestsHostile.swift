import PipelineCore
import PipelineRunners
import Testing

/// What a model may say in bad faith or by accident, through the real tools.
@Suite("Tools: hostile arguments", .serialized, .timeLimit(.minutes(5)))
struct ToolTestsHostile {
    let folder: TemporaryFolder

    init() throws {
        folder = try #require(TemporaryFolder())
        for path in ["root", "root/sub", "outside"] { folder.makeFolder(path) }
        folder.put("SECRET\n", in: "outside/file")
        folder.put("one\n", in: "root/a")
        folder.makeLink("root/out", to: "../outside")
        folder.makeLink("root/link", to: "a")
        folder.makeFifo("root/fifo")
    }

    /// One such value in many arrays.
    private static func nested(_ depth: Int, _ value: JSON = "x") -> JSON {
        (0..<depth).reduce(value) { inner, _ in [inner] }
    }

    private static func creation(of path: String) -> String {
        "--- /dev/null\n+++ b/\(path)\n@@ -0,0 +1 @@\n+ESCAPED\n"
    }

    /// `{OUTSIDE}` is the absolute path of the folder beside the workspace.
    private static let paths: [JSON] = [
        "", "..", "../outside/file", "{OUTSIDE}/file", "sub/../../outside/file", "out/file", "\0", "a\0",
        "\u{1B}[2J", "a\nb", "a\r", "\t", "\u{7F}", "a\u{85}b", "\u{9B}2J", "out", "fifo/x", "a/a", .null,
        true, 7,
        1.5, [], [:], ["a"], ["path": "a"], nested(90), long("n", 256), long("d/", 5_000), long("x", 1 << 16),
    ]

    private static func long(_ text: String, _ count: Int) -> JSON {
        .string(String(repeating: text, count: count))
    }

    /// What each tool that takes a path is asked to do with it.
    private static func calls(on path: JSON) -> [(String, JSON)] {
        let patch = creation(of: path.stringValue ?? "b")
        return [
            ("read_file", ["path": path]), ("write_file", ["path": path, "text": "ESCAPED"]),
            ("edit_file", ["path": path, "old": "SECRET", "new": "ESCAPED"]),
            ("apply_patch", ["patch": .string(patch), "paths": [path]]),
            ("run_command", ["command": ["touch", "ESCAPED"], "directory": path]),
        ]
    }

    private static let fileCalls: [(String, JSON)] = [
        ("list_directory", ["path": ".."]), ("list_directory", ["path": "out"]),
        ("list_directory", ["path": "a"]), ("list_directory", ["path": "\u{1B}c"]),
        ("list_directory", ["path": nested(90)]), ("list_directory", ["path": ".", "recursive": true]),
        ("search_files", ["text": "SECRET", "path": "../outside"]), ("search_files", ["text": ""]),
        ("search_files", ["text": "SECRET", "path": "out"]), ("search_files", ["text": nested(90)]),
        ("read_file", [:]), ("read_file", []), ("read_file", .null), ("read_file", "a"),
        ("read_file", nested(90)), ("read_file", ["path": "a", "__proto__": ["path": "{OUTSIDE}/file"]]),
        ("read_file", ["PATH": "a"]), ("write_file", ["path": "new"]),
        ("write_file", ["path": "new", "text": ["ESCAPED"]]),
        ("edit_file", ["path": "a", "old": "", "new": "ESCAPED"]),
        ("edit_file", ["path": "link", "old": "one", "new": "ESCAPED"]),
        ("apply_patch", ["patch": ""]), ("apply_patch", ["patch": "", "paths": []]),
        ("apply_patch", ["patch": nested(90), "paths": ["a"]]),
        ("apply_patch", ["patch": .string(creation(of: "new")), "paths": ["NEW", "new/x", "./sub"]]),
    ]

    private static let commands: [JSON] = [
        [:], ["command": []], ["command": [""]], ["command": ["", "x"]], ["command": "touch ESCAPED"],
        ["command": ["touch\0", "ESCAPED"]], ["command": ["touch", "ESC\0APED"]],
        ["command": [["touch", "ESCAPED"]]], ["command": [.null]], ["command": nested(90)],
        ["command": ["touch", "ESCAPED"], "shell": true],
        ["command": ["touch", "ESCAPED"], "environment": ["PATH": "/"]],
        ["command": ["touch", long("x", 200_000)]],
    ]

    static let hostile: [(String, JSON)] =
        paths.flatMap(calls) + fileCalls + commands.map { arguments in ("run_command", arguments) }
        + [("command.run.say", ["command": ["touch", "ESCAPED"]]), ("command.run.say", nested(90))]

    @Test(arguments: hostile.indices)
    func `what is hostile is a validation failure, and nothing happens`(index: Int) async throws {
        let (name, written) = Self.hostile[index]
        let text = written.description
        let arguments =
            text.contains("{OUTSIDE}")
            ? try JSON(parsing: text.replacing("{OUTSIDE}", with: folder["outside"])) : written
        let before = snapshot()
        let results = try await calls.run([(name, arguments)])
        #expect(results.count == 1 && results.first?.category == "validation", "\(name) \(results)")
        #expect(results.first?.output.canonicalBytes.contains(where: { byte in byte < 0x20 }) == false)
        #expect(snapshot() == before, "\(name)")
    }

    @Test func `words of a command are words, whatever a shell would make of them`() async throws {
        let words = [
            "; touch ESCAPED", "$(touch ESCAPED)", "`touch ESCAPED`", "&& touch ESCAPED", "| touch ESCAPED",
            "> ESCAPED",
            "*", "~", "$HOME", "a b", "", "-n", "--", "\n", "\u{1B}[2J", "'", "\"", "\\", "é",
        ]
        let command = (["printf", "[%s]", "--"] + words).map { word in JSON.string(word) }
        let before = snapshot()
        let results = try await calls.run([("run_command", ["command": .array(command)])])
        let expected = (["--"] + words).map { word in "[\(word)]" }.joined()
        #expect(results[0].output["stdout"] == .string(expected) && snapshot() == before)
    }

    @Test(arguments: [
        "-rf", "--help", "-", "$(x)", "*", "~", "a b", "é\u{301}", "\u{202E}txt", "😀", "%00", "...",
    ])
    func `a name that only looks dangerous is a name`(name: String) async throws {
        let results = try await calls.run([
            ("write_file", ["path": .string(name + "/f"), "text": .string(name)]),
            ("read_file", ["path": .string(name + "/f")]),
            (
                "apply_patch",
                ["patch": .string(Self.creation(of: name + "/p")), "paths": [.string(name + "/p")]]
            ),
            ("search_files", ["text": .string(name), "path": .string(name)]),
            ("run_command", ["command": ["cat", "p"], "directory": .string(name)]),
        ])
        #expect(results.allSatisfy { result in !result.failed }, "\(results)")
        #expect(results[1].output["text"] == .string(name) && results[4].output["stdout"] == "ESCAPED\n")
        #expect(results[3].output["matches"]?.arrayValue?.count == 1)
    }

    private var calls: ToolCalls { ToolCalls(folder: folder, place: "root") }

    private func snapshot() -> [String] {
        ["root", "root/sub", "outside", "."].flatMap { place in
            folder.names(in: place).map { name in
                let isFile = place != "root" || name == "a"
                return "\(place)/\(name) \(isFile ? folder.text(of: place + "/" + name) ?? "" : "")"
            }
        }
    }
}
