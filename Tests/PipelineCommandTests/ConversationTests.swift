import PipelineCore
import PipelineRuntime
import Testing

/// A journal that holds several conversations, each with a run.
@Suite("Several conversations in one journal", .serialized, .timeLimit(.minutes(2)))
struct ConversationTests {
    private static let journal = ".pipeline/task-1/journal"
    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    /// Two interrupted runs in one journal: each waits for an answer about its first call.
    private func interruptTwo() async throws {
        let rules: JSON = [
            "rules": [
                ["rule": "model", "effect": "allow", "kinds": ["strategy_run"]],
                ["rule": "rest", "effect": "ask"],
            ]
        ]
        try folder.write(rules.description, to: "rules.json")
        for name in ["task", "more"] {
            try folder.write("x", to: "\(name)/workspace/a")
            try folder.write(
                #"{"task":"Look.","workspace":"workspace","transcript":"t.jsonl","mode":"mode.json"}"#,
                to: "\(name)/task.json")
            var template = Template.coding
            template.limits.steps = 1
            try folder.write(template.json.description, to: "\(name)/mode.json")
            try folder.write(
                """
                {"text":"Look.","calls":[{"id":"1","name":"read_file","arguments":{"path":"a"}}]}
                {"text":"Done."}
                """, to: "\(name)/t.jsonl")
            let ran = try await folder.pipeline("run", name, "--policy", "rules.json")
            try #require(ran.exited(3), "\(ran)")
        }
        let entries =
            try folder.contents(of: Self.journal).entries
            + folder.contents(of: ".pipeline/more-1/journal").entries
        try await folder.rewrite(Self.journal, entries)
    }

    @Test func `the first is meant where none is named, and the others are named`() async throws {
        try await interruptTwo()
        let shown = try await folder.pipeline("show", Self.journal)
        #expect(shown.exited(0) && shown.line(0).contains("task-1"), "\(shown)")
        #expect(shown.says("other conversations", "--conversation: more-1"))
        let other = try await folder.pipeline("show", Self.journal, "--conversation", "more-1")
        #expect(other.line(0).contains("more-1") && other.says("--conversation: task-1"), "\(other)")
        #expect(
            other.output.last?.hasSuffix("resume \(Self.journal) --conversation more-1") == true, "\(other)")
        let listed = try await folder.pipeline("list")
        #expect(listed.output.contains("  besides the conversation more-1"), "\(listed)")
    }

    @Test(arguments: [
        ["show"], ["audit"], ["resume"], ["cancel"], ["interrupt"], ["approve", "1"], ["deny", "1"],
        ["replay"], ["verify"], ["fork", "--at", "1"],
    ])
    func `one that there is not is an error that names those that there are`(words: [String]) async throws {
        try await interruptTwo()
        let bytes = try folder.bytes(of: "\(Self.journal)/journal.jsonl")
        let all = [words[0], Self.journal] + words.dropFirst() + ["--conversation", "nobody"]
        let ran = try await PipelineProcess(all, in: folder.path).outcome()
        #expect(ran.exited(64), "\(ran)")
        #expect(ran.says("holds no conversation nobody; it holds these:", "task-1", "more-1"), "\(ran)")
        #expect(try folder.bytes(of: "\(Self.journal)/journal.jsonl") == bytes)
    }

    @Test func `each can be looked at, resumed and canceled by its name`() async throws {
        try await interruptTwo()
        let verified = try await folder.pipeline("verify", Self.journal)
        #expect(verified.exited(0) && verified.output.count == 2, "\(verified)")
        let one = try await folder.pipeline("verify", Self.journal, "--conversation", "more-1")
        #expect(one.output.count == 1 && one.line(0).hasPrefix("sound    more-1: "), "\(one)")
        let audit = try await folder.pipeline("audit", Self.journal, "--conversation", "more-1", "--json")
        #expect(
            !audit.output.isEmpty && audit.output.allSatisfy { $0.contains("\"conversation_id\":\"more-1\"") }
        )
        let replayed = try await folder.pipeline("replay", Self.journal, "--conversation", "more-1")
        #expect(
            replayed.output.contains { line in line.hasPrefix("run      more-1 interrupted") }, "\(replayed)")

        let before = try folder.contents(of: Self.journal).history(of: "task-1")
        let resumed = try await folder.pipeline(
            "resume", Self.journal, "--conversation", "more-1", "--max-steps", "9", "--unattended")
        #expect(resumed.exited(0), "\(resumed)")
        let canceled = try await folder.pipeline("interrupt", Self.journal, "--conversation", "more-1")
        #expect(canceled.says("The run more-1 is completed already"), "\(canceled)")
        #expect(try folder.contents(of: Self.journal).history(of: "task-1") == before)
        let gone = try await folder.pipeline("cancel", Self.journal, "--conversation", "task-1")
        #expect(gone.exited(2), "\(gone)")
        let plan = try await folder.pipeline("plan-upgrade", Self.journal, "--template", "coding")
        #expect(plan.exited(0) && plan.output.count == 3, "\(plan)")
    }

    @Test func `a question of another conversation is answered by its name`() async throws {
        try await interruptTwo()
        let asked = try await folder.pipeline(
            "resume", Self.journal, "--conversation", "more-1", "--max-steps", "9")
        #expect(!asked.exited(64) && !asked.exited(65), "\(asked)")
        let wrong = try await folder.pipeline("approve", Self.journal, "3", "--conversation", "task-1")
        #expect(wrong.exited(64) && wrong.says("waits for no approval"), "\(wrong)")
        let fork = try await folder.pipeline("fork", Self.journal, "--at", "2", "--conversation", "more-1")
        #expect(fork.exited(0), "\(fork)")
        let shown = try await folder.pipeline(
            "show", ".pipeline/task-1-fork-1/journal", "--conversation", "more-1")
        #expect(shown.output.first?.hasSuffix("after record 2 of more-1") == true, "\(shown)")
    }
}
