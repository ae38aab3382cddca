extension Run {
    /// Starts the next attempt of a step that is ready.
    mutating func open(_ index: Int, _ transition: inout Transition) {
        let policy = template.policy(for: steps[index].kind)
        steps[index].attempts += 1
        steps[index].status = .open
        steps[index].failure = nil
        steps[index].awaitsEvidence = false
        steps[index].attempt = Attempt(number: steps[index].attempts, since: transition.time)
        let step = steps[index]
        let arguments = step.call?.arguments ?? .object(["turn": .integer(Int64(turns))])
        publish(index, .requested, arguments: arguments, &transition)
        transition.start(
            Execution(
                id: executionID(step.ordinal, step.attempts), kind: step.executionKind, name: step.name,
                arguments: arguments, context: step.kind == .llm ? context + history : [],
                mode: template.mode, deadline: transition.time.addingClamped(policy.startToClose),
                approval: step.approval, correlation: correlation, cause: step.cause))
    }

    /// Closes the open attempt of a step; what the step becomes is the caller's.
    mutating func finishAttempt(
        _ index: Int, _ lifecycle: Execution.Lifecycle, result: Result? = nil, failure: Failure? = nil,
        _ transition: inout Transition
    ) {
        let duration = steps[index].attempt.map { attempt in transition.time.since(attempt.since) }
        publish(index, lifecycle, result: result, failure: failure, duration: duration, &transition)
        steps[index].attempt = nil
    }

    /// Tells subscribers about the latest attempt of a step.
    func publish(
        _ index: Int, _ lifecycle: Execution.Lifecycle, arguments: JSON? = nil, text: String? = nil,
        result: Result? = nil, failure: Failure? = nil, duration: Milliseconds? = nil,
        _ transition: inout Transition
    ) {
        let step = steps[index]
        transition.publish(
            .execution(
                executionID(step.ordinal, step.attempts),
                Event.ExecutionChange(
                    kind: step.executionKind, name: step.name, lifecycle, arguments: arguments, text: text,
                    result: result, failure: failure, duration: duration)))
    }
}

extension Run.Step {
    var executionKind: Run.Execution.Kind {
        switch kind {
        case .llm, .system: .strategy
        case .tool: .tool
        case .command: .command
        }
    }
}
