import PipelineCore
import PipelineRuntime

/// What is done to a run that another process is at work on: that process is asked to.
extension Program {
    static func interrupt(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .interrupt, options: ["--reason", "--conversation"])
        var view = try JournalView(
            try arguments.operand("JOURNAL", of: .interrupt), conversation: arguments.conversation)
        let reason = arguments.all("--reason").last ?? "interrupt_requested"
        if view.summary == nil, let holder = try await Holder.client(of: &view) {
            return try await stop(view, by: holder, .interrupt(view.run, reason: reason))
        }
        if let summary = view.summary { return try ended(view, summary) }
        Console.error("No process is at work on the run \(view.run). Go on with it:\n  \(view.resumeCommand)")
        return .interrupted
    }

    /// Asks for a stop, and shows what happens until the run has come to it.
    static func stop(
        _ view: JournalView, by holder: consuming Holder, _ request: Run.Signal.Kind
    ) async throws(CommandError) -> ExitCode {
        var holder = holder
        var printer = ProgressPrinter(ProgressPrinter.style(json: false))
        let clock = WallClock()
        let began = clock.now
        let isCancel = if case .cancel = request { true } else { false }
        let disposition = try await holder.request(request)
        if disposition == .unchanged, !isCancel, view.live?.status == .interrupted {
            return view.conclude(&printer, after: 0)
        }
        if let disposition, disposition != .applied, disposition != .unchanged {
            let last = try view.reread()
            if let summary = last.summary { return try ended(last, summary) }
            let word = isCancel ? "canceled" : "interrupted"
            throw CommandError(
                .failed, "The run was not \(word): \(disposition.json). See `pipeline show`.")
        }
        let last = try await holder.follow(&printer) { event in
            guard case .run(view.run, _) = event.kind, let outcome = event.outcome else { return false }
            return !isCancel || outcome != .interrupted
        }
        return last.conclude(&printer, after: clock.now - began)
    }

    /// Answers what the command line answers, and has an interrupted run resumed; shows what follows.
    static func resume(
        _ view: JournalView, by holder: consuming Holder, _ decisions: [Int: Run.Gate.Answer], maxSteps: Int?,
        _ style: ProgressPrinter.Style
    ) async throws(CommandError) -> ExitCode {
        var holder = holder
        let live = view.updated(with: try await holder.state())
        guard let run = live.live else {
            let last = try view.reread()
            guard let summary = last.summary else { throw CommandError(JournalError(view.path, .held)) }
            return try ended(last, summary)
        }
        let confirmations = run.gates.filter { gate in gate.kind == .confirmation }
        if decisions.isEmpty, run.status != .interrupted {
            throw CommandError(
                .held,
                "Another process is using \(view.path), and its run is under way already. Watch it with:\n"
                    + "  \(view.command("show", "--follow"))")
        }
        try check(decisions, against: confirmations)
        for gate in confirmations {
            guard let answer = decisions[gate.ordinal] else { continue }
            let disposition = try await holder.request(.gateAnswer(gate.ticket, answer))
            if let disposition, disposition != .applied {
                throw CommandError(
                    .failed, "The answer was not taken: \(disposition.json). See `pipeline show`.")
            }
        }
        if run.status == .interrupted, let ticket = run.interruption?.ticket {
            let disposition = try await holder.request(.resume(run.id, ticket, .raising(steps: maxSteps)))
            // The terminal where it was asked may have resumed it.
            let isDone: [Run.Disposition] = [.applied, .rejected(.notInterrupted), .rejected(.runTerminal)]
            if let disposition, !isDone.contains(disposition) {
                throw CommandError(
                    .failed, "The run was not resumed: \(disposition.json). See `pipeline show`.")
            }
        }
        var printer = ProgressPrinter(style)
        let clock = WallClock()
        let began = clock.now
        let last = try await holder.follow(&printer) { event in
            if case .run(view.run, _) = event.kind { event.outcome != nil } else { false }
        }
        return last.conclude(&printer, after: clock.now - began)
    }
}
