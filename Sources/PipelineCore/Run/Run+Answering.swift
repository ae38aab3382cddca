extension Run {
    /// How an attempt ended, whoever says so.
    enum Answer {
        case completed(Result)
        case failed(Failure)
        case canceled(Cancellation)
        /// It was told to stop and has not answered within its grace time.
        case abandoned
        /// Its process died.
        case lost
    }

    /// The step whose open execution this is.
    func awaiting(_ id: Execution.ID) -> Int? {
        guard let index = index(of: id.ordinal), let attempt = steps[index].attempt,
            attempt.number == id.attempt,
            attempt.probe == id.probe
        else { return nil }
        return index
    }

    mutating func begin(_ id: Execution.ID, _ transition: inout Transition) -> Disposition {
        guard let index = awaiting(id), let attempt = steps[index].attempt, attempt.lifecycle == .requested
        else { return .stale }
        steps[index].attempt?.lifecycle = .started
        guard let since = attempt.waitingSince else {
            publish(index, .started, &transition)
            return .applied
        }
        steps[index].attempt?.since = transition.time
        steps[index].attempt?.waitingSince = nil
        publish(index, .started, waited: transition.time.since(since), &transition)
        return .applied
    }

    mutating func progress(
        _ id: Execution.ID, _ text: String, _ transition: inout Transition
    ) -> Disposition {
        guard let index = awaiting(id) else { return .stale }
        steps[index].attempt?.lifecycle = .progress
        publish(index, .progress, text: text, &transition)
        return .applied
    }

    /// The runner has seen an execution go over a limit that it alone measures: it is told to end, and has its grace time.
    mutating func exceed(
        _ id: Execution.ID, _ failure: Failure, _ transition: inout Transition
    ) -> Disposition {
        guard let index = awaiting(id), steps[index].attempt?.told == nil else { return .stale }
        announce(failure, &transition)
        tell(index, .limit, failure: failure, &transition)
        return .applied
    }

    /// Takes the terminal of an execution: of one that is open, or late evidence of an attempt that was lost.
    mutating func settle(_ id: Execution.ID, _ answer: Answer, _ transition: inout Transition) -> Disposition
    {
        if let index = awaiting(id) {
            settle(index, answer, &transition)
            return .applied
        }
        guard case .completed(let result) = answer, !id.isProbe, let index = index(of: id.ordinal),
            steps[index].awaitsEvidence, steps[index].attempts == id.attempt,
            phase == .running || phase == .stopping(.interrupt) || phase == .interrupted
        else { return .stale }
        steps[index].awaitsEvidence = false
        if steps[index].attempt == nil {
            keep(result, index, &transition)
        } else {
            // A probe looks for just this; once it has ended the evidence counts.
            steps[index].evidence = result
            publishStep(index, &transition)
            tell(index, .step, &transition)
        }
        return .applied
    }

    /// Decides what a step becomes by the end of its open execution.
    mutating func settle(_ index: Int, _ answer: Answer, _ transition: inout Transition) {
        guard let attempt = steps[index].attempt else { return }
        if attempt.probe > 0 { return settleProbe(index, answer, &transition) }
        switch answer {
        case .completed(var result):
            result.duration = transition.time.since(attempt.since)
            announce(result, of: index, &transition)
            finishAttempt(index, .completed, result: result, &transition)
            keep(result, index, &transition)
        case .failed, .canceled:
            if case .failed(let failure) = answer { spent.usage = spent.usage + failure.usage }
            if case .canceled(let cancellation) = answer { spent.usage = spent.usage + cancellation.usage }
            releaseChild(index, answer)
            if let ending = steps[index].ending {
                close(index, answer, ending, &transition)
                finishStep(
                    index, ending.category == .canceled ? .canceled : .failed, failure: ending, &transition)
            } else if let failure = attempt.told?.failure, phase == .running {
                leaveChild(index, &transition)
                retry(index, close(index, .failed(failure), failure, &transition), &transition)
            } else if case .failed(let failure) = answer {
                fail(index, close(index, answer, failure, &transition), &transition)
            } else if case .canceled(let cancellation) = answer {
                close(index, answer, .canceledExecution, &transition)
                withdraw(index, effectBegan: cancellation.effectBegan, &transition)
            }
        case .lost where attempt.waitingSince != nil: returnUnbegun(index, &transition)
        case .abandoned, .lost:
            keepChild(index)
            let failure = close(index, answer, .unknownOutcome, &transition)
            var limit: Failure.Category?
            if case .abandoned = answer, let exceeded = attempt.told?.failure {
                limit = exceeded.category
                leaveChild(index, &transition)
            }
            if steps[index].ending != nil { return finishStep(index, .failed, failure: failure, &transition) }
            lose(index, failure, after: limit, &transition)
        }
    }

    /// Records how the open execution ended without a result; gives the failure with its attempt.
    @discardableResult
    mutating func close(
        _ index: Int, _ answer: Answer, _ failure: Failure, _ transition: inout Transition
    ) -> Failure {
        var failure = failure
        failure.attempt = steps[index].attempts
        switch answer {
        case .canceled: finishAttempt(index, .canceled, &transition)
        case .abandoned:
            if let id = executionID(of: index) { transition.publish(.abandoned(id)) }
            failure = Failure(
                .outcomeUnknown,
                "The attempt was told to end and did not within its grace time; nobody can know whether it took effect.",
                code: "abandoned")
            failure.attempt = steps[index].attempts
            finishAttempt(index, .failed, failure: failure, &transition)
        case .lost:
            failure = Failure(
                .outcomeUnknown,
                "The process ended before the attempt answered; nobody can know whether it took effect.",
                code: "crashed")
            failure.attempt = steps[index].attempts
            finishAttempt(index, .failed, failure: failure, &transition)
        case .completed, .failed: finishAttempt(index, .failed, failure: failure, &transition)
        }
        return failure
    }

    /// The step is done; what it used counts.
    mutating func keep(_ result: Result, _ index: Int, _ transition: inout Transition) {
        spent.usage = spent.usage + result.usage
        steps[index].child = nil
        finishStep(index, .completed, result: result, &transition)
    }

    /// A definite failure.
    private mutating func fail(_ index: Int, _ failure: Failure, _ transition: inout Transition) {
        switch phase {
        case .running: retry(index, failure, &transition)
        case .stopping(.interrupt)
        where steps[index].kind == .llm || steps[index].isIdempotent && failure.isRetryable:
            steps[index].status = .ready
            steps[index].motive = .resume
        case .pending, .stopping, .interrupted, .ended:
            finishStep(index, .failed, failure: failure, &transition)
        }
    }

    /// Counts a try, and pauses before the next one or fails the step.
    mutating func retry(_ index: Int, _ failure: Failure, _ transition: inout Transition) {
        steps[index].tries += 1
        let policy = template.policy(for: steps[index].kind)
        guard steps[index].isIdempotent, failure.isRetryable, steps[index].tries < policy.maxAttempts else {
            return finishStep(index, .failed, failure: failure, &transition)
        }
        let execution = Execution.ID(run: id, ordinal: steps[index].ordinal, attempt: steps[index].attempts)
        let pause = max(policy.pause(after: steps[index].tries, of: execution), failure.retryAfter ?? 0)
        steps[index].status = .backoff
        steps[index].motive = .retry
        steps[index].failure = failure
        steps[index].due = transition.time.addingClamped(pause)
        publishStep(index, &transition)
    }

    /// An execution whose process died while it waited for room has certainly not begun: it is as if it had not been asked for.
    private mutating func returnUnbegun(_ index: Int, _ transition: inout Transition) {
        close(index, .canceled(Cancellation(effectBegan: false)), .canceledExecution, &transition)
        if let ending = steps[index].ending {
            return finishStep(
                index, ending.category == .canceled ? .canceled : .failed, failure: ending, &transition)
        }
        switch phase {
        case .running, .stopping(.interrupt), .interrupted:
            steps[index].status = .ready
            steps[index].motive = .recovery
        case .pending, .stopping, .ended:
            finishStep(index, .canceled, failure: .canceledExecution, &transition)
        }
    }

    /// A cancellation that the runner reports.
    private mutating func withdraw(_ index: Int, effectBegan: Bool, _ transition: inout Transition) {
        switch phase {
        case .running where steps[index].kind == .llm:
            finishStep(index, .failed, failure: .canceledExecution, &transition)
        case .stopping(.interrupt) where steps[index].isRepeatable || !effectBegan:
            steps[index].status = .ready
            steps[index].motive = .resume
        case .stopping(.interrupt):
            let unknown = Failure(
                .outcomeUnknown,
                "The execution was canceled while at work; nobody can know whether it took effect.",
                code: "canceled")
            doubt(index, unknown, evidence: false, &transition)
        case .pending, .running, .stopping, .interrupted, .ended:
            finishStep(index, .canceled, failure: .canceledExecution, &transition)
        }
    }
}

extension Run.Failure {
    static let canceledExecution = Run.Failure(.canceled, "The execution was canceled.")
    /// Replaced by how it came about.
    fileprivate static let unknownOutcome = Run.Failure(.outcomeUnknown, "")
}
