import PipelineCore
import PipelineRuntime

extension JournalConformance.Trial {
    func engine() async throws {
        var journal = try await create()
        let engine = Engine(ungoverned: Answer(), journal: journal, clock: ManualClock(now: 1_000))
        let message = Run.Signal(id: "r", .userMessage(Run.Request("Do it.")), by: .host, at: 1_000)
        let disposition = try await engine.submit(message, to: "chat")
        if disposition != .applied { throw fail("an engine over it answers \(disposition)") }
        for await entry in engine.events(of: "chat") where entry.event.outcome != nil { break }
        let state = try await engine.state(of: "chat")
        if kit.open != nil {
            await engine.shutdown(within: .zero)
            await journal.close()
            journal = try await open()
        }
        let next = Engine(ungoverned: Answer(), journal: journal, clock: ManualClock(now: 1_000))
        let folded = try await next.state(of: "chat")
        try expect(
            "the state that another engine folds", [folded.snapshot].map(\.description),
            [state.snapshot].map(\.description))
        await next.shutdown(within: .zero)
        await journal.close()
    }

    /// A runner that is done at once.
    private struct Answer: ExecutionRunner {
        func run(_ execution: Run.Execution, report: ExecutionReporter) async -> ExecutionAnswer {
            .completed(Run.Result(output: "Done."))
        }
    }
}
