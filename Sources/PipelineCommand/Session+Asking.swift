import PipelineCore
import PipelineRuntime

extension Session {
    /// Asks a person and sends their answer; returns as soon as the question is decided, here or elsewhere.
    ///
    /// - Parameter status: the run's, which asks for as long as it has it.
    func prompt(_ gate: Run.Gate, in status: Run.Status) async throws(CommandError) {
        if gate.kind == .approval, always.contains(Question.Kind(gate)) {
            _ = try await send(.approve, to: gate)
            return
        }
        let question = Question(
            gate: gate, isCall: try await state().run(run)?.step(gate.ordinal)?.call != nil, status: status)
        while true {
            switch await ask(question) {
            case .answer(let answer): if try await send(answer, to: gate) { return }
            case .end:
                try await request(.interrupt(run, reason: "nobody answered"))
                return
            case .nothing: return
            }
        }
    }

    private enum Said {
        case answer(Run.Gate.Answer)
        /// There is no more input.
        case end
        /// The question was called off.
        case nothing
    }

    /// What a person says, who is asked until they say something that is an answer.
    private func ask(_ question: Question) async -> Said {
        isPrompting = true
        isCalledOff = false
        let watch = Task { await self.watch(question) }
        defer {
            watch.cancel()
            isPrompting = false
        }
        while true {
            switch await hear(question.text + question.options) {
            case .nothing: return .nothing
            case .end: return .end
            case .line(let line):
                guard let choice = question.choice(line), let answer = await answers(choice) else { continue }
                if choice == .always { always.insert(Question.Kind(question.gate)) }
                return .answer(answer)
            }
        }
    }

    /// The answer for a choice, with what else a person must say; nil to ask again.
    private func answers(_ choice: Question.Choice) async -> Run.Gate.Answer? {
        switch choice {
        case .yes, .always: return .approve
        case .rerun: return .rerun
        case .skip: return .skip
        case .failRun: return .failRun
        case .no:
            guard case .line(let message) = await hear("         a message to the model (empty for none)? ")
            else {
                return nil
            }
            return .deny(message: message)
        case .edit:
            return await value("new arguments, as one line of JSON (empty to leave them)", mustBeObject: true)
                .map { arguments in .approve(arguments: arguments) }
        case .supply:
            return await value("its result, as one line of JSON (empty to choose again)", mustBeObject: false)
                .map { result in .supply(result) }
        }
    }

    /// A value that a person types, asked for until it can be read; nil when they leave it.
    private func value(_ what: String, mustBeObject: Bool) async -> JSON? {
        while case .line(let line) = await hear("         \(what)? ") {
            if line.allSatisfy({ character in character.isWhitespace }) { break }
            do throws(JSON.ParseError) {
                let value = try JSON(parsing: line)
                if !mustBeObject || value.objectValue != nil { return value }
                Console.out("         column 1: arguments are a JSON object\n")
            } catch {
                Console.out("         column \(error.column): \(error.reason)\n".printable)
            }
        }
        return .none
    }

    /// Sends an answer; false when it cannot be taken as it is, and another one must be given.
    private func send(_ answer: Run.Gate.Answer, to gate: Run.Gate) async throws(CommandError) -> Bool {
        switch try await request(.gateAnswer(gate.ticket, answer)) {
        case .rejected(.payloadInvalid):
            Console.out("         that is too large or too deeply nested to be kept\n")
            return false
        // Somebody else was quicker, and the events say who.
        case .applied, .unchanged, .duplicate, .stale, .rejected: return true
        }
    }

    /// Says something and waits for a line, unless the question is called off.
    private func hear(_ text: String) async -> Keyboard.Heard {
        guard !isCalledOff else { return .nothing }
        return await keyboard.line(after: text)
    }

    /// Calls the question off as soon as it is decided elsewhere, or the run is stopped.
    private func watch(_ question: Question) async {
        if (try? await waits(question.gate, in: question.status)) == true {
            for await _ in engine.events(of: conversation, after: cursor) {
                if Task.isCancelled { return }
                if (try? await waits(question.gate, in: question.status)) != true { break }
            }
        }
        if !Task.isCancelled { callOff() }
    }

    /// Ends the question that a person is being asked, if there is one.
    func callOff() {
        guard isPrompting, !isCalledOff else { return }
        isCalledOff = true
        Console.out("\n")
        keyboard.callOff()
    }

    /// Whether the run has this status, is not about to lose it, and the gate is open.
    func waits(_ gate: Run.Gate, in status: Run.Status) async throws(CommandError) -> Bool {
        guard let run = try await state().run(run), run.status == status, run.stop == nil else {
            return false
        }
        return run.gates.contains(gate)
    }
}
