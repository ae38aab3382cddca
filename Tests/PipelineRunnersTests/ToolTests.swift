import PipelineCore
import PipelineRunners
import PipelineRuntime
import PipelineTesting
import Testing

/// The ready-made tools and commands, through a real engine and gateway on real files and processes.
struct ToolTests {
    @Test func `each workspace tool does its work and says what it changed`() async throws {
        let folder = try #require(TemporaryFolder())
        folder.put("one\ntwo\n", in: "a.txt")
        let results = try await ToolCalls(folder: folder).run(
            [
                ("read_file", ["path": "a.txt"]), ("write_file", ["path": "sub/b.txt", "text": "three\n"]),
                ("edit_file", ["path": "a.txt", "old": "two", "new": "2"]), ("list_directory", [:]),
                ("search_files", ["text": "one"]),
            ])
        #expect(results[0].output["text"] == "one\ntwo\n")
        #expect(
            results[1].output["before"] == nil && results[1].output["after"]?.stringValue?.utf8.count == 64)
        #expect(results[2].output["before"] != results[2].output["after"])
        #expect(folder.bytes(of: "a.txt") == Array("one\n2\n".utf8))
        let names = results[3].output["entries"]?.arrayValue?.map { entry in entry["name"] }
        #expect(names == ["a.txt", "sub"])
        #expect(results[4].output["matches"] == [["path": "a.txt", "line": 1, "text": "one"]])
        #expect(results.allSatisfy { result in !result.failed })
    }

    private static let misfits: [(String, JSON)] = [
        ("read_file", ["path": "../outside"]),
        ("read_file", ["path": "/etc/passwd"]),
        ("write_file", ["path": "sub/../../x", "text": ""]),
        ("list_directory", ["path": ".."]),
        ("read_file", ["file": "a.txt"]),
        ("read_file", ["path": 7]),
        ("read_file", [1, 2]),
        ("edit_file", ["path": "a.txt", "old": "nowhere", "new": ""]),
        ("search_files", ["text": ""]),
        ("command.run.say", ["more": "arguments"]),
        ("run_command", ["command": []]),
        ("run_command", ["command": ["printf", 7]]),
    ]

    @Test(arguments: misfits)
    func `what does not fit or leads outside is a validation failure that the model sees`(
        name: String, arguments: JSON
    ) async throws {
        let folder = try #require(TemporaryFolder())
        folder.put("one\n", in: "a.txt")
        let results = try await ToolCalls(folder: folder).run([(name, arguments)])
        #expect(results[0].failed)
        let category = results[0].output["error"]?["category"]
        #expect(category == "validation" || category == "config", "\(results[0].output)")
    }

    @Test func `a command that ran is completed, whatever its exit code`() async throws {
        let folder = try #require(TemporaryFolder())
        let results = try await ToolCalls(folder: folder).run(
            [
                ("command.run.say", [:]),
                ("run_command", ["command": ["sh", "-c", "echo oops >&2; exit 3"]]),
                ("run_command", ["command": ["sh", "-c", "kill -9 $$"]]),
                ("run_command", ["command": ["no-such-program"]]),
            ])
        #expect(results[0].output == ["exitCode": 0, "stdout": "hello", "stderr": "", "cut": false])
        #expect(results[1].output == ["exitCode": 3, "stdout": "", "stderr": "oops\n", "cut": false])
        #expect(results[2].output["signal"] == 9 && !results[2].failed)
        #expect(results[3].output["error"]?["category"] == "config")
    }

    @Test func `G12 ten megabytes of any bytes stay an output that says what was cut`() async throws {
        let folder = try #require(TemporaryFolder())
        let script = "head -c 10000000 /dev/zero"
        let results = try await ToolCalls(folder: folder).run(
            [("run_command", ["command": ["sh", "-c", .string(script)]])])
        #expect(results[0].output["exitCode"] == 0)
        #expect(results[0].output["cut"] == true)
        #expect(results[0].result?.truncation?.originalBytes == 10_000_000)
        #expect(results[0].output.canonicalBytes.count <= Gateway.Limits.standard.output)
    }

    @Test func `commands see the workspace as their folder and no variable that is not given`() async throws {
        let folder = try #require(TemporaryFolder())
        folder.put("one\n", in: "a.txt")
        let results = try await ToolCalls(folder: folder).run(
            [("run_command", ["command": ["sh", "-c", "ls; env | sort"]])])
        let lines = results[0].output["stdout"]?.stringValue?.split(separator: "\n") ?? []
        #expect(lines.first == "a.txt")
        let allowed: Set<Substring> = ["PATH", "PWD", "OLDPWD", "SHLVL", "_"]
        #expect(
            lines.dropFirst().allSatisfy { line in
                allowed.contains(line.prefix { character in character != "=" })
            })
    }

    @Test func `only what is declared so is idempotent, by its arguments`() {
        let place = CommandEnvironment(directory: "/", variables: [:])
        let tool = RunCommandTool(in: place, repeatable: [["make", "test"]])
        #expect(tool.isIdempotent(["command": ["make", "test"]]))
        #expect(!tool.isIdempotent(["command": ["make", "install"]]))
        #expect(!tool.isIdempotent(["command": "make test"]))
    }

    @Test func `apply_patch changes the listed paths alone and says each of them`() async throws {
        let folder = try #require(TemporaryFolder())
        folder.put((1...9).map { number in "\(number)\n" }.joined(), in: "a.txt")
        folder.put("gone\n", in: "b.txt")
        let patch = """
            --- a/a.txt
            +++ b/a.txt
            @@ -4 +4 @@
            -5
            +five
            --- a/b.txt
            +++ /dev/null
            @@ -1 +0,0 @@
            -gone
            """
        let results = try await ToolCalls(folder: folder).run([
            ("apply_patch", ["patch": .string(patch), "paths": ["a.txt"]]),
            ("apply_patch", ["patch": .string(patch), "paths": ["./b.txt", "a.txt", "c"]]),
            ("apply_patch", ["patch": .string(patch), "paths": ["b.txt", "a.txt"]]),
        ])
        #expect(results[0].category == "validation")
        #expect(results[0].output["error"]?["message"]?.stringValue?.contains("add it to the paths") == true)
        #expect(folder.names() == ["a.txt"] && folder.text(of: "a.txt") == "1\n2\n3\n4\nfive\n6\n7\n8\n9\n")
        let files = results[1].output["files"]?.arrayValue ?? []
        try #require(files.map { file in file["path"] } == ["a.txt", "b.txt"])
        #expect(files[0]["before"] != files[0]["after"] && files[0]["offsets"] == [1])
        #expect(files[1]["before"]?.stringValue?.utf8.count == 64 && files[1]["after"] == nil)
        let error = results[2].output["error"]
        #expect(error?["category"] == "validation" && error?["code"] == "mismatch")
        #expect(
            error?["details"] == [
                "path": "a.txt", "hunk": 1, "line": 4, "fileLine": 4, "expected": "\"5\\n\"",
                "found": "\"4\\n\"",
            ])
    }

    @Test func `G12 a program that cannot be started is a config failure that says why`() async throws {
        let folder = try #require(TemporaryFolder())
        folder.makeFolder("folder")
        folder.put("#!/bin/sh\n", in: "plain", mode: 0o644)
        folder.put("echo\n", in: "bare", mode: 0o755)
        folder.put("#!/nowhere/sh\n", in: "orphan", mode: 0o755)
        let expected = [
            ("no-such-program", "notFound"), ("./nowhere", "notFound"), ("./plain/x", "notFound"),
            ("./folder", "notAFile"), ("./plain", "notExecutable"), ("./bare", "unknownFormat"),
            ("./orphan", "missingInterpreter"),
        ]
        let results = try await ToolCalls(folder: folder).run(
            expected.map { ("run_command", ["command": [.string($0.0)]]) })
        for (result, (program, code)) in zip(results, expected) {
            #expect(result.category == "config" && result.output["error"]?["code"] == .string(code))
            let message = result.output["error"]?["message"]?.stringValue ?? ""
            #expect(message.contains(program) && message.contains(": "), "\(message)")
        }
        #expect(results.count == expected.count)
    }

    @Test func `run_command works in a folder of the workspace`() async throws {
        let folder = try #require(TemporaryFolder())
        folder.makeFolder("sub")
        folder.put("#!/bin/sh\npwd -P\n", in: "sub/here", mode: 0o755)
        let results = try await ToolCalls(folder: folder).run([
            ("run_command", ["command": ["./here"], "directory": "sub"]),
            ("run_command", ["command": ["sub/here"]]),
            ("run_command", ["command": ["sub/here"], "directory": "."]),
        ])
        let outputs = results.map { result in result.output["stdout"] }
        #expect(
            outputs == [
                .string(folder["sub"] + "\n"), .string(folder.path + "\n"), .string(folder.path + "\n"),
            ])
        let tool = RunCommandTool(
            in: CommandEnvironment(directory: "/", variables: [:]), repeatable: [["./here"]])
        #expect(tool.isIdempotent(["command": ["./here"], "directory": "."]))
        #expect(!tool.isIdempotent(["command": ["./here"], "directory": "sub"]))
    }

    @Test func `G12 output that is no text says so and how many bytes there were`() async throws {
        let folder = try #require(TemporaryFolder())
        let script = #"printf 'a\377\303'; printf '\000ok' >&2"#
        let results = try await ToolCalls(folder: folder).run([
            ("run_command", ["command": ["sh", "-c", .string(script)]])
        ])
        #expect(
            results[0].output == [
                "exitCode": 0, "stdout": "a\u{FFFD}\u{FFFD}", "stderr": "\0ok", "cut": false, "binary": true,
                "bytes": ["stdout": 3, "stderr": 3],
            ])
        #expect(results[0].result?.truncation == nil)
    }

    @Test func `G12 a program that ignores its cancel is killed, and that is told`() async throws {
        let folder = try #require(TemporaryFolder())
        let script = "trap '' TERM; echo ready; exec sleep 1000"
        let heard = Locked("")
        var calls = ToolCalls(folder: folder, grace: .zero)
        calls.onProgress = { engine, id, text in
            heard.withLock { heard in heard += text }
            guard text == "ready\n" else { return }
            try await engine.request(
                .cancelStep(id.run, ordinal: id.ordinal, reason: "enough"), id: "cancel", in: "c")
        }
        let results = try await calls.run([("run_command", ["command": ["sh", "-c", .string(script)]])])
        #expect(results.map(\.lifecycle) == [.canceled])
        #expect(
            heard.withLock { heard in heard }
                == "ready\n\nThe program did not end within 0.0 seconds of SIGTERM and was killed.\n")
    }
}
