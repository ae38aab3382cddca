import PipelineCore

extension ModelChecker {
    /// What a runtime that does as it is told would have under way.
    struct Ledger {
        struct Live {
            let id: Run.Execution.ID
            var isTold: Bool
        }

        var executions: [Live] = []
        var timers: [Run.Timer] = []
        var gates: [Run.Ticket] = []

        init() {}

        /// What a state implies.
        init(_ conversation: Conversation) {
            for run in conversation.runs {
                for index in run.round {
                    guard let id = run.executionID(of: index) else { continue }
                    executions.append(Live(id: id, isTold: run.steps[index].attempt?.told != nil))
                }
                timers += run.timers
                for gate in run.gates { gates.append(gate.ticket) }
            }
        }

        /// Executions, timers and gates are the same, in any order.
        func difference(from other: Ledger) -> (Rule, String)? {
            if timers.count != other.timers.count
                || !timers.allSatisfy({ timer in other.timers.contains(timer) })
            {
                return (
                    .timersArmed,
                    "armed \(timers.map { timer in "\(timer.id)" }), implied \(other.timers.map { timer in "\(timer.id)" })"
                )
            }
            if executions.count != other.executions.count
                || !executions.allSatisfy({ live in
                    other.executions.contains { twin in twin.id == live.id && twin.isTold == live.isTold }
                })
            {
                return (.executionsLive, "live \(executions), implied \(other.executions)")
            }
            if gates.count != other.gates.count || !gates.allSatisfy({ gate in other.gates.contains(gate) }) {
                return (.gatesAsked, "asked \(gates), open \(other.gates)")
            }
            return nil
        }
    }
}
