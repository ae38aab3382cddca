import PipelineCore
import PipelineRuntime
import PipelineTesting

/// Many conversations on a bench, and a host that asks for work and gets in its way at random.
struct Shift {
    let bench: Bench
    private let capacity: Capacity
    /// How often a place was free while somebody waited for one.
    private(set) var idlePlaces = 0
    private let conversations: [Conversation.ID]
    private var dice: SeededGenerator
    private var signals = 0
    private var runs: [(Conversation.ID, Run.ID)] = []
    /// Records up to here were looked at.
    private var seen = 0
    /// Conversations that may not have come to rest.
    private var unsettled: Set<Conversation.ID> = []

    init(_ bench: Bench, _ capacity: Capacity, conversations: Int, seed: UInt64) {
        self.bench = bench
        self.capacity = capacity
        self.conversations = (0..<conversations).map { number in Conversation.ID("c\(number)") }
        dice = SeededGenerator(seed: seed)
    }

    /// Opens runs, interferes with them, and lets everything come to an end.
    mutating func work(runs count: Int) {
        open(runs: count)
        comeToRest()
    }

    /// Opens runs and interferes with them.
    mutating func open(runs count: Int) {
        runs = []
        for _ in 0..<count {
            guard let place = conversations.randomElement(using: &dice) else { return }
            let run = Run.ID("r\(signals)")
            runs.append((place, run))
            submit(
                .userMessage(Run.Request("Do it.", template: Labor.template)), to: place, id: "r\(signals)")
            for _ in 0..<Int.random(in: 0...2, using: &dice) { interfere() }
            for _ in 0..<Int.random(in: 0...5, using: &dice) {
                bench.loop.drain()
                if capacity.free > 0, capacity.waiting > 0 { idlePlaces += 1 }
            }
        }
    }

    private mutating func submit(_ kind: Run.Signal.Kind, to place: Conversation.ID, id: String? = nil) {
        let name = id ?? "s\(signals)"
        signals += 1
        let signal = Run.Signal(
            id: Run.Signal.ID(name), kind, by: .operator("ada"), at: bench.clock.now)
        _ = bench.submit(signal, to: place)
    }

    private mutating func interfere() {
        guard let (place, run) = runs.suffix(conversations.count).randomElement(using: &dice) else { return }
        switch Int.random(in: 0..<12, using: &dice) {
        case 0: submit(.cancel(run, reason: "enough"), to: place)
        case 1: submit(.interrupt(run, reason: "lunch"), to: place)
        case 2: submit(.resume(run, .interruption(run, 1)), to: place)
        case 3, 4:
            let ordinal = Int.random(in: 2...9, using: &dice)
            submit(.cancelStep(run, ordinal: ordinal, reason: "not this"), to: place)
        case 5: for state in bench.states(of: [place]) { attend(state, isLast: false) }
        default: bench.clock.advance(by: Run.Milliseconds.random(in: 0...120, using: &dice))
        }
    }

    /// Lets time pass and does what a person must do, until nothing is left.
    mutating func comeToRest() {
        for round in 0..<400 {
            bench.advance(by: 100)
            noteWhatIsNew()
            let places = unsettled.sorted { a, b in a.key < b.key }
            unsettled = []
            for state in bench.states(of: places) where state.isUnsettled || !state.queue.isEmpty {
                unsettled.insert(state.id)
                attend(state, isLast: round > 40)
            }
            if unsettled.isEmpty, bench.clock.sleepers.isEmpty { return }
        }
    }

    /// Every conversation that has a record since the last time may have something left.
    private mutating func noteWhatIsNew() {
        let records = bench.journal.records
        for record in records[seen...] { unsettled.insert(record.conversation) }
        seen = records.count
    }

    /// Answers what is asked, and goes on with what was interrupted; in the end cancels all of it.
    private mutating func attend(_ state: Conversation, isLast: Bool) {
        for run in state.parked + (state.active.map { run in [run] } ?? []) {
            guard !isLast else {
                submit(.cancel(run.id, reason: "closing time"), to: state.id)
                continue
            }
            for gate in run.gates {
                let answers: [Run.Gate.Answer] =
                    gate.kind == .approval
                    ? [.approve, .deny(message: "No.")] : [.rerun, .skip, .supply("seen")]
                guard let answer = answers.randomElement(using: &dice) else { continue }
                submit(.gateAnswer(gate.ticket, answer), to: state.id)
            }
            if let ticket = run.interruption?.ticket, run.status == .interrupted {
                submit(.resume(run.id, ticket), to: state.id)
            }
        }
    }
}

extension Bench {
    fileprivate func states(of conversations: [Conversation.ID]) -> [Conversation] {
        let outcome = begin { [engine] in
            var states: [Conversation] = []
            for id in conversations { states.append(try await engine.state(of: id)) }
            return states
        }
        settle()
        return outcome.value ?? []
    }
}
