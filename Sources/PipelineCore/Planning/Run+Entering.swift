extension Run {
    /// Does what follows, if the limit of steps leaves room for it.
    mutating func take(_ next: Next, _ transition: inout Transition) {
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
        case .fail(let failure): beginStop(.fail, failure.message, failure: failure, &transition)
        case .limit(let name, let used, let allowed, let message):
            announce(name, used: Int64(used), of: Int64(allowed), &transition)
            let failure = Failure(.limitExceeded, message, code: name.rawValue)
            beginStop(.fail, name.rawValue, failure: failure, &transition)
        case .complete:
            accept()
            status = .completed
            transition.publish(.run(id, .completed(artifact ?? .null)))
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
        if reason != .start, definition.action.isCounted {
            transition.publish(.run(id, .progress(progress(at: transition.time))))
        }
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
            if let answer {
                committed = answer
                transition.publish(.message(id, .assistant(answer, calls: [])))
            }
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
            } else if let defect = call.defect {
                finishStep(index, .failed, failure: defect, &transition)
            } else if let refusal = tools?.refusal(of: call)
                ?? (tools == nil ? "This step may call nothing." : nil)
            {
                finishStep(index, .failed, failure: Failure(.policyDenied, refusal), &transition)
            } else if tools?.needsApproval(call) ?? false {
                askApproval(index, "The mode asks for approval of \(call.name).", template.gates, &transition)
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
