import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Runs that are steps of other runs.
struct WorkflowTests {
    private static let parent: Conversation.ID = "chat"
    private static let child: Conversation.ID = "chat/r/3"

    @Test func `a workflow is a run of its own, and what it leaves is the call's result`() throws {
        // One place is enough: whoever only waits for a child run takes none.
        let family = Family(capacity: try Capacity(1)) { _, _ in Run.Result(output: "two") }
        let bench = Bench(family.gateway)
        bench.open()
        let child = bench.state(of: Self.child)
        #expect(child?.finished.map(\.run) == ["r/3/1"] && child?.finished.last?.status == .completed)
        #expect(child?.messages == [.user("Dig."), .assistant("Dug.", calls: [])])
        let parent = bench.state()
        #expect(parent?.finished.last?.status == .completed)
        #expect(parent?.finished.last?.usage.cost == 5, "what the child has used counts")
        let result = bench.journal.records.compactMap { record in
            if case .completed(.r(3, 1), let result) = record.signal.kind { result } else { nil }
        }.first
        #expect(result?.output["summary"] == "Dug.")
        let opening = bench.journal.records.first { record in record.conversation == Self.child }
        #expect(opening?.signal.actor == .engine && opening?.signal.correlation == "r")
    }

    @Test
    func `C20 an interrupted parent interrupts its child, and its resume resumes it; nothing is repeated`()
        throws
    {
        let family = Family.interruptible
        let bench = Bench(family.gateway)
        bench.open()
        bench.request(.interrupt("r", reason: "lunch"), id: "i")
        let parked = try #require(bench.state(of: Self.child)?.parked.first)
        #expect(parked.id == "r/3/1" && parked.interruption?.reason == "lunch")
        #expect(bench.state()?.parked.first?.step(3)?.child == "r/3/1")
        #expect(bench.state()?.parked.first?.interruption?.inFlight == .workflow)

        bench.request(.resume("r", .interruption("r", 1)), id: "go")
        #expect(bench.state(of: Self.child)?.finished.map(\.run) == ["r/3/1"])
        #expect(bench.state()?.finished.last?.status == .completed)
        #expect(family.first.began.entries.count == 1, "its finished step is not repeated")
        #expect(family.second.began.entries.map(\.id.attempt) == [1, 2])
    }

    @Test func `C18 a canceled parent cancels its child, also one that was left interrupted`() throws {
        for isInterruptedFirst in [false, true] {
            let family = Family { _, _ in try await untilCancelled() }
            let bench = Bench(family.gateway)
            bench.open()
            if isInterruptedFirst { bench.request(.interrupt("r", reason: "lunch"), id: "i") }
            bench.request(.cancel("r", reason: "enough"), id: "c")
            #expect(bench.state()?.finished.last?.status == .canceled)
            let child = try #require(bench.state(of: Self.child))
            #expect(child.finished.map(\.status) == [.canceled], "interrupted first: \(isInterruptedFirst)")
            #expect(child.parked.isEmpty && child.active == nil)
        }
    }

    @Test func `C18 a child that is to be left alone is left alone`() throws {
        let latch = Latch()
        let family = Family(policy: .abandon) { _, _ in
            await latch.wait()
            return Run.Result(output: "two")
        }
        let bench = Bench(family.gateway)
        bench.open()
        #expect(bench.state()?.finished.last?.status == .completed)
        #expect(bench.state(of: Self.child)?.active?.status == .running)
        bench.request(.cancelConversation(reason: "enough"), id: "c")
        latch.open()
        bench.settle()
        #expect(bench.state(of: Self.child)?.finished.map(\.status) == [.completed])
    }

    @Test func `a child that fails is the call's failure`() {
        let family = Family { _, _ in Run.Result(output: "two") }
        var gateway = family.gateway
        gateway.register(Workflow("sub", "Fails.", template: .coding) { _ in " " })
        let bench = Bench(gateway)
        bench.open()
        #expect(bench.endings.contains("r/3/1 failed validation"))
        #expect(bench.state()?.finished.last?.status == .completed, "the model goes on")
    }

    @Test func `a parent that waited when its process died goes on with its child, which recovers by itself`()
        throws
    {
        let family = Family.interruptible
        let bench = Bench(family.gateway)
        bench.open()
        let journal = SpyJournal(bench.journal.records)
        let next = Bench(family.gateway, journal: journal)
        #expect(next.state()?.active != nil || next.state()?.finished.last?.status == .completed)
        next.settle()
        #expect(next.state()?.finished.last?.status == .completed)
        #expect(next.state(of: Self.child)?.finished.map(\.run) == ["r/3/1"], "no other child was opened")
        #expect(family.first.began.entries.count == 1)
    }

    @Test(arguments: ["policy.decided", "execution.started"])
    func `C20 a resume that is interrupted before it reaches the child does not lose the child`(
        record: String
    )
        throws
    {
        let family = Family.interruptible
        let bench = Bench(family.gateway)
        bench.open()
        bench.request(.interrupt("r", reason: "lunch"), id: "i")
        bench.journal.hold(from: "\(record) r/3/2")
        bench.request(.resume("r", .interruption("r", 1)), id: "go")
        let again = bench.submit(.interrupt("r", id: "i2"))
        bench.settle()
        bench.journal.release()
        bench.settle()
        #expect(again.value == .applied)
        #expect(bench.journal.lines.contains { line in line.contains("canceled r/3/2 not begun") })
        #expect(bench.state()?.parked.first?.step(3)?.child == "r/3/1")
        bench.request(.resume("r", .interruption("r", 2)), id: "go2")
        #expect(bench.state()?.finished.last?.status == .completed)
        #expect(bench.state(of: Self.child)?.finished.map(\.run) == ["r/3/1"], "no other child was opened")
        #expect(family.first.began.entries.count == 1)
    }

    @Test func `a child whose parent's journal failed keeps its work for the next attempt`() throws {
        let family = Family.interruptible
        let bench = Bench(family.gateway)
        bench.open()
        bench.journal.failNext(JournalError("spy", .system("write", "full")))
        bench.request(.switchMode(Run.ModeSwitch(to: .named("planning"))), id: "m")
        #expect(bench.state(of: Self.child)?.parked.map(\.id) == ["r/3/1"])
        _ = bench.state()
        bench.settle()
        #expect(bench.state()?.finished.last?.status == .completed)
        let child = bench.state(of: Self.child)
        #expect(child?.finished.map(\.run) == ["r/3/1"] && child?.finished.last?.status == .completed)
        #expect(family.first.began.entries.count == 1)
    }

    @Test func `a child run that was never opened leaves no record`() throws {
        let family = Family { _, _ in try await untilCancelled() }
        let bench = Bench(family.gateway)
        bench.journal.hold(from: "policy.decided r/3/1")
        _ = bench.submit(.message("r"))
        bench.settle()
        _ = bench.submit(
            Run.Signal(id: "c", .cancel("r", reason: "enough"), by: .operator("ada"), at: 1_000))
        bench.settle()
        bench.journal.release()
        bench.settle()
        #expect(bench.state()?.finished.last?.status == .canceled)
        #expect(!bench.journal.records.contains { record in record.conversation == Self.child })
    }

    @Test func `a child that a person cancels is the call's cancellation, and the parent goes on`() {
        let family = Family { _, _ in try await untilCancelled() }
        let bench = Bench(family.gateway)
        bench.open()
        bench.request(.cancel("r/3/1", reason: "enough"), id: "c", in: Self.child)
        #expect(bench.endings.contains("r/3/1 canceled"))
        #expect(bench.state()?.finished.last?.status == .completed)
        #expect(bench.state()?.finished.last?.usage.cost == 5, "what the child has used counts")
    }

    @Test func `a shutdown in the middle interrupts parent and child, and the next engine resumes both`() {
        let family = Family.interruptible
        let bench = Bench(family.gateway)
        bench.open()
        #expect(bench.shutDown().isOver && bench.clock.sleepers.isEmpty)
        let next = Bench(family.gateway, journal: SpyJournal(bench.journal.records))
        #expect(next.state()?.parked.first?.step(3)?.child == "r/3/1")
        #expect(next.state(of: Self.child)?.parked.map(\.id) == ["r/3/1"])
        next.request(.resume("r", .interruption("r", 1)), id: "go")
        #expect(next.state()?.finished.last?.status == .completed)
        #expect(next.state(of: Self.child)?.finished.map(\.run) == ["r/3/1"])
        #expect(family.first.began.entries.count == 1)
    }

    @Test
    func `an engine that dies after any record of parent and child ends with one child, its work done once`()
        throws
    {
        func family() -> Family { Family { _, _ in Run.Result(output: "two") } }
        let whole = Bench(family().gateway)
        whole.open()
        let records = whole.journal.records
        for count in 1...records.count {
            let bench = Bench(family().gateway, journal: SpyJournal(Array(records.prefix(count))))
            _ = bench.state()
            bench.settle()
            // A child that may have begun something that must not run twice waits for a person.
            for (index, gate) in (bench.state(of: Self.child)?.active?.gates ?? []).enumerated() {
                let id = Run.Signal.ID("yes\(index)")
                bench.request(.gateAnswer(gate.ticket, .rerun), id: id, in: Self.child)
            }
            #expect(bench.state()?.finished.last?.status == .completed, "after \(count)")
            let child = bench.state(of: Self.child)
            #expect(child?.finished.map(\.status) == [.completed], "after \(count)")
        }
    }

    @Test(arguments: [false, true])
    func `C18 an engine that dies while a parent is canceled leaves no child behind`(asksChildFirst: Bool)
        throws
    {
        let whole = Bench(Family { _, _ in try await untilCancelled() }.gateway)
        whole.open()
        whole.request(.cancel("r", reason: "enough"), id: "c")
        let records = whole.journal.records
        let cancel = try #require(records.firstIndex { record in record.signal.id == "c" })
        for count in (cancel + 1)...records.count {
            let gateway = Family { _, _ in try await untilCancelled() }.gateway
            let bench = Bench(gateway, journal: SpyJournal(Array(records.prefix(count))))
            for place in asksChildFirst ? [Self.child, Self.parent] : [Self.parent, Self.child] {
                _ = bench.state(of: place)
            }
            #expect(bench.state()?.finished.last?.status == .canceled, "after \(count)")
            let child = try #require(bench.state(of: Self.child))
            #expect(child.finished.map(\.status) == [.canceled], "after \(count)")
            #expect(child.active == nil && child.parked.isEmpty, "after \(count)")
        }
    }

    @Test func `C18 a child that is left alone goes on when the process of its parent died`() {
        let family = Family(policy: .abandon) { execution, _ in
            if execution.id.attempt == 1 { return try await untilCancelled() }
            return Run.Result(output: "two")
        }
        let bench = Bench(family.gateway)
        bench.open()
        let next = Bench(family.gateway, journal: SpyJournal(bench.journal.records))
        #expect(next.state()?.finished.last?.status == .completed)
        _ = next.state(of: Self.child)
        #expect(next.state(of: Self.child)?.finished.map(\.status) == [.completed])
    }

    @Test func `workflows that call each other come to an end`() {
        var gateway = Gateway.open()
        gateway.register(
            Strategy { execution in
                guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
                let call = Run.Call(id: "1", name: "workflow.run.again", arguments: ["task": "Again."])
                return Run.Result(output: "", calls: [call])
            })
        gateway.register(Workflow("again", "Calls itself.", template: .coding))
        let bench = Bench(gateway)
        bench.open()
        #expect(bench.state()?.finished.last?.status == .completed)
        let deepest = bench.journal.records.map { record in record.signal }.compactMap { signal in
            if case .userMessage(let request) = signal.kind { request.parent?.depth } else { nil }
        }.max()
        #expect(deepest == Run.Parent.greatestDepth)
    }

    @Test func `nobody but the engine opens a child run, and the engine controls no other`() {
        let family = Family { _, _ in try await untilCancelled() }
        let bench = Bench(family.gateway)
        let parent = Run.Parent(execution: .r(3, 1), depth: 1)
        let request = Run.Request("Dig.", parent: parent)
        #expect(bench.request(.userMessage(request), id: "x") == .rejected(.unauthorized))
        bench.open()
        #expect(bench.request(.cancel("r", reason: "x"), id: "c", by: .engine) == .rejected(.unauthorized))
    }
}
