import PipelineCore
import PipelineRuntime
import PipelineTesting

/// Callers of an engine on Swift's own pool: each opens runs, one after the other, gets in their way, and waits for
/// the end of each. Attendants answer what is asked and resume what was interrupted.
///
/// Nobody sleeps: the clock goes on as long as somebody waits.
struct Crowd {
    let engine: Engine
    let labor: Labor

    /// Lets them all work until the last run has ended.
    func work(callers: Int, runs: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { attendants in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<callers {
                    let place = Conversation.ID("c\(number)")
                    attendants.addTask { await attend(place) }
                    group.addTask { try await call(place, runs: runs) }
                }
                try await group.waitForAll()
            }
            attendants.cancelAll()
        }
    }

    /// Lets time pass until the task is cancelled.
    func letTimePass() async {
        while !Task.isCancelled {
            labor.clock.advance(by: 1)
            for _ in 0..<20 { await Task.yield() }
        }
    }

    private func call(_ place: Conversation.ID, runs: Int) async throws {
        for number in 0..<runs {
            let run = Run.ID("\(place)-\(number)")
            var dice = labor.dice(for: Run.Execution.ID(run: run, ordinal: 0, attempt: 0))
            let request = Run.Request("Do it.", template: Labor.template)
            try await engine.submit(signal(Run.Signal.ID(key: run.key), .userMessage(request)), to: place)
            for step in 0..<Int.random(in: 0...3, using: &dice) {
                for _ in 0..<Int.random(in: 0...40, using: &dice) { await Task.yield() }
                let kind: Run.Signal.Kind =
                    switch Int.random(in: 0..<5, using: &dice) {
                    case 0: .cancel(run, reason: "enough")
                    case 1: .interrupt(run, reason: "lunch")
                    default:
                        .cancelStep(run, ordinal: Int.random(in: 2...9, using: &dice), reason: "not this")
                    }
                try await engine.submit(signal(Run.Signal.ID("\(run)/\(step)"), kind), to: place)
            }
            await end(of: run, in: place)
        }
    }

    private func end(of run: Run.ID, in place: Conversation.ID) async {
        for await entry in engine.events(of: place) {
            guard case .run(run, _) = entry.event.kind, let outcome = entry.event.outcome else { continue }
            if outcome != .interrupted { return }
        }
    }

    /// Does what a person must do, there and in the conversations of child runs, until the task is cancelled.
    private func attend(_ place: Conversation.ID) async {
        await withDiscardingTaskGroup { children in
            var attended: Set<Conversation.ID> = []
            for await entry in engine.events(of: place) {
                switch entry.event.kind {
                case .gateOpened, .run(_, .interrupted): await goOn(in: place, after: entry)
                case .execution(let id, let change)
                where change.kind == .workflow && change.lifecycle == .started:
                    let child = Conversation.ID("\(place)/\(id.run)/\(id.ordinal)")
                    if attended.insert(child).inserted { children.addTask { await attend(child) } }
                default: continue
                }
            }
        }
    }

    /// Answers what is asked, and goes on with what was interrupted.
    private func goOn(in place: Conversation.ID, after entry: EventEntry) async {
        guard let state = try? await engine.state(of: place) else { return }
        for run in state.parked + (state.active.map { run in [run] } ?? []) {
            for gate in run.gates {
                let answer: Run.Gate.Answer = gate.kind == .approval ? .approve : .skip
                _ = try? await engine.submit(
                    signal(
                        Run.Signal.ID("\(gate.ticket)/\(entry.sequence)"), .gateAnswer(gate.ticket, answer)),
                    to: place)
            }
            guard run.status == .interrupted, let ticket = run.interruption?.ticket else { continue }
            _ = try? await engine.submit(
                signal(Run.Signal.ID("\(ticket)/\(entry.sequence)"), .resume(run.id, ticket)), to: place)
        }
    }

    private func signal(_ id: Run.Signal.ID, _ kind: Run.Signal.Kind) -> Run.Signal {
        Run.Signal(id: id, kind, by: .operator("ada"), at: labor.clock.now)
    }
}
