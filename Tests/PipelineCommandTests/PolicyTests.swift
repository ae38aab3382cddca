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
}
