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
        let results = try await run(
            in: folder,
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
        let results = try await run(in: folder, [(name, arguments)])
        #expect(results[0].failed)
        let category = results[0].output["error"]?["category"]
        #expect(category == "validation" || category == "config", "\(results[0].output)")
    }

    @Test func `a command that ran is completed, whatever its exit code`() async throws {
        let folder = try #require(TemporaryFolder())
        let results = try await run(
            in: folder,
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
        let results = try await run(
            in: folder, [("run_command", ["command": ["sh", "-c", .string(script)]])])
        #expect(results[0].output["exitCode"] == 0)
        #expect(results[0].output["cut"] == true)
        #expect(results[0].result?.truncation?.originalBytes == 10_000_000)
        #expect(results[0].output.canonicalBytes.count <= Gateway.Limits.standard.output)
    }

    @Test func `commands see the workspace as their folder and no variable that is not given`() async throws {
        let folder = try #require(TemporaryFolder())
        folder.put("one\n", in: "a.txt")
        let results = try await run(
            in: folder, [("run_command", ["command": ["sh", "-c", "ls; env | sort"]])])
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

    /// How one call ended.
    private struct CallResult {
        let output: JSON
        let failed: Bool
        let result: Run.Result?
    }

    /// Runs these calls, one answer each, and gives their results as the model sees them.
    private func run(
        in folder: TemporaryFolder, _ calls: [(name: String, arguments: JSON)]
    ) async throws -> [CallResult] {
        var gateway = Gateway(policy: Policy { _ in Run.Decision(.allow, rule: "all") })
        for tool in WorkspaceTools(try Workspace(root: folder.path)).all { gateway.register(tool) }
        let place = CommandEnvironment(directory: folder.path, variables: ["PATH": "/usr/bin:/bin"])
        gateway.register(RunCommandTool(in: place))
        gateway.register(
            CommandRunner(
                "say", "Says hello.", arguments: ["printf", "hello"], in: place, isIdempotent: true))
        gateway.register(
            Strategy { execution in
                let turn = Int(clamping: execution.arguments["turn"]?.integerValue ?? 0) - 1
                guard calls.indices.contains(turn) else { return Run.Result(output: "Done.") }
                let call = Run.Call(id: "\(turn)", name: calls[turn].name, arguments: calls[turn].arguments)
                return Run.Result(output: "", calls: [call])
            })
        let engine = Engine(gateway, journal: MemoryJournal(), clock: ManualClock())
        try await engine.request(.userMessage(Run.Request("Go.")), id: "r", in: "c")
        var results: [CallResult] = []
        for await entry in engine.events(of: "c") {
            if case .execution(let id, let change) = entry.event.kind, change.kind != .strategy,
                change.duration != nil
            {
                results.append(
                    CallResult(
                        output: change.result?.output ?? ["error": change.failure?.json ?? .null],
                        failed: change.lifecycle != .completed, result: change.result))
                #expect(id.attempt == 1)
            }
            // What is no call at all fails without an attempt.
            if case .step(_, let change) = entry.event.kind, change.kind == .tool, change.attempts == 0,
                change.status == .failed
            {
                results.append(
                    CallResult(
                        output: ["error": change.failure?.json ?? .null], failed: true, result: nil))
            }
            if entry.event.outcome != nil { break }
        }
        await engine.shutdown(within: .seconds(5))
        return results
    }
}
