import PipelineCore
import PipelineRuntime
import Testing

/// `--policy`, `--unattended` and `pipeline audit`, with the real program.
struct PolicyTests {
    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    private static let journal = ".pipeline/task-1/journal"

    private func put(_ policy: JSON) throws { try folder.write(policy.description, to: "rules.json") }

    private func audit(_ journal: String = journal) async throws -> [JSON] {
        let shown = try await folder.pipeline("audit", journal, "--json")
        #expect(shown.exited(0), "\(shown)")
        return try shown.output.map { line in try JSON(parsing: line) }
    }

    @Test func `the rules of a file decide, each decision is in the audit, and the run keeps them`()
        async throws
    {
        try put([
            "rules": [
                ["rule": "model", "effect": "allow", "kinds": ["strategy_run"]],
                ["rule": "no edits", "effect": "deny", "names": ["edit_file"], "reason": "It is Friday."],
                ["rule": "reading", "effect": "allow", "names": ["read_file"], "paths": ["**"]],
                ["rule": "tests", "effect": "allow", "kinds": ["command_run"]],
            ]
        ])
        let ran = try await folder.pipeline("run", try folder.copyExample(), "--policy", "rules.json")
        #expect(
            ran.output.contains { line in line.contains("denied (no edits): It is Friday.") }, "\(ran)")
        let entries = try await audit()
        let edits = entries.filter { entry in entry["name"] == "edit_file" }
        #expect(edits.map { entry in entry["verdict"] } == ["deny"])
        #expect(edits.first?["rule"] == "no edits" && edits.first?["reason"] == "It is Friday.")
        #expect(edits.first?["category"] == "policy" && edits.first?["kind"] == "tool_run")
        #expect(entries.contains { entry in entry["rule"] == "model" && entry["verdict"] == "allow" })
        #expect(folder.exists(".pipeline/task-1/policy.json"))
        let text = try await folder.pipeline("audit", Self.journal)
        #expect(text.output.contains { line in line.contains("deny") && line.contains("It is Friday.") })
    }

    @Test func `everything that is wrong with a policy is told at once, and nothing is made`() async throws {
        try put([
            "rules": [["rule": "a", "effect": "perhaps"], ["effect": "allow", "colour": "red"]], "more": 1,
        ])
        let ran = try await folder.pipeline("run", try folder.copyExample(), "--policy", "rules.json")
        #expect(ran.exited(65), "\(ran)")
        for place in ["/rules/0/effect", "/rules/1", "colour", "more"] {
            #expect(ran.errors.contains { line in line.contains(place) }, "\(place): \(ran)")
        }
        #expect(!folder.exists(".pipeline"))
        let missing = try await folder.pipeline(
            "run", try folder.copyExample(as: "other"), "--policy", "none.json")
        #expect(missing.exited(65) && missing.says("There is no none.json"), "\(missing)")
    }

    @Test func `an unattended run asks nobody: what would ask is denied`() async throws {
        try put([
            "rules": [
                ["rule": "model", "effect": "allow", "kinds": ["strategy_run"]],
                ["rule": "rest", "effect": "ask"],
            ]
        ])
        let ran = try await folder.pipeline(
            "run", try folder.copyExample(), "--policy", "rules.json", "--unattended")
        #expect(!ran.exited(3), "\(ran)")
        let verdicts = try await audit().compactMap { entry in
            entry["rule"] == "rest" ? entry["verdict"] : nil
        }
        #expect(!verdicts.isEmpty && verdicts.allSatisfy { verdict in verdict == "deny" })
    }

    @Test func `the audit of what is no journal says so`() async throws {
        let shown = try await folder.pipeline("audit", "nowhere")
        #expect(shown.exited(65) && shown.says("There is no journal at nowhere"), "\(shown)")
    }

    @Test func `the example's own rules let its run come to its end, and each decision names one`()
        async throws
    {
        let example = try folder.copyExample()
        let ran = try await folder.pipeline("run", example, "--policy", "\(example)/rules.json")
        #expect(ran.exited(0), "\(ran)")
        let rules = try await audit().compactMap { entry in entry["rule"]?.stringValue }
        #expect(Set(rules) == ["the model", "looking", "shell files", "the test"])
    }

    /// A run that is interrupted after one step, since its mode allows no more; the next reads a file.
    private func interrupted(under policy: JSON) async throws {
        try folder.write("x", to: "task/workspace/a")
        try folder.write(
            #"{"task":"Look.","workspace":"workspace","transcript":"t.jsonl","mode":"short.json"}"#,
            to: "task/task.json")
        var template = Template.coding
        template.limits.steps = 1
        try folder.write(template.json.description, to: "task/short.json")
        try folder.write(
            """
            {"text":"Look.","calls":[{"id":"1","name":"read_file","arguments":{"path":"a"}}]}
            {"text":"Done."}
            """, to: "task/t.jsonl")
        try put(policy)
        let first = try await folder.pipeline("run", "task", "--policy", "rules.json")
        #expect(first.exited(3), "\(first)")
    }

    private static let reading: JSON = [
        "rules": [
            ["rule": "model", "effect": "allow", "kinds": ["strategy_run"]],
            ["rule": "reading", "effect": "allow", "names": ["read_file"], "paths": ["**"]],
        ]
    ]

    private func verdict(of name: String) async throws -> [JSON?] {
        try await audit().filter { entry in entry["name"] == .string(name) }.map { entry in entry["verdict"] }
    }

    @Test func `a run goes on under its own rules, whatever their file says by then`() async throws {
        try await interrupted(under: Self.reading)
        try put(["rules": []])
        let done = try await folder.pipeline("resume", Self.journal, "--max-steps", "9")
        #expect(done.exited(0), "\(done)")
        #expect(try await verdict(of: "read_file") == ["allow"])
    }

    @Test func `a resume may name other rules, and these decide`() async throws {
        try await interrupted(under: Self.reading)
        try put([
            "rules": [
                ["rule": "model", "effect": "allow", "kinds": ["strategy_run"]],
                ["rule": "none", "effect": "deny", "reason": "No more."],
            ]
        ])
        let done = try await folder.pipeline(
            "resume", Self.journal, "--max-steps", "9", "--policy", "rules.json")
        #expect(done.exited(0), "the model goes on without it: \(done)")
        #expect(try await verdict(of: "read_file") == ["deny"])
    }

    @Test func `kept rules that somebody changed are not followed, and the run stays as it is`() async throws
    {
        try await interrupted(under: Self.reading)
        let kept = ".pipeline/task-1/policy.json"
        let wider: JSON = ["rules": [["rule": "all", "effect": "allow"]]]
        try folder.write(wider.description, to: kept)
        let journal = try folder.bytes(of: "\(Self.journal)/journal.jsonl")
        let refused = try await folder.pipeline("resume", Self.journal, "--max-steps", "9")
        #expect(refused.exited(65), "\(refused)")
        #expect(refused.says("is not the policy that the run began with", "name it by --policy"))
        #expect(try folder.bytes(of: "\(Self.journal)/journal.jsonl") == journal)
        let done = try await folder.pipeline("resume", Self.journal, "--max-steps", "9", "--policy", kept)
        #expect(done.exited(0), "\(done)")
    }

    @Test func `a run that goes on unattended asks nobody`() async throws {
        try await interrupted(under: [
            "rules": [
                ["rule": "model", "effect": "allow", "kinds": ["strategy_run"]],
                ["rule": "rest", "effect": "ask"],
            ]
        ])
        let done = try await folder.pipeline("resume", Self.journal, "--max-steps", "9", "--unattended")
        #expect(done.exited(0), "\(done)")
        #expect(try await verdict(of: "read_file") == ["deny"])
    }
}
