public import PipelineCore

extension Conversation {
    /// The state in short lines: the mode, each run with its steps and gates, what has ended, how many messages.
    ///
    ///     mode: coding
    ///     run r: running
    ///     step r/1 system: completed
    ///     step r/2 llm: open 1
    ///     messages: 1
    ///
    /// The number after a step's status is that of its last attempt.
    public var outline: [String] { Outline(of: self).items.map { item in item.line } }

    /// What has changed since an earlier state, as lines of the outline.
    ///
    ///     new step r/3 tool: open 1
    ///     gone gate r/3/gate/1: approval
    ///     step r/2 llm: open 1 -> completed 1
    ///     other: active/deadline
    ///
    /// What is gone because its run has ended is left out. The last form is for what the outline does not show, and stands
    /// only where there is no other.
    public func changes(since earlier: Conversation) -> [String] {
        let changes = Outline(of: self).changes(since: Outline(of: earlier))
        guard changes.isEmpty else { return changes }
        return json.differences(from: earlier.json).filter { path in path != "seen" }
            .map { path in "other: \(path)" }
    }

    /// What the runtime is busy with, or waits for: `execution r/2/1`, `timer r/2/1/attempt/0`, `gate r/3/gate/1`.
    public var openWork: [String] {
        let runs = (active.map { run in [run] } ?? []) + parked
        return runs.flatMap { run in run.openExecutions.map { id in "execution \(id)" } }
            + runs.flatMap { run in run.timers.map { timer in "timer \(timer.id)" } }
            + runs.flatMap { run in run.gates.map { gate in "gate \(gate.ticket)" } }
    }

    /// Lines that each have a subject of their own, so that two outlines can be compared.
    struct Outline {
        struct Item {
            let subject: String
            let text: String
            /// The run that it is a part of.
            let owner: Run.ID?

            var line: String { "\(subject): \(text)" }
        }

        private(set) var items: [Item] = []
        private let ended: Set<Run.ID>

        init(of conversation: Conversation) {
            ended = Set(conversation.finished.map { summary in summary.run })
            add("mode", conversation.mode.text)
            if let reason = conversation.cancellation { add("canceled", reason) }
            if let holder = conversation.holder { add("holder", holder.text) }
            for run in conversation.finished { add("run \(run.run)", run.outline) }
            for run in conversation.parked { add(run) }
            if let run = conversation.active { add(run) }
            for run in conversation.queue { add(run) }
            add("messages", "\(conversation.messages.count)")
        }

        private mutating func add(_ subject: String, _ text: String, of owner: Run.ID? = nil) {
            items.append(Item(subject: subject, text: text, owner: owner))
        }

        private mutating func add(_ run: Run) {
            add("run \(run.id)", run.outline)
            for step in run.steps {
                add("step \(run.id)/\(step.ordinal) \(step.kind.rawValue)", step.outline, of: run.id)
            }
            for gate in run.gates {
                let agreed = run.step(gate.ordinal)?.question?.agreed.count ?? 0
                let text = gate.approvers > 1 ? ", \(agreed) of \(gate.approvers) agreed" : ""
                add("gate \(gate.ticket)", gate.kind.rawValue + text, of: run.id)
            }
        }

        func changes(since earlier: Outline) -> [String] {
            let old = Dictionary(
                earlier.items.map { item in (Key(item.subject), item.text) }, uniquingKeysWith: { _, b in b })
            let subjects = Set(items.map { item in Key(item.subject) })
            var lines: [String] = []
            for item in earlier.items where !subjects.contains(Key(item.subject)) {
                if let owner = item.owner, ended.contains(owner) { continue }
                lines.append("gone \(item.line)")
            }
            for item in items {
                guard let text = old[Key(item.subject)] else {
                    lines.append("new \(item.line)")
                    continue
                }
                if Key(text) != Key(item.text) { lines.append("\(item.subject): \(text) -> \(item.text)") }
            }
            return lines
        }
    }
}

extension Run {
    fileprivate var outline: String {
        switch status {
        case .running: stop.map { stop in "stopping to \(stop.kind.rawValue) (\(stop.reason))" } ?? "running"
        case .interrupted:
            interruption.map { interruption in
                "interrupted \(interruption.ticket) (\(interruption.reason))"
            } ?? "interrupted"
        case .pending, .completed, .failed, .canceled: status.rawValue
        }
    }
}

extension Conversation.Summary {
    fileprivate var outline: String {
        if let failure { return "\(status.rawValue) (\(failure.category.rawValue))" }
        return reason.map { reason in "\(status.rawValue) (\(reason))" } ?? status.rawValue
    }
}

extension Run.Step {
    /// Status, last attempt, and what else there is: `open 1 started, told to end`.
    fileprivate var outline: String {
        var text = status.rawValue
        if attempts > 0 { text += " \(attempts)" }
        if let attempt {
            if attempt.lifecycle != .requested { text += " \(attempt.lifecycle.rawValue)" }
            if attempt.probe > 0 { text += ", probe \(attempt.probe)" }
            if attempt.waitingSince != nil { text += ", waits for room" }
            if attempt.told != nil { text += ", told to end" }
        }
        if status == .backoff, let due { text += " until \(due)" }
        if status.isTerminal, let failure { text += " (\(failure.category.rawValue))" }
        return text
    }
}
