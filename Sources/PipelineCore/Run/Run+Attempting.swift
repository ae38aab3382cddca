extension Run {
    /// Starts the next attempt of a step that is ready.
    mutating func open(_ index: Int, _ transition: inout Transition) {
        steps[index].attempts += 1
        spent.attempts += 1
        steps[index].status = .open
        steps[index].failure = nil
        steps[index].awaitsEvidence = false
        begin(probe: 0, index, &transition)
    }

    /// Starts a look at what became of the last attempt.
    mutating func probe(_ index: Int, _ transition: inout Transition) {
        steps[index].probes += 1
        steps[index].motive = .probe
        begin(probe: steps[index].probes, index, &transition)
    }

    private mutating func begin(probe: Int, _ index: Int, _ transition: inout Transition) {
        steps[index].attempt = Attempt(
            number: steps[index].attempts, probe: probe, since: transition.time, cause: transition.cause)
        steps[index].started = steps[index].motive
        let step = steps[index]
        let arguments = step.call?.arguments ?? strategyArguments
        let policy = template.policy(for: step.kind)
        publish(index, .requested, arguments: arguments, &transition)
        transition.start(
            Execution(
                id: Execution.ID(run: id, ordinal: step.ordinal, attempt: step.attempts, probe: probe),
                kind: step.executionKind, name: step.name, arguments: arguments,
                context: step.kind == .llm ? context + history : [], mode: template.mode.text,
                skills: step.kind == .llm ? skills : [],
                tools: step.kind == .llm ? template.steps[position].strategy?.tools : nil,
                deadline: policy.startToClose.map { limit in transition.time.addingClamped(limit) },
                scheduleToStart: policy.scheduleToStart, idle: policy.idle,
                approval: step.approval, continues: step.child, correlation: correlation,
                cause: transition.cause))
    }

    /// What a strategy is told besides the conversation.
    private var strategyArguments: JSON {
        var arguments = JSON.Builder()
        arguments.set("turn", turns)
        let definition = template.steps[position]
        arguments.set("step", definition.name)
        arguments.set("instruction", definition.strategy?.instruction ?? "", unless: "")
        arguments.set("errors", complaints, unless: [])
        return arguments.json
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

    /// Tells subscribers about the open execution of a step.
    func publish(
        _ index: Int, _ lifecycle: Execution.Lifecycle, arguments: JSON? = nil, text: String? = nil,
        result: Result? = nil, failure: Failure? = nil, waited: Milliseconds? = nil,
        duration: Milliseconds? = nil, _ transition: inout Transition
    ) {
        guard let id = executionID(of: index) else { return }
        transition.publish(
            .execution(
                id,
                Event.ExecutionChange(
                    kind: steps[index].executionKind, name: steps[index].name, lifecycle,
                    arguments: arguments,
                    text: text, result: result, failure: failure, waited: waited, duration: duration,
                    motive: lifecycle == .requested ? steps[index].motive : nil,
                    reason: steps[index].attempt?.told != nil && duration != nil
                        ? steps[index].ending?.message ?? stop?.reason : nil)))
    }
}

extension Run.Step {
    var executionKind: Run.Execution.Kind {
        switch kind {
        case .llm, .system, .timer, .humanGate: .strategy
        case .tool: .tool
        case .command: .command
        case .workflow: .workflow
        }
    }
}
