import PipelineCore

extension ModelChecker.Edge {
    func checkRequests(_ verdicts: inout ModelChecker.Verdicts) {
        switch kind {
        case .resume(let id, let ticket, _):
            let run = before.run(id)
            verdicts.check(
                .ticketsOnce, run?.status == .interrupted && run?.interruption?.ticket == ticket,
                "\(ticket) counts and is not current")
        case .gateAnswer(let ticket, _):
            let gate = ledger.gate(ticket)
            let needsMore = gate.map { gate in gate.approvers > 1 }
            verdicts.check(
                .ticketsOnce, gate != nil && (implied.gate(ticket) == nil || needsMore == true),
                "\(ticket) counts and is not open, or stays so")
        default: break
        }
        if role == .noise {
            var isEvidence = false
            if case .completed(let id, _) = kind, let step = before.run(id.run)?.step(id.ordinal) {
                isEvidence = step.awaitsEvidence && step.attempts == id.attempt && !id.isProbe
            }
            verdicts.check(.noiseIsIgnored, isEvidence, "\(kind.summary) is applied")
        }
        for run in before.queue where !after.queue.contains(where: { other in other.id == run.id }) {
            let isTold = directives.contains { directive in
                guard case .publish(let event) = directive, case .run(run.id, let change) = event.kind
                else { return false }
                return change == .started || event.outcome == .canceled
            }
            verdicts.check(.queueIsKept, isTold, "request \(run.id) left the queue in silence")
        }
    }
}
