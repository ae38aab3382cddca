import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// An engine on Swift's own pool, with many callers at once. Nothing here depends on who comes first.
@Suite(.timeLimit(.minutes(5)))
struct ConcurrencyTests {
    @Test func `C7 of a hundred concurrent resumes one is applied, and one execution follows`() async throws {
        let runner = ScriptedRunner([.thinks(), .thinks()])
        let engine = Engine(ungoverned: runner, journal: MemoryJournal(), clock: ManualClock(now: 1_000))
        try await engine.submit(.message("r"), to: "chat")
        try await engine.submit(.interrupt("r", id: "stop"), to: "chat")
        let ticket = try #require(
            await engine.first { event in
                if case .run(_, .interrupted(let interruption)) = event.kind {
                    interruption.ticket
                } else {
                    nil
                }
            })
        let dispositions = try await submitted(to: engine) { number in
            Run.Signal(
                id: Run.Signal.ID("resume-\(number)"), .resume("r", ticket), by: .operator(Key("\(number)")),
                at: 1_000)
        }
        #expect(dispositions.count { disposition in disposition == .applied } == 1)
        #expect(dispositions.count { disposition in disposition == .rejected(.notInterrupted) } == 99)
        runner.release(.r(2, 2), .completed(Run.Result(output: "Done.")))
        #expect(await engine.first { event in event.outcome == .completed ? true : nil } == true)
        await engine.shutdown(within: .seconds(1))
        #expect(runner.ids == ["r/2/1", "r/2/2"])
        #expect(throws: Never.self) { try runner.finish() }
    }

    @Test func `C7 of a hundred concurrent gate answers one is applied, and the tool runs once`() async throws
    {
        let called = Log<JSON>()
        var gateway = Gateway.judging { execution in
            execution.kind == .tool ? .init(.ask, rule: "careful") : .allowed
        }
        gateway.register(.model(calling: "deploy"))
        gateway.register(Tool.counting("deploy", called))
        let engine = Engine(gateway, journal: MemoryJournal(), clock: ManualClock(now: 1_000))
        try await engine.submit(.message("r"), to: "chat")
        let ticket = try #require(
            await engine.first { event in
                if case .gateOpened(let gate) = event.kind { gate.ticket } else { nil }
            })
        let dispositions = try await submitted(to: engine) { number in
            Run.Signal(
                id: Run.Signal.ID("answer-\(number)"), .gateAnswer(ticket, .approve),
                by: .operator(Key("\(number)")), at: 1_000)
        }
        #expect(dispositions.count { disposition in disposition == .applied } == 1)
        let rejections: Set<Run.Disposition> = [.rejected(.staleTicket), .rejected(.runTerminal)]
        #expect(dispositions.count { disposition in rejections.contains(disposition) } == 99)
        #expect(await engine.first { event in event.outcome == .completed ? true : nil } == true)
        await engine.shutdown(within: .seconds(1))
        #expect(called.entries.count == 1)
    }

    @Test func `whatever many callers ask at once, the journal replays to what each of them was told`()
        async throws
    {
        let runner = Instant()
        let journal = MemoryJournal()
        let engine = Engine(ungoverned: runner, journal: journal, clock: ManualClock(now: 1_000))
        let told = try await withThrowingTaskGroup(of: [Run.Signal.ID: Run.Disposition].self) { group in
            for caller in 0..<8 {
                group.addTask {
                    var told: [Run.Signal.ID: Run.Disposition] = [:]
                    for number in 0..<40 {
                        let signal = request(caller: caller, number: number)
                        told[signal.id] = try await engine.submit(signal, to: "chat")
                    }
                    return told
                }
            }
            return try await group.reduce(into: [:]) { all, some in
                all.merge(some) { first, _ in first }
            }
        }
        let state = try await engine.state(of: "chat")
        await engine.shutdown(within: .seconds(1))
        let records = journal.contents
        #expect(told.count == 320)
        #expect(records.map(\.sequence) == Array(1...records.count))
        for record in records where record.signal.isRequest && record.signal.id.text.hasPrefix("c") {
            #expect(told[record.signal.id] == record.disposition)
        }
        let replay = SignalRecording(of: records).replay(from: Conversation(id: "chat"))
        #expect(replay.effects.map(\.disposition) == records.map(\.disposition))
        #expect(replay.conversation.finished.count >= state.finished.count)
        // Exactly one terminal for each execution that reached the runner, and none for any other.
        let terminals = records.compactMap { record -> Run.Execution.ID? in
            guard record.disposition == .applied else { return nil }
            return switch record.signal.kind {
            case .completed(let id, _), .failed(let id, _): id
            case .canceled(let id, let cancellation): cancellation.effectBegan ? id : nil
            default: nil
            }
        }
        #expect(Set(terminals).count == terminals.count)
        #expect(Set(terminals) == Set(runner.calls.entries))
    }

    /// A mix of requests that get into each other's way, the same for each test.
    private func request(caller: Int, number: Int) -> Run.Signal {
        let id = Run.Signal.ID("c\(caller)/\(number)")
        let run = Run.ID("c\((caller + number) % 8)/\(number / 4 * 4)")
        let kind: Run.Signal.Kind =
            switch number % 4 {
            case 0: .userMessage(Run.Request("Do it."))
            case 1: .interrupt(run, reason: "in the way")
            case 2: .resume(run, .interruption(run, 1))
            default: .cancel(run, reason: "enough")
            }
        return Run.Signal(id: id, kind, by: .host, at: 1_000)
    }

    /// Submits a hundred signals at once.
    private func submitted(
        to engine: Engine, _ signal: @escaping @Sendable (Int) -> Run.Signal
    ) async throws -> [Run.Disposition] {
        try await withThrowingTaskGroup(of: Run.Disposition.self) { group in
            for number in 1...100 {
                group.addTask { try await engine.submit(signal(number), to: "chat") }
            }
            return try await group.reduce(into: []) { all, disposition in all.append(disposition) }
        }
    }
}

/// A runner that is done at once.
private struct Instant: ExecutionRunner {
    let calls = Log<Run.Execution.ID>()

    func run(
        _ execution: Run.Execution, report: ExecutionReporter
    ) async -> ExecutionAnswer {
        calls.append(execution.id)
        await report(.started)
        return Task.isCancelled ? .canceled(effectBegan: true) : .completed(Run.Result(output: "Done."))
    }
}

extension Engine {
    /// The first event from the beginning of which something can be made.
    fileprivate func first<Value: Sendable>(
        in conversation: Conversation.ID = "chat", _ pick: @Sendable (Run.Event) -> Value?
    ) async -> Value? {
        for await entry in events(of: conversation) {
            if let value = pick(entry.event) { return value }
        }
        return nil
    }
}
