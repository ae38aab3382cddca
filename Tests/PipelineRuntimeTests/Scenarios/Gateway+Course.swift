import PipelineCore
import PipelineRuntime
import PipelineTesting

extension Gateway {
    /// Opens run `r` in a whole engine on Swift's own pool, where real processes work, and gives its events.
    ///
    /// A back-off is over as soon as it begins: nothing waits, and nothing depends on the machine's speed.
    /// - Parameter react: what the test does when it sees an event.
    func course(
        _ template: Template = .coding,
        reacting react: (Engine, ManualClock, Run.Event) async throws -> Void = { _, _, _ in }
    ) async throws -> [Run.Event] {
        let clock = ManualClock(now: 1_000)
        let engine = Engine(self, journal: MemoryJournal(), clock: clock)
        try await engine.request(.userMessage(Run.Request("Do it.", template: template)), id: "r", in: "chat")
        var events: [Run.Event] = []
        for await entry in engine.events(of: "chat") {
            events.append(entry.event)
            if case .timerArmed(let timer) = entry.event.kind { clock.advance(by: timer.at - clock.now) }
            if entry.event.outcome != nil { break }
            try await react(engine, clock, entry.event)
        }
        await engine.shutdown(within: .seconds(5))
        return events
    }
}

extension Run.Event {
    /// What became of an execution, if it is news of one.
    var execution: (id: Run.Execution.ID, change: ExecutionChange)? {
        if case .execution(let id, let change) = kind { (id, change) } else { nil }
    }

    /// Whether it is this news of this execution.
    func tells(_ lifecycle: Run.Execution.Lifecycle, of id: Run.Execution.ID) -> Bool {
        execution.map { news in news.id == id && news.change.lifecycle == lifecycle } ?? false
    }
}

extension [Run.Event] {
    /// How the attempts of a step ended, in order: `1 failed transport`.
    func endings(ofStep ordinal: Int) -> [String] {
        compactMap { event in
            guard let (id, change) = event.execution, id.ordinal == ordinal, change.duration != nil else {
                return nil
            }
            let category = change.failure.map { failure in " \(failure.category.rawValue)" } ?? ""
            return "\(id.attempt) \(change.lifecycle.rawValue)\(category)"
        }
    }

    /// How long the run paused before it tried something again.
    var pauses: [Run.Milliseconds] {
        compactMap { event in
            if case .timerArmed(let timer) = event.kind { timer.at - event.time } else { nil }
        }
    }

    /// What the run came to, with the category of its failure.
    var outcome: String? {
        guard let last, let status = last.outcome else { return nil }
        guard case .run(_, .failed(let failure)) = last.kind else { return status.rawValue }
        return "\(status.rawValue) \(failure.category.rawValue)"
    }

    /// What became of a step in the end.
    func lastChange(ofStep ordinal: Int) -> Run.Event.StepChange? {
        compactMap { event in
            if case .step(_, let change) = event.kind, change.ordinal == ordinal { change } else { nil }
        }.last
    }
}
