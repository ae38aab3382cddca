import PipelineCore
import PipelineRuntime

/// Shows records with what they decided, and the state that they come to.
struct ReplayPrinter {
    let isJSON: Bool

    func show(_ step: JournalStep) {
        let record = step.record
        guard !isJSON else { return Console.out("\(step.json)\n") }
        let head = [
            "\(record.sequence)".padded(to: 8), record.signal.kind.word.padded(to: 16),
            record.disposition.line.padded(to: 10), "by \(record.signal.actor)",
        ]
        var lines = [head.joined(separator: " ")]
        lines += step.deeds.map { deed in "         \(deed)" }
        if let divergence = step.divergence {
            lines.append("         decides something else now; it is recorded as \(divergence.recorded)")
        }
        for line in lines { Console.out("\(line)\n".printable) }
    }

    /// The state: what runs there are, their steps, how far they are, and what they wait for.
    func show(_ replay: JournalReplay, began: Run.Milliseconds) {
        guard !isJSON else { return Console.out("\(replay.json)\n") }
        let state = replay.state
        Console.out("\nafter record \(replay.sequence), \(replay.time.asInstant)\n")
        for summary in state.finished {
            Console.out("run      \(summary.run) \(summary.status.rawValue)\n".printable)
        }
        for run in state.unended {
            for line in run.lines(at: replay.time, in: state) { Console.out("\(line)\n".printable) }
        }
        guard let run = state.unended.last else { return }
        var printer = ProgressPrinter(.plain)
        printer.finish(
            run.status.rawValue, steps: run.steps.last?.ordinal ?? 0, time: replay.time - began,
            usage: run.spent.usage)
    }
}

extension Conversation {
    /// The runs that have not ended.
    var unended: [Run] { queue + parked + [active].compactMap(\.self) }
}

extension Run {
    fileprivate func lines(at time: Milliseconds, in state: Conversation) -> [String] {
        let progress = progress(at: time)
        let used = "\(progress.stepsUsed) of \(limits.steps) steps used"
        var lines = ["run      \(id) \(status.rawValue), at \(progress.step), \(used)"]
        for step in steps {
            let attempts = step.attempts > 0 ? ", \(step.attempts) attempts" : ""
            let what = "\(step.kind.rawValue.padded(to: 8)) \(step.name)  \(step.status.rawValue)\(attempts)"
            lines.append("\("step \(step.ordinal)".padded(to: 8)) \(what)")
        }
        for blocker in state.blockers(of: id) {
            if case .resume(let ticket) = blocker {
                lines.append("waits    for its resume, ticket \(ticket)")
            }
            lines += self.lines(about: blocker, isHeld: true, now: time)
        }
        return lines
    }
}

extension JournalStep {
    fileprivate var json: JSON {
        var object: JSON.Object = [
            "sequence": record.sequence.json, "time": record.signal.time.json,
            "signal": .string(record.signal.kind.word), "by": record.signal.actor.json,
            "disposition": record.disposition.json, "deeds": deeds.json,
        ]
        let events = directives.compactMap { directive -> JSON? in
            if case .publish(let event) = directive { event.json } else { nil }
        }
        object["events"] = .array(events)
        object["digest"] = record.digest?.json
        if let divergence {
            object["recorded"] = .object(["deeds": record.deeds.json])
            object["recomputed"] = [
                "disposition": divergence.disposition.json, "digest": divergence.digest?.json ?? .null,
            ]
        }
        return .object(object)
    }
}

extension JournalReplay {
    fileprivate var json: JSON {
        let runs = state.unended.map { run -> JSON in
            [
                "run_id": run.id.json, "status": run.status.json, "progress": run.progress(at: time).json,
                "blockers": .array(state.blockers(of: run.id).map { blocker in blocker.json }),
            ]
        }
        return [
            "after": sequence.json, "time": time.json, "runs": .array(runs), "state": state.json,
        ]
    }
}
