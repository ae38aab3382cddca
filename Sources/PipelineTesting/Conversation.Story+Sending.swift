public import PipelineCore

extension Conversation.Story {
    /// Sends a signal and holds what comes of it against what is said.
    ///
    /// - Parameters:
    ///   - disposition: what becomes of it; `applied` when it is not said, or anything where the story is partial.
    ///   - directives: all that must be done, in order.
    ///   - changes: all that becomes different.
    /// - Returns: what came of it, for a closer look.
    @discardableResult
    public mutating func send(
        _ signal: Run.Signal, is disposition: Run.Disposition? = nil, file: String = #fileID,
        line: Int = #line, @Lines directives: () -> Lines.Part = Lines.none,
        @Lines changes: () -> Lines.Part = Lines.none
    ) throws(StoryError) -> SignalRecording.Replay.Effect {
        advance(to: signal.time)
        let before = conversation
        var given: [Run.Directive] = []
        let became = conversation.reduce(signal, into: &given)
        let effect = SignalRecording.Replay.Effect(signal: signal, disposition: became, directives: given)
        effects.append(effect)
        if isRestoring {
            do throws(RestoringError) {
                conversation = try conversation.restored()
            } catch {
                throw StoryError(
                    file: file, line: line, summary: "After \(signal.name): \(error)", difference: [])
            }
        }
        let expected = Expectation(
            disposition: disposition ?? (strictness == .exhaustive ? .applied : nil),
            directives: directives().lines, changes: changes().lines)
        let difference = expected.difference(
            from: effect, changes: conversation.changes(since: before), isPartial: strictness == .partial)
        guard difference.isEmpty else {
            throw StoryError(
                file: file, line: line, summary: "\(signal.name) went otherwise (- expected, + came).",
                difference: difference)
        }
        return effect
    }

    /// Sends a signal from whoever usually sends its kind.
    ///
    /// - Parameters:
    ///   - id: made up when it is not given.
    ///   - time: when it comes; the story's time moves on to it.
    @discardableResult
    public mutating func send(
        _ kind: Run.Signal.Kind, id: Run.Signal.ID? = nil, by actor: Run.Actor? = nil,
        at time: Run.Milliseconds? = nil, is disposition: Run.Disposition? = nil, file: String = #fileID,
        line: Int = #line, @Lines directives: () -> Lines.Part = Lines.none,
        @Lines changes: () -> Lines.Part = Lines.none
    ) throws(StoryError) -> SignalRecording.Replay.Effect {
        if let time { advance(to: time) }
        let signal = Run.Signal(
            id: id ?? Run.Signal.ID("s\(effects.count + 1)"), kind, by: actor ?? kind.usualActor,
            at: self.time)
        return try send(
            signal, is: disposition, file: file, line: line, directives: directives, changes: changes)
    }

    /// The execution answers that it is done.
    @discardableResult
    public mutating func complete(
        _ execution: String, _ output: JSON = "Done.", calls: [Run.Call] = [],
        at time: Run.Milliseconds? = nil, is disposition: Run.Disposition? = nil, file: String = #fileID,
        line: Int = #line, @Lines directives: () -> Lines.Part = Lines.none,
        @Lines changes: () -> Lines.Part = Lines.none
    ) throws(StoryError) -> SignalRecording.Replay.Effect {
        let id = try Self.execution(execution, file, line)
        return try send(
            .completed(id, Run.Result(output: output, calls: calls)), at: time, is: disposition, file: file,
            line: line, directives: directives, changes: changes)
    }

    /// The execution answers that it has failed.
    @discardableResult
    public mutating func fail(
        _ execution: String, _ failure: Run.Failure, at time: Run.Milliseconds? = nil,
        is disposition: Run.Disposition? = nil, file: String = #fileID, line: Int = #line,
        @Lines directives: () -> Lines.Part = Lines.none, @Lines changes: () -> Lines.Part = Lines.none
    ) throws(StoryError) -> SignalRecording.Replay.Effect {
        let id = try Self.execution(execution, file, line)
        return try send(
            .failed(id, failure), at: time, is: disposition, file: file, line: line, directives: directives,
            changes: changes)
    }

    /// The execution answers that it has ended because it was told to.
    ///
    /// - Parameter effectBegan: false only when its sub-runner never was called.
    @discardableResult
    public mutating func confirmCancel(
        _ execution: String, effectBegan: Bool = true, at time: Run.Milliseconds? = nil,
        is disposition: Run.Disposition? = nil, file: String = #fileID, line: Int = #line,
        @Lines directives: () -> Lines.Part = Lines.none, @Lines changes: () -> Lines.Part = Lines.none
    ) throws(StoryError) -> SignalRecording.Replay.Effect {
        let id = try Self.execution(execution, file, line)
        return try send(
            .canceled(id, effectBegan: effectBegan), at: time, is: disposition, file: file, line: line,
            directives: directives, changes: changes)
    }

    /// The timer fires: when it is due where it is armed, and now where it is not.
    @discardableResult
    public mutating func fire(
        _ timer: String, at time: Run.Milliseconds? = nil, is disposition: Run.Disposition? = nil,
        file: String = #fileID, line: Int = #line, @Lines directives: () -> Lines.Part = Lines.none,
        @Lines changes: () -> Lines.Part = Lines.none
    ) throws(StoryError) -> SignalRecording.Replay.Effect {
        guard let id = Run.Timer.ID(timer) else {
            throw StoryError(
                file: file, line: line,
                summary: "\"\(timer)\" is no timer; write <run>/<ordinal>/<attempt>/<kind>/<interruptions>.",
                difference: [])
        }
        let armed = conversation.run(id.run)?.timers.first { timer in timer.id == id }
        return try send(
            .timerFired(id), at: time ?? armed?.at, is: disposition, file: file, line: line,
            directives: directives, changes: changes)
    }

    /// Another process takes the conversation up.
    @discardableResult
    public mutating func restart(
        at time: Run.Milliseconds? = nil, is disposition: Run.Disposition? = nil, file: String = #fileID,
        line: Int = #line, @Lines directives: () -> Lines.Part = Lines.none,
        @Lines changes: () -> Lines.Part = Lines.none
    ) throws(StoryError) -> SignalRecording.Replay.Effect {
        try send(
            .restarted, at: time, is: disposition, file: file, line: line, directives: directives,
            changes: changes)
    }

    /// Ends the story: throws when something is open that is not said, or said and not open.
    ///
    ///     try story.finish(leaving: { "timer r/2/1/backoff/0" })
    ///
    /// - Parameter leaving: lines of ``PipelineCore/Conversation/openWork``: executions, timers and gates.
    public func finish(
        file: String = #fileID, line: Int = #line, @Lines leaving: () -> Lines.Part = Lines.none
    ) throws(StoryError) {
        let difference = LineDifference(
            expected: leaving().lines,
            actual: conversation.openWork.map { line in LineDifference.Line(line) },
            isPartial: strictness == .partial)
        guard !difference.isEmpty else { return }
        throw StoryError(
            file: file, line: line, summary: "The story leaves other things open (- expected, + open).",
            difference: difference.lines)
    }

    private static func execution(
        _ text: String, _ file: String, _ line: Int
    ) throws(StoryError) -> Run.Execution.ID {
        if let id = Run.Execution.ID(text) { return id }
        throw StoryError(
            file: file, line: line, summary: "\"\(text)\" is no execution; write <run>/<ordinal>/<attempt>.",
            difference: [])
    }
}

extension Conversation.Story {
    /// What is said about one signal.
    struct Expectation {
        /// Nil is any.
        let disposition: Run.Disposition?
        let directives: [LineDifference.Line]
        let changes: [LineDifference.Line]

        /// What is otherwise, section by section; empty when nothing is.
        func difference(
            from effect: SignalRecording.Replay.Effect, changes came: [String], isPartial: Bool
        ) -> [String] {
            var lines: [String] = []
            if let disposition, disposition != effect.disposition {
                lines += ["disposition", "  - \(disposition.line)", "  + \(effect.disposition.line)"]
            }
            let directives = LineDifference(
                expected: directives,
                actual: effect.directives.map { directive in LineDifference.Line(directive) },
                isPartial: isPartial)
            if !directives.isEmpty { lines += ["directives"] + directives.lines }
            let changes = LineDifference(
                expected: changes, actual: came.map { line in LineDifference.Line(line) },
                isPartial: isPartial)
            if !changes.isEmpty { lines += ["changes"] + changes.lines }
            return lines
        }
    }
}

extension Run.Signal {
    /// `message.user r`: what it is and its id.
    fileprivate var name: String { "\(kind.word) \(id)" }
}
