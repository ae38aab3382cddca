import PipelineCore
import PipelineTesting

/// What a runtime that does as it is told would have under way: the directives' side of the rules.
struct Ledger {
    /// Open executions, and whether they were told to end.
    private(set) var executions: [Run.Execution.ID: Bool] = [:]
    private(set) var timers: Set<Run.Timer.ID> = []
    private(set) var gates: Set<Run.Ticket> = []
    private(set) var problems: [String] = []
    /// Every execution that was ever started.
    private(set) var started: Set<Run.Execution.ID> = []
    private var ended: Set<String> = []
    private var ranks: [Int] = []
    private var effects = Effects()

    /// Carries out what one signal decided.
    mutating func take(
        _ signal: Run.Signal, _ effect: World.Effect, from before: Conversation, to after: Conversation
    ) {
        if case .restarted = signal.kind {
            executions = [:]
            timers = []
            gates = []
        }
        ranks = []
        for directive in effect.directives { take(directive) }
        if ranks != ranks.sorted() { problems.append("order \(effect.lines)") }
        if effect.disposition != .applied, !effect.deeds.isEmpty {
            problems.append("deeds though \(effect.disposition)")
        }
        effects.take(signal, effect, from: before, to: after)
        problems += effects.problems + after.breaches(since: before, effect)
    }

    private mutating func take(_ directive: Run.Directive) {
        switch directive {
        case .publish(let event):
            ranks.append(0)
            if let run = event.run, ended.contains("run \(run)") {
                problems.append("\(event.line) after the end")
            }
            if let end = event.terminal, !ended.insert(end).inserted {
                problems.append("second terminal: \(end)")
            }
            if case .execution(let id, let change) = event.kind, change.duration != nil {
                executions[id] = nil
            }
        case .disarmTimer(let id):
            ranks.append(1)
            if timers.remove(id) == nil { problems.append("disarms \(id), which is not armed") }
        case .withdrawGate(let ticket):
            ranks.append(2)
            if gates.remove(ticket) == nil { problems.append("withdraws \(ticket), which is not open") }
        case .cancelExecution(let id):
            ranks.append(3)
            if executions[id] != false { problems.append("cancels \(id) twice, or when it is not open") }
            executions[id] = true
        case .cancelChild: ranks.append(4)
        case .armTimer(let timer):
            ranks.append(5)
            if !timers.insert(timer.id).inserted { problems.append("arms \(timer.id) twice") }
        case .openGate(let gate):
            ranks.append(6)
            gates.insert(gate.ticket)
        case .startExecution(let execution):
            ranks.append(7)
            if executions.updateValue(false, forKey: execution.id) != nil {
                problems.append("starts \(execution.id) twice")
            }
            if !started.insert(execution.id).inserted { problems.append("reuses \(execution.id)") }
            if execution.id.attempt > 1,
                executions[
                    Run.Execution.ID(
                        run: execution.id.run, ordinal: execution.id.ordinal,
                        attempt: execution.id.attempt - 1)] != nil
            {
                problems.append("starts \(execution.id) before the last attempt has settled")
            }
        }
    }

    /// What does not agree with the state.
    func differences(from conversation: Conversation) -> [String] {
        var found = problems
        let runs = conversation.parked + (conversation.active.map { run in [run] } ?? [])
        let open = Set(runs.flatMap { run in run.openExecutions })
        if open != Set(executions.keys) { found.append("open \(open), under way \(executions.keys)") }
        let armed = Set(runs.flatMap { run in run.timers.map { timer in timer.id } })
        if armed != timers { found.append("armed \(armed), in force \(timers)") }
        let asked = Set(runs.flatMap { run in run.gates.map { gate in gate.ticket } })
        if asked != gates { found.append("asked \(asked), open \(gates)") }
        for run in runs { found += run.contradictions }
        for run in runs + conversation.queue {
            let blockers = conversation.blockers(of: run.id)
            if blockers.isEmpty { found.append("nothing would move \(run.id)") }
            found += blockers.filter { blocker in !isReal(blocker, in: conversation) }
                .map { blocker in "\(blocker) is not real" }
        }
        return found
    }

    /// Whether what a run waits for is really under way.
    private func isReal(_ blocker: Run.Blocker, in conversation: Conversation) -> Bool {
        switch blocker {
        case .queued(let run): conversation.active?.id == run || conversation.queue.contains { $0.id == run }
        case .held(let run): conversation.parked.contains { parked in parked.id == run }
        case .execution(let id, _), .capacity(let id, _): executions[id] == false
        case .settling(let id, _): executions[id] == true
        case .gate(let ticket, _, _): gates.contains(ticket)
        case .timer(let ordinal, let instant):
            conversation.active?.timers.contains { timer in
                timer.id.ordinal == ordinal && timer.at == instant && timers.contains(timer.id)
            } ?? false
        case .resume(let ticket): conversation.run(ticket.run)?.interruption?.ticket == ticket
        }
    }
}

extension Run {
    /// What no state may show.
    fileprivate var contradictions: [String] {
        var found: [String] = []
        if status != .running, !openExecutions.isEmpty { found.append("\(status) with open executions") }
        if stop != nil, openExecutions.isEmpty { found.append("stopping with nothing open") }
        if stop != nil, steps.contains(where: { step in step.attempt != nil && step.attempt?.told == nil }) {
            found.append("stopping, and an execution was not told")
        }
        if status == .running, openExecutions.isEmpty, timers.isEmpty, gates.isEmpty { found.append("stuck") }
        if let stop, stop.kind > .interrupt {
            if !gates.isEmpty { found.append("a gate is open though the run ends") }
            if steps.contains(where: { step in !step.status.isTerminal && step.attempt == nil }) {
                found.append("a step waits though the run ends")
            }
        }
        for step in steps where step.status.isTerminal && (step.due != nil || step.awaitsEvidence) {
            found.append("step \(step.ordinal) has ended and still waits")
        }
        for step in steps where !step.status.isTerminal {
            let most =
                switch step.kind {
                case .tool: template.tool
                case .command: template.command
                case .workflow: template.workflow
                case .llm, .system, .timer, .humanGate: template.llm
                }
            if step.tries >= most.maxAttempts {
                found.append("step \(step.ordinal) goes on after its last try")
            }
            if status == .completed { found.append("completed with an undecided step") }
        }
        if steps.count > 64 + 66 { found.append("keeps \(steps.count) steps") }
        if openExecutions.count > template.concurrency { found.append("too many executions at once") }
        return found
    }
}

extension Run.Event {
    /// Names the run, step or attempt that this event ends.
    fileprivate var terminal: String? {
        switch kind {
        case .run(let run, .completed), .run(let run, .failed), .run(let run, .canceled): "run \(run)"
        case .step(let run, let change) where change.status.isTerminal: "step \(run)/\(change.ordinal)"
        case .execution(let id, let change) where change.duration != nil: "attempt \(id)"
        // Several people may have to approve.
        case .gateAnswered(_, _, _, 1...): nil
        case .gateAnswered(let ticket, _, _, _), .gateExpired(let ticket), .gateWithdrawn(let ticket):
            "gate \(ticket)"
        default: nil
        }
    }

    /// The run that it is about.
    fileprivate var run: Run.ID? {
        switch kind {
        case .message(let run, _), .run(let run, _), .step(let run, _): run
        case .execution(let id, _), .abandoned(let id), .policy(let id, _), .degraded(let id, _): id.run
        case .gateOpened(let gate): gate.ticket.run
        case .gateAnswered(let ticket, _, _, _), .gateExpired(let ticket), .gateWithdrawn(let ticket):
            ticket.run
        case .timerArmed(let timer): timer.id.run
        case .timerFired(let timer): timer.run
        case .limitReached(let run, _), .loopSeen(let run, _, _, _): run
        case .request, .restarted, .modeSwitched, .conversationCanceled, .conversationResumed: nil
        }
    }
}
