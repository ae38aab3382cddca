import PipelineCore
import Testing

/// What an answer makes of its step, row by row of the table: while the run goes on, while it is interrupted, and while
/// it ends.
struct AnswerTableTests {
    enum Kind: String, CaseIterable { case strategy, idempotent, other, probed, failing, workflow }

    struct Row: CustomTestStringConvertible {
        let answer: String
        let kind: Kind
        /// The step's status after it: running, stopping to interrupt, to fail, to cancel.
        let outcomes: String

        init(_ answer: String, _ kind: Kind, _ outcomes: String) {
            self.answer = answer
            self.kind = kind
            self.outcomes = outcomes
        }

        var testDescription: String { "\(answer), \(kind.rawValue)" }
    }

    static let rows =
        Kind.allCases.map { kind in Row("completed", kind, "completed completed completed completed") } + [
            Row("transport", .strategy, "backoff ready failed failed"),
            Row("transport", .idempotent, "backoff ready failed failed"),
            Row("transport", .other, "failed failed failed failed"),
            Row("transport", .workflow, "failed failed failed failed"),
            Row("auth", .strategy, "failed ready failed failed"),
            Row("auth", .idempotent, "failed failed failed failed"),
            Row("auth", .other, "failed failed failed failed"),
            Row("canceled", .strategy, "failed ready canceled canceled"),
            Row("canceled", .idempotent, "canceled ready canceled canceled"),
            Row("canceled", .other, "canceled unknown canceled canceled"),
            Row("canceled", .probed, "canceled unknown canceled canceled"),
            Row("canceled", .failing, "canceled failed canceled canceled"),
            Row("canceled", .workflow, "canceled ready canceled canceled"),
            Row("never began", .strategy, "failed ready canceled canceled"),
            Row("never began", .idempotent, "canceled ready canceled canceled"),
            Row("never began", .other, "canceled ready canceled canceled"),
            Row("never began", .failing, "canceled ready canceled canceled"),
            Row("timeout, then failed", .strategy, "backoff ready failed failed"),
            Row("timeout, then failed", .idempotent, "backoff failed failed failed"),
            Row("timeout, then canceled", .strategy, "backoff ready canceled canceled"),
            Row("timeout, then canceled", .idempotent, "backoff ready canceled canceled"),
            Row("timeout, then canceled", .other, "failed unknown canceled canceled"),
            Row("timeout, then abandoned", .strategy, "backoff ready failed failed"),
            Row("timeout, then abandoned", .idempotent, "backoff ready failed failed"),
            Row("timeout, then abandoned", .other, "unknown unknown failed failed"),
            Row("timeout, then abandoned", .probed, "unknown unknown failed failed"),
            Row("timeout, then abandoned", .failing, "failed failed failed failed"),
            Row("abandoned", .strategy, "- ready failed failed"),
            Row("abandoned", .idempotent, "- ready failed failed"),
            Row("abandoned", .other, "- unknown failed failed"),
            Row("abandoned", .probed, "- unknown failed failed"),
            Row("abandoned", .failing, "- failed failed failed"),
            Row("lost", .strategy, "open ready failed failed"),
            Row("lost", .idempotent, "open ready failed failed"),
            Row("lost", .other, "unknown unknown failed failed"),
            Row("lost", .probed, "unknown unknown failed failed"),
            Row("lost", .failing, "failed failed failed failed"),
            Row("lost", .workflow, "open ready failed failed"),
            Row("denied", .strategy, "failed ready failed failed"),
            Row("denied", .other, "failed failed failed failed"),
            Row("asked", .strategy, "gate ready canceled canceled"),
            Row("asked", .other, "gate ready canceled canceled"),
        ]

    @Test(arguments: rows) func `every answer in every phase`(row: Row) {
        for (phase, outcome) in zip(
            ["run", "interrupt", "fail", "cancel"], row.outcomes.split(separator: " "))
        where outcome != "-" {
            var world = World()
            let ordinal = open(row.kind, in: &world)
            let before = world.run?.step(ordinal)
            var words = row.answer[...]
            if row.answer.hasPrefix("timeout, then ") {
                world.fire("r/\(ordinal)/1/attempt/0")
                words = words.dropFirst("timeout, then ".count)
            }
            switch phase {
            case "interrupt": world.send(.interrupt("r", reason: "x"))
            case "fail": world.fire("r/0/0/run/0")
            case "cancel": world.send(.cancel("r", reason: "x"))
            default: break
            }
            let events = answer(String(words), ordinal, in: &world).events
            let reached = world.run?.step(ordinal)?.status.rawValue ?? ended(ordinal, in: events)
            #expect(reached == String(outcome), "\(row.testDescription), \(phase)")
            // Tries rise by what nobody prompted, and by a timeout, alone.
            let isTry = phase == "run" && ["transport", "auth", "denied"].contains(row.answer)
            let timedOut = phase == "run" && row.answer.hasPrefix("timeout") && reached == "backoff"
            guard let step = world.run?.step(ordinal), !step.status.isTerminal else { continue }
            #expect(step.tries == (before?.tries ?? 0) + (isTry || timedOut ? 1 : 0))
        }
    }

    /// Run `r` with one step of this kind in flight; gives its ordinal.
    private func open(_ kind: Kind, in world: inout World) -> Int {
        world.open(
            .coding { template in
                template.limits.wall = 600_000
                template.workflow.startToClose = 30_000
            })
        guard kind != .strategy else { return 2 }
        // A second call keeps the run from going on to its next strategy.
        let arguments: JSON = ["x": 1]
        let call =
            switch kind {
            case .strategy, .idempotent: Run.Call.safe("a", "read_file")
            case .other: Run.Call.once("a", "deploy")
            case .probed: Run.Call.probed("a", "deploy")
            case .failing: Run.Call(id: "a", name: "deploy", arguments: arguments, recovery: .fail)
            case .workflow: Run.Call(id: "a", name: "workflow.run.x", arguments: arguments)
            }
        world.complete("r/2/1", calls: [call, .gated("b", "deploy")])
        return 3
    }

    private func answer(_ word: String, _ ordinal: Int, in world: inout World) -> World.Effect {
        let id = world.execution("r/\(ordinal)/1")
        return switch word {
        case "completed": world.complete("r/\(ordinal)/1", calls: ordinal == 2 ? [.gated("c", "deploy")] : [])
        case "transport", "failed": world.fail("r/\(ordinal)/1", word == "failed" ? .validation : .transport)
        case "auth": world.fail("r/\(ordinal)/1", .auth)
        case "canceled": world.cancelAnswer("r/\(ordinal)/1")
        case "never began": world.cancelAnswer("r/\(ordinal)/1", effectBegan: false)
        case "abandoned": world.fire("r/\(ordinal)/1/grace/0")
        case "denied": world.send(.policyDecided(id, Run.Decision(.deny, rule: "x")))
        case "asked": world.send(.policyDecided(id, Run.Decision(.ask, rule: "x")))
        default: world.send(.restarted)
        }
    }

    /// What the last event of a step of an ended run said.
    private func ended(_ ordinal: Int, in events: [String]) -> String? {
        for status in ["completed", "failed", "canceled"] where events.contains("step.\(status) \(ordinal)") {
            return status
        }
        return nil
    }

    @Test func `C20 an interrupted workflow goes on with its child`() throws {
        var world = World()
        world.open()
        world.complete("r/2/1", calls: [Run.Call(id: "a", name: "workflow.run.x", arguments: [:])])
        #expect(world.send(.interrupt("r", reason: "x")).deeds.last == "arm r/3/1/grace/0 at 11000")
        world.send(.canceled(world.execution("r/3/1"), effectBegan: true, continues: "child"))
        let resumed = world.send(.resume("r", .interruption("r", 1)))
        guard case .startExecution(let execution)? = resumed.directives.last else { throw Missing() }
        #expect(execution.id == world.execution("r/3/2") && execution.kind == .workflow)
        #expect(execution.continues == "child")
    }
}
