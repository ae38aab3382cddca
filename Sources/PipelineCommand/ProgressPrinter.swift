import PipelineCore
import PipelineRuntime

/// Shows events as they come: one JSON object a line, plain lines, or a terminal's live lines.
struct ProgressPrinter {
    enum Style {
        case json, plain, terminal
    }

    let style: Style
    /// A text of a model was shown last, and its line is still open.
    private var isInText = false
    /// Line breaks at the end of that text, not shown yet.
    private var pendingBreaks = ""
    private var text: [Run.Execution.ID: String] = [:]
    /// The steps of the template that strategies were asked for.
    private var steps: [Run.Execution.ID: String] = [:]

    init(_ style: Style) { self.style = style }

    /// How this process should show a run.
    static func style(json: Bool) -> Style {
        json ? .json : Console.outputIsTerminal ? .terminal : .plain
    }

    mutating func show(_ event: Run.Event, number: Int) {
        guard style != .json else {
            guard case .object(var object) = event.json else { return }
            object["sequence"] = .integer(Int64(number))
            return Console.out(JSON.object(object).description + "\n")
        }
        switch event.kind {
        case .message(_, .user(let text)): line("task", text)
        case .message: break
        case .run(let run, let change): show(change, of: run)
        case .step(_, let change): show(change)
        case .execution(let id, let change): show(change, of: id)
        case .abandoned(let id):
            line("step \(id.ordinal)", "attempt \(id.attempt) did not end in time and was given up")
        case .policy(let id, let decision) where decision.verdict == .deny:
            line("step \(id.ordinal)", "denied (\(decision.rule)): \(decision.reason)")
        case .policy: break
        case .gateOpened(let gate):
            line(
                "step \(gate.ordinal)", "needs a person (\(gate.kind.rawValue), \(gate.name)): \(gate.reason)"
            )
        case .gateAnswered(let ticket, let answer, let actor, let missing):
            let more = missing > 0 ? "; \(missing) more must agree" : ""
            line("gate", "\(ticket): \(answer.json["answer"]?.stringValue ?? "answered") by \(actor)\(more)")
        case .gateExpired(let ticket): line("gate", "\(ticket): nobody answered in time")
        case .gateWithdrawn: break
        case .timerArmed(let timer):
            line(
                "step \(timer.id.ordinal)",
                timer.id.kind == .wait ? "waits" : "waits before its next attempt")
        case .timerFired(let timer) where timer.kind == .attempt:
            line("step \(timer.ordinal)", "attempt \(timer.owner.attempt) ran too long and is told to end")
        case .timerFired: break
        case .limitReached(_, let limit):
            guard let what = limit.name.consequence else { break }
            line("run", "\(limit.name.rawValue): \(limit.used) of \(limit.allowed) \(what)")
        case .degraded(let id, .concurrency): line("step \(id.ordinal)", "waits for its turn")
        case .degraded(let id, .artifact):
            line("step \(id.ordinal)", "what it made is kept in the artifact store")
        case .degraded(let id, _): line("step \(id.ordinal)", "its output is cut off")
        case .loopSeen(_, let ordinal, let name, let times):
            line("step \(ordinal)", "\(name) has failed \(times) times in the same way; nothing was changed")
        case .modeSwitched(let change): line("mode", "\(change.from) → \(change.to): \(change.reason)")
        case .conversationCanceled(let reason): line("chat", "canceled: \(reason)")
        case .conversationResumed: line("chat", "resumed")
        case .request(let word, let disposition): line("request", "\(word): \(disposition.json)")
        case .restarted: line("run", "taken up")
        }
    }

    private mutating func show(_ change: Run.Event.RunChange, of run: Run.ID) {
        switch change {
        case .opened(let template, _, _): line("run", "\(run) (\(template.id) \(template.version))")
        case .started, .completed, .failed, .canceled: break
        case .stopping(let stop): line("run", "stopping: \(stop.reason)")
        case .interrupted(let interruption):
            line("run", "interrupted (\(interruption.inFlight.rawValue)): \(interruption.reason)")
        case .resumed: line("run", "resumed")
        case .progress: break
        }
    }

    private mutating func show(_ change: Run.Event.StepChange) {
        switch change.status {
        case .unknown: line("step \(change.ordinal)", "\(change.name): outcome unknown")
        case .completed where change.kind == .system:
            line("step \(change.ordinal)", columns(change.kind.rawValue, change.name, "completed"))
        case .canceled where change.attempts == 0, .failed where change.attempts == 0:
            var parts = [columns(change.kind.rawValue, change.name, change.status.rawValue)]
            if let failure = change.failure { parts.append(failure.message) }
            line("step \(change.ordinal)", parts.joined(separator: "  "))
        case .gate, .ready, .open, .backoff, .completed, .failed, .canceled: break
        }
    }

    private mutating func show(_ change: Run.Event.ExecutionChange, of id: Run.Execution.ID) {
        let kind = change.kind.step.rawValue
        // Its gate is shown; that it ended the attempt is of no interest here.
        if change.failure == .approvalRequired { return }
        switch change.lifecycle {
        case .requested:
            if change.kind == .strategy { steps[id] = change.arguments?["step"]?.stringValue }
            for error in change.arguments?["errors"]?.arrayValue ?? [] where change.kind == .strategy {
                line("step \(id.ordinal)", "must mend its answer: \(error.stringValue ?? "\(error)")")
            }
            if style == .terminal { transient("step \(id.ordinal)", columns(kind, change.name, "requested")) }
        case .started:
            if style == .terminal { transient("step \(id.ordinal)", columns(kind, change.name, "started")) }
        case .progress:
            guard change.kind == .strategy, let part = change.text else { return }
            if style == .terminal { stream(part) } else { text[id, default: ""] += part }
        case .completed, .failed, .canceled:
            if let said = text.removeValue(forKey: id),
                !said.allSatisfy({ character in character.isWhitespace })
            {
                for part in said.split(separator: "\n") { line("", "| \(part)") }
            }
            var parts = [columns(kind, change.name, change.lifecycle.rawValue)]
            if let duration = change.duration { parts.append(duration.asDuration) }
            parts.append("attempt \(id.attempt)")
            if let step = steps.removeValue(forKey: id) { parts.append(step) }
            if let note = change.note { parts.append(note) }
            line("step \(id.ordinal)", parts.joined(separator: "  "))
        }
    }

    /// The last line: outcome, steps where they are known, time, tokens; below it the artifact, if it is to be shown.
    mutating func finish(
        _ outcome: String, steps: Int?, time: Run.Milliseconds, usage: Run.Usage, artifact: JSON? = nil
    ) {
        guard style != .json else { return }
        endText()
        let tokens = "\(usage.tokensIn) tokens in, \(usage.tokensOut) out"
        let count = steps.map { steps in "\(steps) steps, " } ?? ""
        Console.out("\(outcome): \(count)\(time.asDuration), \(tokens)\n")
        if let artifact { Console.out("\(artifact.indented())\n".printable) }
    }

    private mutating func line(_ label: String, _ what: String) {
        endText()
        let text = "\(label.padded(to: 8)) \(what)".printable
        Console.out(style == .terminal ? "\r\u{1B}[K\(text)\n" : "\(text)\n")
    }

    /// A line that the next one takes the place of.
    private mutating func transient(_ label: String, _ what: String) {
        endText()
        Console.out("\r\u{1B}[K\u{1B}[2m\("\(label.padded(to: 8)) \(what)".printable) …\u{1B}[0m")
    }

    /// Shows a part of a text as it comes; a line break waits for what follows it.
    private mutating func stream(_ part: String) {
        let margin = "         | "
        if !isInText { Console.out("\r\u{1B}[K\(margin)") }
        isInText = true
        let lines = (pendingBreaks + part.printable).split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.lastIndex { line in !line.isEmpty } ?? 0
        pendingBreaks = String(repeating: "\n", count: lines.count - 1 - shown)
        Console.out(lines[...shown].joined(separator: "\n\(margin)"))
    }

    private mutating func endText() {
        if isInText { Console.out("\n") }
        isInText = false
        pendingBreaks = ""
    }

    private func columns(_ kind: String, _ name: String, _ status: String) -> String {
        "\(kind.padded(to: 8)) \(name.padded(to: 18)) \(status.padded(to: 9))"
    }
}

extension Run.Execution.Kind {
    fileprivate var step: Run.Step.Class {
        switch self {
        case .strategy: .llm
        case .tool: .tool
        case .command: .command
        case .workflow: .workflow
        }
    }
}

extension Run.Event.ExecutionChange {
    /// What is worth a word about how it ended.
    fileprivate var note: String? {
        if let failure { return failure.message }
        guard let output = result?.output else { return nil }
        if let code = output["exitCode"]?.integerValue { return "exit code \(code)" }
        if let signal = output["signal"]?.integerValue { return "signal \(signal)" }
        return output["path"]?.stringValue
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension Run.Milliseconds {
    /// As a person reads it: `12 ms`, `3.4 s`, `2 min 5 s`.
    var asDuration: String {
        if self < 1_000 { return "\(self) ms" }
        if self < 60_000 { return "\(self / 1_000).\(self % 1_000 / 100) s" }
        return "\(self / 60_000) min \(self % 60_000 / 1_000) s"
    }
}

extension Run.LimitName {
    /// What is used up, or comes of it; nil for what only goes on with less, which is told as that.
    fileprivate var consequence: String? {
        switch self {
        case .steps: "steps are used"
        case .attempts, .tokens, .cost, .loops, .wall, .visits, .callsPerAnswer, .queue, .parked: "is used"
        case .reports: "parts of an output, and its step is told to end"
        case .idle: "ms without a sign of life, and the step is told to end"
        case .concurrency, .output, .artifact: nil
        }
    }
}
