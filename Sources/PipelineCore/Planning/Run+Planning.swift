extension Run {
    /// The planner: a function of the state alone, called once at the end of every applied signal.
    ///
    /// While anything is undecided it starts what is ready. Once a round is decided it plans what follows:
    /// the calls of an answer, the strategy that goes on from their results, or the end.
    mutating func advance(_ transition: inout Transition) {
        guard phase == .running else { return }
        while phase == .running, !round.contains(where: { index in !steps[index].status.isTerminal }) {
            planNext(&transition)
        }
        guard phase == .running else { return }
        var open = round.count { index in steps[index].attempt != nil }
        for index in round {
            switch steps[index].status {
            case .ready where open < template.concurrency:
                self.open(index, &transition)
                open += 1
            case .unknown: confirm(index)
            case .ready, .gate, .open, .backoff, .completed, .failed, .canceled: break
            }
        }
    }

    /// Plans one thing after a round in which everything is decided; always adds a step or ends the run.
    private mutating func planNext(_ transition: inout Transition) {
        guard let index = index(of: strategy), let result = steps[index].result else {
            let failure = step(strategy)?.failure ?? Failure(.unknown, "The strategy gave no answer.")
            return beginStop(.fail, failure.message, failure: failure, &transition)
        }
        let called = (index + 1)..<steps.count
        if result.calls.isEmpty {
            finish(with: result, &transition)
        } else if stepsUsed + nextSteps > maxSteps {
            reachLimit(refusing: called.isEmpty ? result.calls.map { call in call.name } : [], &transition)
        } else if called.isEmpty {
            planCalls(result.calls, &transition)
        } else {
            let failed = called.contains { index in steps[index].status != .completed }
            planStrategy(
                after: called.map { index in steps[index].ordinal },
                reason: failed ? .continueAfterToolFailure : .continueAfterTools, &transition)
        }
    }

    /// One step for each call, in the order of the answer; those beyond the limit fail at once.
    private mutating func planCalls(_ calls: [Call], _ transition: inout Transition) {
        guard calls.count <= template.callsPerAnswer * Run.mostExcess else {
            let failure = Failure(
                .limitExceeded,
                "An answer may ask for \(template.callsPerAnswer) calls; this one asks for \(calls.count).")
            return beginStop(.fail, failure.message, failure: failure, &transition)
        }
        for (number, call) in calls.enumerated() {
            let kind: Step.Class =
                switch call.kind {
                case .command: .command
                case .tool, .strategy: .tool
                }
            let index = plan(kind, call.name, call: call, after: [strategy], reason: .call, &transition)
            if number >= template.callsPerAnswer {
                let failure = Failure(
                    .limitExceeded,
                    "An answer may ask for \(template.callsPerAnswer) calls; this is number \(number + 1).")
                finishStep(index, .failed, failure: failure, &transition)
            }
        }
    }

    /// An answer with more calls than this times the limit is not answered call by call: it fails the run.
    private static let mostExcess = 4

    /// An answer without calls: the message is committed, the artifact made, the run completed.
    private mutating func finish(with result: Result, _ transition: inout Transition) {
        guard let text = result.output.stringValue else {
            let failure = Failure(.validation, "The model's final answer is no text.")
            return beginStop(.fail, failure.message, failure: failure, &transition)
        }
        guard !text.isBlank else {
            let failure = Failure(.provider, "The model's answer is blank.", isRetryable: false)
            return beginStop(.fail, failure.message, failure: failure, &transition)
        }
        answer = text
        transition.publish(.message(id, .assistant(text, calls: [])))
        let commit = plan(.system, "commit", after: [strategy], reason: .commit, &transition)
        finishStep(commit, .completed, &transition)
        let last = plan(
            .system, "artifact", after: [steps[commit].ordinal], reason: .artifact, &transition)
        finishStep(last, .completed, &transition)
        let artifact = completionArtifact(summary: text)
        self.artifact = artifact
        status = .completed
        transition.publish(.run(id, .completed(artifact)))
    }
}
