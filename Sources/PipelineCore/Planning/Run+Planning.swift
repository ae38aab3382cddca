extension Run {
    /// The planner: a function of the state alone, called once at the end of every applied signal.
    ///
    /// Once a round is decided it plans what follows; while anything is undecided it starts what is ready.
    mutating func advance(_ transition: inout Transition) {
        while phase == .running, isDecided {
            watchForLoops(&transition)
            take(next, &transition)
        }
        guard phase == .running else { return }
        if template.failsWithCall, let failed = failedCall {
            let failure = steps[failed].failure ?? Failure(.unknown, "A call failed.")
            return beginStop(.fail, failure.message, failure: failure, &transition)
        }
        if let limit = overrun { return reach(limit, refusing: [], &transition) }
        startWhatMay(&transition)
    }

    /// What follows a round in which everything is decided.
    enum Next {
        /// The calls of an answer, all of them.
        case calls([Call])
        /// A step of the template.
        case step(Int, Step.Reason)
        /// The answer broke rules: the same strategy again, told which.
        case repair([String])
        case fail(Failure)
        case complete
    }

    /// The rules of the planner, in their order. Changes nothing.
    var next: Next {
        guard let index = index(of: lead), template.steps.indices.contains(position) else {
            return .fail(Failure(.unknown, "The run has lost its place in the template."))
        }
        let lead = steps[index]
        let definition = template.steps[position]
        guard lead.status == .completed else {
            let failure = lead.failure ?? Failure(.unknown, "\(definition.name) did not complete.")
            return definition.onFailure == nil ? .fail(failure) : go(to: definition.onFailure, .onFailure)
        }
        guard let strategy = definition.strategy, let result = lead.result else {
            // What the reducer does first is a part of the start.
            let isStart = lead.kind == .system && lead.reason == .start
            return go(to: definition.next, isStart ? .start : .next)
        }
        let called = (index + 1)..<steps.count
        if result.calls.isEmpty { return judge(result, strategy, definition) }
        if called.isEmpty { return plan(result.calls) }
        if template.failsWithCall, let failed = failedCall {
            return .fail(steps[failed].failure ?? Failure(.unknown, "A call failed."))
        }
        if let worst = loops.worst, worst.times >= template.loops.failed {
            return .fail(
                Failure(
                    .limitExceeded,
                    "\(worst.name) failed \(worst.times) times in the same way, and nothing was changed in between.",
                    code: LimitName.loops.rawValue))
        }
        let failed = called.contains { index in steps[index].status != .completed }
        return .step(position, failed ? .continueAfterToolFailure : .continueAfterTools)
    }

    private func go(to name: Key?, _ reason: Step.Reason) -> Next {
        guard let name, let index = template.index(of: name) else { return .complete }
        if let most = template.steps[index].most, visits.indices.contains(index), visits[index] >= most {
            return .fail(
                Failure(
                    .limitExceeded, "A run comes to \(name) at most \(most) times.",
                    code: LimitName.visits.rawValue))
        }
        return .step(index, reason)
    }

    private func plan(_ calls: [Call]) -> Next {
        guard calls.count <= template.callsPerAnswer * Run.mostExcess else {
            return .fail(
                Failure(
                    .limitExceeded,
                    "An answer may ask for \(template.callsPerAnswer) calls; this one asks for \(calls.count).",
                    code: LimitName.callsPerAnswer.rawValue))
        }
        return .calls(calls)
    }

    /// An answer without calls: what it breaks goes back, so often; then the step has failed.
    private func judge(_ result: Result, _ strategy: Template.Strategy, _ definition: Template.Step) -> Next {
        let problems: [String]
        if strategy.isStructured {
            guard let value = result.structured else {
                return refuse(["The answer is no JSON object."], strategy, definition)
            }
            problems = strategy.rules.flatMap { rule in rule.problems(with: value, in: self) }
        } else {
            guard let text = result.output.stringValue else {
                return refuse(["The answer is no text."], strategy, definition)
            }
            guard !text.isBlank else {
                let failure = Failure(.provider, "The model's answer is blank.", isRetryable: false)
                return definition.onFailure == nil ? .fail(failure) : go(to: definition.onFailure, .onFailure)
            }
            problems = strategy.rules.flatMap { rule in rule.problems(with: result.output, in: self) }
        }
        return problems.isEmpty ? go(to: definition.next, .next) : refuse(problems, strategy, definition)
    }

    private func refuse(
        _ problems: [String], _ strategy: Template.Strategy, _ definition: Template.Step
    ) -> Next {
        guard repairs >= strategy.repairs else { return .repair(problems) }
        let failure = Failure(
            .validation, "The answer breaks its rules: \(problems.joined(separator: " "))", isRetryable: false
        )
        return definition.onFailure == nil ? .fail(failure) : go(to: definition.onFailure, .onFailure)
    }

    /// An answer with more calls than this times the limit is not answered call by call: it fails the run.
    private static let mostExcess = 4

    private var failedCall: Int? {
        round.first { index in steps[index].reason == .call && steps[index].status == .failed }
    }

    /// Does what follows, if the limit of steps leaves room for it.
    private mutating func take(_ next: Next, _ transition: inout Transition) {
        guard spent.steps + count(of: next) <= limits.steps else {
            var refused: [String] = []
            if case .calls(let calls) = next { refused = calls.map { call in call.name } }
            return reach(.steps, refusing: refused, &transition)
        }
        let predecessors = round.map { index in steps[index].ordinal }
        switch next {
        case .calls(let calls): planCalls(calls, &transition)
        case .step(let index, let reason):
            if reason == .next { accept() }
            if reason == .continueAfterTools || reason == .continueAfterToolFailure {
                again(
                    predecessors.count > 1 ? Array(predecessors.dropFirst()) : predecessors, reason,
                    &transition)
            } else {
                enter(index, after: predecessors.suffix(1), reason, &transition)
            }
        case .repair(let problems):
            repairs += 1
            complaints = problems
            again(predecessors.suffix(1), .repair, &transition)
        case .fail(let failure):
            let isLimit = failure.category == .limitExceeded && !failure.code.isEmpty
            let reason = isLimit ? failure.code : failure.message
            if isLimit, let name = LimitName(rawValue: failure.code) {
                let (used, allowed) = measure(name)
                announce(name, used: used, of: allowed, &transition)
            }
            beginStop(.fail, reason, failure: failure, &transition)
        case .complete:
            accept()
            status = .completed
            transition.publish(.run(id, .completed(artifact ?? .null)))
        }
    }

    /// How many steps it takes that count against the limit.
    func count(of next: Next) -> Int {
        switch next {
        case .calls(let calls): calls.count
        case .step(let index, _): template.steps[index].action.isCounted ? 1 : 0
        case .repair: 1
        case .fail, .complete: 0
        }
    }

    /// The class of the step that it starts, if it starts one.
    func kind(of next: Next) -> Step.Class? {
        switch next {
        case .calls(let calls): calls.first.map { call in Step.Class(call) }
        case .repair: .llm
        case .step(let index, _):
            switch template.steps[index].action {
            case .strategy: .llm
            case .call(let call): Step.Class(call)
            case .context, .wait, .gate, .commit, .artifact: nil
            }
        case .fail, .complete: nil
        }
    }

    /// Comes to a step of the template.
    mutating func enter(
        _ index: Int, after predecessors: some Sequence<Int>, _ reason: Step.Reason,
        _ transition: inout Transition
    ) {
        position = index
        if visits.indices.contains(index) { visits[index] += 1 }
        repairs = 0
        complaints = []
        again(Array(predecessors), reason, &transition)
    }

    /// Plans the template's step in turn, once more or for the first time.
    private mutating func again(
        _ predecessors: some Sequence<Int>, _ reason: Step.Reason, _ transition: inout Transition
    ) {
        let definition = template.steps[position]
        if reason != .start, definition.action.isCounted { transition.publish(.run(id, .progress(progress))) }
        forgetOldSteps()
        lead = nextOrdinal
        let after = Array(predecessors)
        switch definition.action {
        case .context:
            finishStep(
                plan(.system, definition.name.text, after: after, reason, &transition), .completed,
                &transition)
        case .strategy(let strategy):
            turns += 1
            plan(.llm, strategy.name, after: after, reason, &transition)
        case .call(let call):
            let index = plan(Step.Class(call), call.name, call: call, after: after, reason, &transition)
            if call.needsApproval {
                askApproval(index, "The mode asks for approval of \(call.name).", template.gates, &transition)
            }
        case .wait(let time):
            let index = plan(.timer, definition.name.text, after: after, reason, &transition)
            steps[index].status = .backoff
            steps[index].due = transition.time.addingClamped(time)
        case .gate(let gate):
            let index = plan(.humanGate, definition.name.text, after: after, reason, &transition)
            askApproval(index, gate.message, gate, &transition)
        case .commit:
            let index = plan(.system, definition.name.text, after: after, reason, &transition)
            isCommitted = true
            transition.publish(.message(id, .assistant(answer ?? "", calls: [])))
            finishStep(index, .completed, &transition)
        case .artifact(let sources):
            let index = plan(.system, definition.name.text, after: after, reason, &transition)
            artifact = makeArtifact(of: sources)
            finishStep(index, .completed, &transition)
        }
    }

    /// The strategy in turn has given its last word.
    private mutating func accept() {
        guard let index = index(of: lead), let result = steps[index].result, steps[index].kind == .llm,
            result.calls.isEmpty
        else { return }
        answer = result.text
        guard template.steps[position].strategy?.isStructured == true, let value = result.structured else {
            return
        }
        answers[template.steps[position].name.text] = value
    }

    /// One step for each call, in the order of the answer; those that may not be made fail at once.
    private mutating func planCalls(_ calls: [Call], _ transition: inout Transition) {
        let tools = template.steps[position].strategy?.tools
        let most = template.callsPerAnswer
        if calls.count > most {
            let refused = calls[most...].map { call in call.name }
            announce(
                .callsPerAnswer, used: Int64(calls.count), of: Int64(most), refusing: refused, &transition)
        }
        for (number, call) in calls.enumerated() {
            let index = plan(Step.Class(call), call.name, call: call, after: [lead], .call, &transition)
            if number >= most {
                let failure = Failure(
                    .limitExceeded, "An answer may ask for \(most) calls; this is number \(number + 1).")
                finishStep(index, .failed, failure: failure, &transition)
            } else if let refusal = tools?.refusal(of: call)
                ?? (tools == nil ? "This step may call nothing." : nil)
            {
                finishStep(index, .failed, failure: Failure(.policyDenied, refusal), &transition)
            } else if tools?.needsApproval(call) ?? false {
                askApproval(index, "The mode asks for approval of \(call.name).", template.gates, &transition)
            }
        }
    }

    /// Starts what is ready, as far as concurrency and budgets allow, and asks about what nobody knows.
    private mutating func startWhatMay(_ transition: inout Transition) {
        var open = round.count { index in steps[index].attempt != nil }
        for index in round {
            switch steps[index].status {
            case .ready where open < template.concurrency:
                if let limit = shortage(forStarting: steps[index].kind) {
                    // What is open may leave something over of what was set aside for it.
                    guard open == 0 else { continue }
                    return reach(limit, refusing: [steps[index].name], &transition)
                }
                self.open(index, &transition)
                open += 1
            case .unknown where steps[index].needsProbe:
                guard steps[index].attempt == nil, open < template.concurrency else { continue }
                probe(index, &transition)
                open += 1
            case .unknown: confirm(index, &transition)
            case .ready, .gate, .open, .backoff, .completed, .failed, .canceled: break
            }
        }
    }
}

extension Run.Step.Class {
    init(_ call: Run.Call) {
        switch call.kind {
        case .command: self = .command
        case .workflow: self = .workflow
        case .tool, .strategy: self = .tool
        }
    }
}

extension Template.Action {
    fileprivate var isCounted: Bool {
        switch self {
        case .strategy, .call: true
        case .context, .wait, .gate, .commit, .artifact: false
        }
    }
}

extension Run.Result {
    /// A structured answer: the output itself, or the JSON object that its text is.
    var structured: JSON? {
        switch output {
        case .object: return output
        case .string(let text):
            guard let value = try? JSON(parsing: Array(text.utf8)), value.objectValue != nil,
                !value.isDeeper(than: JSON.greatestPayloadDepth)
            else { return nil }
            return value
        case .null, .bool, .integer, .number, .array: return nil
        }
    }
}
