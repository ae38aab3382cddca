import PipelineCore
import PipelineRuntime
import Testing

@Suite(.timeLimit(.minutes(10)))
struct UpgradePlanTests {
    private func plan(
        _ template: Template, for history: JournalHistory
    ) throws -> UpgradePlan.Entry? { try UpgradePlan(for: template, of: history).entries.first }

    private func deviation(_ entry: UpgradePlan.Entry?) -> UpgradeDeviation? {
        if case .differs(let deviation)? = entry?.outcome { deviation } else { nil }
    }

    private func interrupted(compacted: Bool = false) async throws -> JournalHistory {
        let past = try Past()
        try await past.run(.isInterrupted)
        guard compacted else { return try past.history() }
        let journal = try FileJournal.open(at: past.path)
        try await journal.compactFully()
        await journal.close()
        return try past.history()
    }

    private func changed(_ change: (inout Template) -> Void) -> Template {
        var template = Template.coding
        change(&template)
        return template
    }

    @Test(arguments: [false, true])
    func `the same template changes nothing`(compacted: Bool) async throws {
        let entry = try plan(.coding, for: try await interrupted(compacted: compacted))
        #expect(entry?.outcome == .same && entry?.changes == [])
        #expect(entry?.run == "r" && entry?.status == .interrupted)
    }

    @Test(arguments: [false, true])
    func `a limit that is not met is the same so far, and named`(compacted: Bool) async throws {
        let more = changed { template in template.limits.steps = 40 }
        let entry = try plan(more, for: try await interrupted(compacted: compacted))
        #expect(entry?.outcome == .same)
        #expect(entry?.changes == [JSON.Difference(pointer: "/limits/steps", first: 32, second: 40)])
    }

    @Test func `a limit that would have been met is found at the record where it is`() async throws {
        let history = try await interrupted()
        let few = changed { template in template.limits.steps = 1 }
        let deviation = deviation(try plan(few, for: history))
        #expect(deviation?.sequence == history.first("execution.completed"))
        #expect(deviation?.signal == "execution.completed")
        #expect(deviation?.pinned.deeds.contains { $0.hasPrefix("start r/3/1 look") } == true)
        #expect(deviation?.pinned.status == .running && deviation?.new.status == .interrupted)
        #expect(deviation?.new.deeds.contains { $0.hasPrefix("start") } == false)
    }

    @Test func `a step that is put before the first one is found where it would have begun`() async throws {
        let step = Template.Step("think", .strategy(Template.Strategy("thinking")))
        let template = try Template.coding.inserting(step, before: "code")
        let deviation = deviation(try plan(template, for: try await interrupted()))
        #expect(deviation?.sequence == 1)
        #expect(deviation?.pinned.deeds.last == "start r/2/1 code_generation")
        #expect(deviation?.new.deeds.last == "start r/2/1 thinking")
    }

    @Test func `what reads the same and says something else is found by its contents`() async throws {
        let template = changed { template in
            template.steps[1].action = .strategy(
                Template.Strategy("code_generation", instruction: "Be brief.", tools: Template.Exposure()))
        }
        let deviation = deviation(try plan(template, for: try await interrupted()))
        #expect(deviation?.sequence == 1 && deviation?.pinned == deviation?.new)
        #expect(deviation?.contents.isEmpty == false, "\(String(describing: deviation))")
    }

    @Test func `of a compacted run, what comes next is compared`() async throws {
        let history = try await interrupted(compacted: true)
        let slow = changed { template in template.tool.startToClose = 1 }
        let deviation = deviation(try plan(slow, for: history))
        #expect(
            deviation?.sequence == nil && deviation?.signal == "run.resume",
            "\(String(describing: deviation))")
        let renamed = changed { template in
            template.steps[0].next = "other"
            template.steps[1].name = "other"
        }
        guard case .unfoldable(let reasons)? = try plan(renamed, for: history)?.outcome else {
            Issue.record("a step is gone")
            return
        }
        #expect(reasons.first?.hasPrefix("/steps: it stands at \"code\"") == true)
    }

    @Test func `what is wrong with a template is told for each run, with its places`() async throws {
        let broken = changed { template in template.steps[1].next = "nowhere" }
        guard case .unfoldable(let reasons)? = try plan(broken, for: try await interrupted())?.outcome else {
            Issue.record("the template is broken")
            return
        }
        #expect(reasons.contains { reason in reason.hasPrefix("/steps/1/next: ") }, "\(reasons)")
    }

    @Test func `a history that diverges already cannot be told apart`() async throws {
        let history = try await interrupted().changing(2) { record in record.becoming(.stale) }
        guard case .unfoldable(let reasons)? = try plan(.coding, for: history)?.outcome else {
            Issue.record("it diverges")
            return
        }
        #expect(reasons.first?.contains("record 2 decides something else already") == true)
    }

    @Test func `runs that wait in the queue are compared by what they would begin with`() async throws {
        var history = try await interrupted()
        let first = try #require(history.records.first)
        var conversation = Conversation(id: "chat")
        var records = [first]
        var directives: [Run.Directive] = []
        _ = conversation.reduce(first.signal, into: &directives)
        let second = Run.Signal(
            id: "q", .userMessage(Run.Request("More.")), by: .operator("ada"), at: first.signal.time)
        let disposition = conversation.reduce(second, into: &directives)
        records.append(
            JournalRecord(conversation: "chat", sequence: 2, signal: second, disposition: disposition))
        history = JournalHistory(of: "chat", snapshots: [], records: records)
        let template = try Template.coding.inserting(
            Template.Step("think", .strategy(Template.Strategy("thinking"))), before: "code")
        let entries = try UpgradePlan(for: template, of: history).entries
        #expect(entries.map(\.run) == ["r", "q"] && entries.map(\.status) == [.running, .pending])
        #expect(
            entries.compactMap { deviation($0)?.new.deeds.last } == [
                "start r/2/1 thinking", "start q/2/1 thinking",
            ])
        #expect(try UpgradePlan(for: .coding, of: history).entries.map(\.outcome) == [.same, .same])
    }
}
