import PipelineCore
import PipelineRuntime

/// One process of a case: looks at what the ones before it have left, takes it up, and does what is to be done.
struct Life {
    static let conversations: [Conversation.ID] = ["a", "b"]
    static let runs = ["1", "2"]

    let folder: String
    let backend: Backend
    let durability: Durability
    let fuse: Fuse
    private let effects: Ledger
    private let acknowledged: Ledger

    init(_ folder: String, _ backend: Backend, _ durability: Durability, _ fuse: Fuse) throws {
        self.folder = folder
        self.backend = backend
        self.durability = durability
        self.fuse = fuse
        effects = try Ledger("\(folder)/effects")
        acknowledged = try Ledger("\(folder)/acknowledged")
    }

    /// Everything that is not as it must be, one line each.
    func live() async throws -> [String] {
        let journal = try backend.open(in: folder, fuse)
        var problems = try await lookBack(at: journal)
        let shop = Shop(effects: effects, fuse: fuse)
        let engine = Engine(shop.gateway, journal: journal, durability: durability, snapshotInterval: 16)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in Life.conversations { group.addTask { try await self.work(id, engine) } }
            try await group.waitForAll()
        }
        for id in Life.conversations {
            let finished = try await engine.state(of: id).finished
            for run in Life.runs where !finished.contains(where: { end in end.isCompleted("\(id)\(run)") }) {
                problems.append("stuck: \(id)\(run) has not completed: \(finished)")
            }
        }
        await engine.shutdown(within: .seconds(10))
        let again = try backend.open(in: folder, fuse)
        problems += try await lookBack(at: again)
        await again.close()
        return problems + (try countEffects())
    }

    // MARK: Looking back

    /// Whatever was acknowledged is there, and all that is there comes to the same again.
    private func lookBack(at journal: any Journal) async throws -> [String] {
        var problems: [String] = []
        var known: Set<String> = []
        for listing in try await journal.conversations() {
            let id = listing.conversation
            let tail = try await journal.tail(of: id)
            let records = try await journal.records(of: id, from: 1, limit: .max)
            for record in records { known.insert("\(id) \(record.signal.id)") }
            let history = JournalHistory(
                of: id, snapshots: tail.snapshot.map { snapshot in [snapshot] } ?? [], records: records)
            let verification = JournalVerification(of: history)
            for finding in verification.findings { problems.append("digest: \(id): \(finding)") }
        }
        for line in try acknowledged.lines where !known.contains(line) { problems.append("lost: \(line)") }
        return problems
    }

    /// What may happen once happens once.
    private func countEffects() throws -> [String] {
        var counts: [String: Int] = [:]
        for line in try effects.lines { counts[line, default: 0] += 1 }
        var problems = counts.filter { _, count in count > 1 }.map { line, count in
            "twice: \(line), \(count) times"
        }
        let runs = Life.conversations.flatMap { id in Life.runs.map { run in "\(id)\(run)" } }
        for name in ["pay", "book", "deploy"] {
            for run in runs where !counts.keys.contains(where: { line in line.hasPrefix("\(name) \(run)/") })
            {
                problems.append("never: \(name) of \(run)")
            }
        }
        return problems
    }

    // MARK: Going on

    /// Asks for the runs, stops the first of them once, and answers whatever they ask, until nothing is left to do.
    private func work(_ id: Conversation.ID, _ engine: Engine) async throws {
        for run in Life.runs {
            let request = Run.Request("Do it.", mode: .defined(Shop.template), whenBusy: .enqueue)
            try await ask(.userMessage(request), id: "\(id)\(run)", of: engine, in: id)
        }
        // Where everything had ended before, nothing happens any more: the state is looked at first.
        var events = engine.events(of: id).makeAsyncIterator()
        var isOver = try await settle(id, engine)
        while !isOver, let entry = await events.next() {
            fuse.pass()
            if case .execution(let execution, let change) = entry.event.kind, change.lifecycle == .started,
                execution.run == Run.ID("\(id)1"), execution.ordinal > 4,
                try await engine.state(of: id).active?.id == execution.run
            {
                try await ask(
                    .interrupt(execution.run, reason: "One moment."), id: "stop \(id)", of: engine, in: id)
            }
            isOver = try await settle(id, engine)
        }
    }

    /// Answers every gate and resumes what is interrupted; true when nothing is left to do.
    private func settle(_ id: Conversation.ID, _ engine: Engine) async throws -> Bool {
        let state = try await engine.state(of: id)
        for gate in state.current?.gates ?? [] {
            try await ask(
                .gateAnswer(gate.ticket, answer(gate)), id: "answer \(gate.ticket)", by: .operator("ada"),
                of: engine, in: id)
        }
        for run in state.parked {
            guard let ticket = run.interruption?.ticket else { continue }
            try await ask(.resume(run.id, ticket), id: "resume \(ticket)", of: engine, in: id)
        }
        return state.active == nil && state.parked.isEmpty && state.queue.isEmpty
    }

    /// A request counts as acknowledged when its answer is here, and is written down then.
    private func ask(
        _ kind: Run.Signal.Kind, id: String, by actor: Run.Actor = .host, of engine: Engine,
        in conversation: Conversation.ID
    ) async throws {
        let line = "\(conversation) \(id)"
        guard !acknowledged.has(line) else { return }
        let disposition = try await engine.request(
            kind, id: Run.Signal.ID(id), by: actor, in: conversation)
        fuse.pass()
        if disposition == .applied { try acknowledged.write(line) }
    }

    /// What a person says who looks first.
    private func answer(_ gate: Run.Gate) -> Run.Gate.Answer {
        guard gate.kind == .confirmation else { return .approve }
        let key = "\(gate.ticket.run)/\(gate.ordinal)"
        return effects.has(Shop.line(gate.name, key)) ? .supply("ok") : .rerun
    }
}

extension Conversation.Summary {
    fileprivate func isCompleted(_ id: String) -> Bool { run == Run.ID(id) && status == .completed }
}
