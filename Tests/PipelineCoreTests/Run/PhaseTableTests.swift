import PipelineCore
import Testing

/// The table of signals by phase, row by row: what every signal does to a run, wherever the run is.
struct PhaseTableTests {
    /// A signal, and its disposition in each phase in the order of ``Phase``.
    struct Row: CustomTestStringConvertible {
        let name: String
        let kind: Run.Signal.Kind
        var actor: Run.Actor?
        var id: String?
        /// `a` applied, `u` unchanged, `d` duplicate, `s` stale, or the code of a rejection.
        let outcomes: String

        init(
            _ name: String, _ kind: Run.Signal.Kind, by actor: Run.Actor? = nil, id: String? = nil,
            _ outcomes: String
        ) {
            self.name = name
            self.kind = kind
            self.actor = actor
            self.id = id
            self.outcomes = outcomes
        }

        var testDescription: String { name }
    }

    private static let open = Run.Execution.ID(run: "r", ordinal: 3, attempt: 1)
    private static let other = Run.Execution.ID(run: "r", ordinal: 3, attempt: 2)
    private static let done = Run.Result(output: "x")
    private static let broken = Run.Failure(.transport, "x")
    private static let switched = Run.ModeSwitch(to: .named("planning"))
    private static let forced = Run.ModeSwitch(to: .named("planning"), isForced: true)
    private static func timer(_ kind: Run.Timer.Kind, _ number: Int = 0) -> Run.Signal.Kind {
        .timerFired(Run.Timer.ID(owner: open, kind: kind, interruptions: number))
    }

    // Columns: pending, running, stopping to interrupt, to fail, to cancel, interrupted, ended.
    static let rows = [
        Row("run request, same id", .userMessage(Run.Request("Fix it.")), id: "r", "d d d d d d d"),
        Row("run request, queued", .userMessage(Run.Request("More.")), "a a a a a a a"),
        Row(
            "run request, rejected when busy", .userMessage(Run.Request("More.", whenBusy: .reject)),
            "busy busy busy busy busy a a"),
        Row("policy decided", .policyDecided(open, Run.Decision(.allow, rule: "x")), "s a a a a s s"),
        Row("started", .started(open), "s a a a a s s"),
        Row("progress", .progress(open, "x"), "s a a a a s s"),
        Row("exceeded, open", .exceeded(open, broken), "s a s s s s s"),
        Row("exceeded, other", .exceeded(other, broken), "s s s s s s s"),
        Row("completed, open", .completed(open, done), "s a a a a s s"),
        Row("failed, open", .failed(open, broken), "s a a a a s s"),
        Row("canceled, open", .canceled(open, effectBegan: true), "s a a a a s s"),
        Row("completed, other", .completed(other, done), "s s s s s s s"),
        Row("failed, other", .failed(other, broken), "s s s s s s s"),
        Row("canceled, other", .canceled(other, effectBegan: false), "s s s s s s s"),
        Row("started, other", .started(other), "s s s s s s s"),
        Row("attempt timer", timer(.attempt), "s a s s s s s"),
        Row("grace timer", timer(.grace), "s s a a a s s"),
        Row("run timer of no run", timer(.run), "s s s s s s s"),
        Row("timer of a later interruption", timer(.grace, 1), "s s s s s s s"),
        Row(
            "interrupt", .interrupt("r", reason: "x"),
            "notStarted a u stillStopping stillStopping u runTerminal"),
        Row("cancel run", .cancel("r", reason: "x"), "a a a a u a runTerminal"),
        Row(
            "cancel step, open", .cancelStep("r", ordinal: 3, reason: "x"),
            "stepNotFound a a stillStopping stillStopping a runTerminal"),
        Row(
            "cancel step, at a gate", .cancelStep("r", ordinal: 4, reason: "x"),
            "stepNotFound a a stillStopping stillStopping a runTerminal"),
        Row(
            "cancel step, finished", .cancelStep("r", ordinal: 2, reason: "x"),
            "stepNotFound stepTerminal stepTerminal stillStopping stillStopping stepTerminal runTerminal"),
        Row(
            "cancel step, none", .cancelStep("r", ordinal: 9, reason: "x"),
            "stepNotFound stepNotFound stepNotFound stillStopping stillStopping stepNotFound runTerminal"),
        Row(
            "withdraw", .withdraw("r", reason: "x"),
            "a requestNotQueued requestNotQueued requestNotQueued requestNotQueued requestNotQueued runTerminal"
        ),
        Row("cancel conversation", .cancelConversation(reason: "x"), "a a a a a a a"),
        Row(
            "resume conversation", .resumeConversation,
            "notCanceled notCanceled notCanceled notCanceled notCanceled notCanceled notCanceled"),
        Row(
            "resume run", .resume("r", .interruption("r", 1)),
            "notInterrupted notInterrupted stillStopping stillStopping stillStopping a runTerminal"),
        Row(
            "resume run, other ticket", .resume("r", .interruption("r", 2)),
            "notInterrupted notInterrupted stillStopping stillStopping stillStopping staleTicket runTerminal"),
        Row(
            "gate answer, open ticket", .gateAnswer(.gate("r", ordinal: 4, 1), .approve),
            "staleTicket a a staleTicket staleTicket a runTerminal"),
        Row(
            "gate answer, other ticket", .gateAnswer(.gate("r", ordinal: 4, 2), .approve),
            "staleTicket staleTicket staleTicket staleTicket staleTicket staleTicket runTerminal"),
        Row(
            "gate answer, other kind", .gateAnswer(.gate("r", ordinal: 4, 1), .skip),
            "staleTicket payloadInvalid payloadInvalid staleTicket staleTicket payloadInvalid runTerminal"),
        Row(
            "mode switch", .switchMode(switched),
            "activeRunConflict activeRunConflict activeRunConflict activeRunConflict activeRunConflict a a"),
        Row("mode switch, forced", .switchMode(forced), by: .operator("ada"), "a a a a a a a"),
        Row("engine restarted", .restarted, "a a a a a a a"),
        Row("interrupt by a runner", .interrupt("r", reason: "x"), by: .runner, everywhere(.unauthorized)),
        Row("cancel by a timer", .cancel("r", reason: "x"), by: .timer, everywhere(.unauthorized)),
        Row(
            "gate answer by the host", .gateAnswer(.gate("r", ordinal: 4, 1), .approve), by: .host,
            everywhere(.unauthorized)),
        Row("forced switch by the host", .switchMode(forced), by: .host, everywhere(.unauthorized)),
        Row("answer by an operator", .completed(open, done), by: .operator("ada"), "s s s s s s s"),
    ]

    private static func everywhere(_ code: Run.Rejection) -> String {
        Phase.allCases.map { _ in code.rawValue }.joined(separator: " ")
    }

    @Test(arguments: rows) func `every signal in every phase`(row: Row) {
        let outcomes = row.outcomes.split(separator: " ")
        #expect(outcomes.count == Phase.allCases.count)
        for (phase, outcome) in zip(Phase.allCases, outcomes) {
            var world = World(phase)
            let before = world.bytes
            let effect = world.send(row.kind, id: row.id, by: row.actor)
            #expect(effect.disposition.letter == String(outcome), "\(row.name), \(phase)")
            guard effect.disposition != .applied else { continue }
            #expect(world.bytes == before, "\(row.name), \(phase)")
            #expect(effect.deeds.isEmpty, "\(row.name), \(phase)")
            let audits = effect.disposition == .duplicate || effect.disposition == .stale ? 0 : 1
            #expect(effect.events.count == audits, "\(row.name), \(phase)")
        }
    }

    @Test func `the phase after each stop and each crash`() {
        let stops: [(String, Run.Signal.Kind, String)] = [
            (
                "interrupt", .interrupt("r", reason: "x"),
                "pending interrupt interrupt fail cancel interrupted canceled"
            ),
            ("cancel", .cancel("r", reason: "x"), "canceled cancel cancel cancel cancel canceled canceled"),
            (
                "conversation", .cancelConversation(reason: "x"),
                "canceled cancel cancel cancel cancel canceled canceled"
            ),
            (
                "forced switch", .switchMode(PhaseTableTests.forced),
                "pending interrupt interrupt fail cancel interrupted canceled"
            ),
            ("restarted", .restarted, "pending running interrupted failed canceled interrupted canceled"),
        ]
        for (name, kind, outcomes) in stops {
            for (phase, outcome) in zip(Phase.allCases, outcomes.split(separator: " ")) {
                var world = World(phase)
                let isSwitch = name == "forced switch"
                world.send(kind, by: isSwitch ? .operator("ada") : nil)
                let run = world.conversation.run("r")
                let reached = run?.stop?.kind.rawValue ?? world.status(of: "r")?.rawValue
                #expect(reached == String(outcome), "\(name), \(phase)")
            }
        }
    }

    @Test func `a wider stop takes over the cancels and the grace times of a narrower one`() {
        for phase in [Phase.stoppingToInterrupt, .stoppingToFail] {
            var world = World(phase)
            let told = world.run?.step(3)?.attempt?.told
            world.time += 1_000
            #expect(
                world.send(.cancel("r", reason: "y")).deeds.allSatisfy { deed in deed.hasPrefix("withdraw") })
            #expect(world.run?.step(3)?.attempt?.told == told)
            #expect(world.cancelAnswer("r/3/1").events.last == "run.canceled")
        }
    }

    @Test func `a limit that is passed while the run stops is recorded and stops nothing else`() {
        for (phase, end) in [
            (Phase.stoppingToInterrupt, Run.Status.interrupted), (.stoppingToFail, .failed),
            (.stoppingToCancel, .canceled),
        ] {
            var world = World(phase)
            let much = Run.Usage(tokensIn: .max, cost: .max)
            let result = Run.Result(output: "x", usage: much)
            let effect = world.send(.completed(PhaseTableTests.open, result))
            #expect(effect.disposition == .applied && !effect.events.contains("limit.reached"))
            #expect(world.status(of: "r") == end)
        }
    }
}

extension Run.Disposition {
    /// Short for a table.
    var letter: String {
        switch self {
        case .applied: "a"
        case .unchanged: "u"
        case .duplicate: "d"
        case .stale: "s"
        case .rejected(let code): code.rawValue
        }
    }
}
