import PipelineCore
import PipelineRuntime
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("An upgrade that is planned", .serialized, .timeLimit(.minutes(2)))
struct UpgradeTests {
    private static let journal = ".pipeline/task-1/journal"
    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    /// A run that is interrupted while its model pauses, after its first step.
    private func interruptExample() async throws {
        let live = try folder.start("run", try folder.copyPausingExample()) { line in
            line.text.contains("context") ? SIGINT : nil
        }
        let ended = await live.outcome()
        try #require(ended.exited(3), "\(ended)")
    }

    private func plan(_ template: Template, _ more: String...) async throws -> Outcome {
        try folder.write(template.json.description, to: "new.json")
        let words = ["plan-upgrade", Self.journal] + more + ["--template", "new.json"]
        return try await PipelineProcess(words, in: folder.path).outcome()
    }

    @Test func `a template that changes limits acts the same, and says where it differs`() async throws {
        try await interruptExample()
        let journal = try folder.bytes(of: "\(Self.journal)/journal.jsonl")
        var template = Template.coding
        template.limits.steps = 40
        let planned = try await plan(template)
        #expect(planned.exited(0), "\(planned)")
        #expect(planned.line(0).hasPrefix("same     task-1 (interrupted, coding.baseline 1.0.0) in "))
        #expect(planned.line(1) == "  so far; the templates differ at /limits/steps")
        #expect(planned.output.last == "1 the same, 0 different, 0 unknown")
        template.limits.steps = 0
        #expect(try await plan(template).exited(65), "it is no template")
        #expect(try folder.bytes(of: "\(Self.journal)/journal.jsonl") == journal)
    }

    @Test func `a template that inserts a step acts differently where that begins`() async throws {
        try await interruptExample()
        let step = Template.Step("think", .strategy(Template.Strategy("thinking")))
        let planned = try await plan(try Template.coding.inserting(step, before: "code"))
        #expect(planned.exited(1), "\(planned)")
        #expect(planned.line(0).hasPrefix("differs  task-1 (interrupted"))
        #expect(planned.line(1) == "  at record 1 (message.user)")
        #expect(
            planned.line(2).contains("recorded")
                && planned.line(2).contains("start task-1/2/1 code_generation"))
        #expect(
            planned.line(3).contains("recomputed")
                && planned.line(3).contains("start task-1/2/1 thinking"))
        // Behind what has been done, it may still be come to.
        let later = try await plan(try Template.coding.inserting(step, after: "code"))
        #expect(later.exited(0), "\(later)")
        #expect(later.line(1).contains("/steps/1/next"), "\(later)")
    }

    @Test func `each journal is told by itself, also one that cannot be read`() async throws {
        try await interruptExample()
        let ran = try await folder.pipeline("run", try folder.copyExample(as: "other"))
        try #require(ran.exited(0), "\(ran)")
        let planned = try await plan(.planning, ".pipeline/other-1/journal", "nowhere")
        #expect(planned.exited(65), "\(planned)")
        #expect(planned.line(0).hasPrefix("differs  task-1"))
        #expect(planned.output.contains("ended    other-1 in .pipeline/other-1/journal"))
        #expect(planned.output.contains { line in line.contains("There is no journal at nowhere") })
        #expect(planned.output.last == "0 the same, 1 different, 1 unknown")
    }

    @Test func `everything that is wrong with the template is told with its place`() async throws {
        var template = Template.coding
        template.steps[1].next = "nowhere"
        template.concurrency = 0
        let planned = try await plan(template)
        #expect(
            planned.exited(65) && planned.says("new.json: /steps/1/next: ", "new.json: /concurrency: "),
            "\(planned)")
    }
}
