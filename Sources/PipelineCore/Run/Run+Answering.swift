extension Run {
    /// How an attempt ended, whoever says so.
    enum Answer {
        case completed(Result)
        case failed(Failure)
        case canceled(effectBegan: Bool)
        /// It was told to stop and has not answered within its grace time.
        case abandoned
        /// Its process died.
        case lost
    }

    /// The step whose open attempt this is.
    func awaiting(_ id: Execution.ID) -> Int? {
        guard let index = index(of: id.ordinal), steps[index].attempt?.number == id.attempt else {
            return nil
        }
        return index
    }

    mutating func begin(_ id: Execution.ID, _ transition: inout Transition) -> Disposition {
        guard let index = awaiting(id), steps[index].attempt?.lifecycle == .requested else { return .stale }
        steps[index].attempt?.lifecycle = .started
        publish(index, .started, &transition)
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

    /// Takes the terminal of an attempt: of the one that is open, or late evidence of one that was lost.
    mutating func settle(
        _ id: Execution.ID, _ answer: Answer, _ transition: inout Transition
    ) -> Disposition {
        if let index = awaiting(id) {
            settle(index, answer, &transition)
            return .applied
        }
        guard case .completed(let result) = answer, let index = index(of: id.ordinal),
            steps[index].awaitsEvidence, steps[index].attempts == id.attempt
        else { return .stale }
        usage = usage + result.usage
        finishStep(index, .completed, result: result, &transition)
        return .applied
    }

    /// Decides what a step becomes by the end of its open attempt.
    mutating func settle(_ index: Int, _ answer: Answer, _ transition: inout Transition) {
        let timedOut = steps[index].attempt?.told?.why == .timeout
        switch answer {
        case .completed(let result):
            usage = usage + result.usage
            finishAttempt(index, .completed, result: result, &transition)
            finishStep(index, .completed, result: result, &transition)
        case .failed, .canceled:
            if timedOut, phase == .running {
                let limit = template.policy(for: steps[index].kind).startToClose
                let failure = Failure(.startToClose, "The attempt ran longer than \(limit) ms.")
                finishAttempt(index, .failed, failure: failure, &transition)
                retry(index, failure, &transition)
            } else if case .failed(let failure) = answer {
                finishAttempt(index, .failed, failure: failure, &transition)
                fail(index, failure, &transition)
            } else if case .canceled(let effectBegan) = answer {
                finishAttempt(index, .canceled, &transition)
                withdraw(index, effectBegan: effectBegan, &transition)
            }
        case .abandoned, .lost:
            var what = "The process ended before the attempt answered"
            var countsAsTry = false
            if case .abandoned = answer {
                countsAsTry = timedOut
                what = "The attempt was told to end and did not within its grace time"
                transition.publish(.abandoned(executionID(steps[index].ordinal, steps[index].attempts)))
            }
            let failure = Failure(.outcomeUnknown, "\(what); nobody can know whether it took effect.")
            finishAttempt(index, .failed, failure: failure, &transition)
            lose(index, failure, countsAsTry: countsAsTry, &transition)
        }
    }

    /// A definite failure.
    private mutating func fail(_ index: Int, _ failure: Failure, _ transition: inout Transition) {
        switch phase {
        case .running: retry(index, failure, &transition)
        case .stopping(.interrupt):
            let goesOn = steps[index].kind == .llm || steps[index].isRepeatable && failure.isRetryable
            if goesOn {
                steps[index].status = .ready
            } else {
                finishStep(index, .failed, failure: failure, &transition)
            }
        case .pending, .stopping, .interrupted, .ended:
            finishStep(index, .failed, failure: failure, &transition)
        }
    }

    /// Counts a try, and pauses before the next one or fails the step.
    private mutating func retry(_ index: Int, _ failure: Failure, _ transition: inout Transition) {
        steps[index].tries += 1
        let policy = template.policy(for: steps[index].kind)
        guard steps[index].isRepeatable, failure.isRetryable, steps[index].tries < policy.maxAttempts else {
            return finishStep(index, .failed, failure: failure, &transition)
        }
        steps[index].status = .backoff
        steps[index].failure = failure
        steps[index].due = transition.time.addingClamped(policy.pause(after: steps[index].tries))
        publishStep(index, &transition)
    }

    /// A cancellation that the runner reports.
    private mutating func withdraw(_ index: Int, effectBegan: Bool, _ transition: inout Transition) {
        let failure = Failure(.canceled, "The execution was canceled.")
        switch phase {
        case .running where steps[index].kind == .llm:
            finishStep(index, .failed, failure: failure, &transition)
        case .stopping(.interrupt) where steps[index].isRepeatable || !effectBegan:
            steps[index].status = .ready
        case .stopping(.interrupt):
            let unknown = Failure(
                .outcomeUnknown,
                "The execution was canceled while at work; nobody can know whether it took effect.")
            doubt(index, as: .unknown, unknown, evidence: false, &transition)
        case .pending, .running, .stopping, .interrupted, .ended:
            finishStep(index, .canceled, failure: failure, &transition)
        }
    }

    /// Nobody knows whether the effect happened: the step's recovery policy decides.
    ///
    /// - Parameter countsAsTry: it was abandoned after a timeout, which is a try; a crash never is.
    private mutating func lose(
        _ index: Int, _ failure: Failure, countsAsTry: Bool, _ transition: inout Transition
    ) {
        switch phase {
        case .running where steps[index].isRepeatable && countsAsTry:
            retry(index, Failure(.startToClose, failure.message), &transition)
            steps[index].awaitsEvidence = !steps[index].status.isTerminal
        case .running where steps[index].isRepeatable:
            guard steps[index].recoveries < Run.mostRecoveries else {
                return finishStep(index, .failed, failure: failure, &transition)
            }
            steps[index].recoveries += 1
            doubt(index, as: .ready, failure, evidence: true, &transition)
        case .stopping(.interrupt) where steps[index].isRepeatable,
            .interrupted where steps[index].isRepeatable:
            doubt(index, as: .ready, failure, evidence: true, &transition)
        case .running, .stopping(.interrupt), .interrupted:
            doubt(index, as: .unknown, failure, evidence: true, &transition)
        case .pending, .stopping, .ended:
            finishStep(index, .failed, failure: failure, &transition)
        }
    }

    /// Leaves the step undecided.
    ///
    /// - Parameter evidence: the attempt has not answered, and a late `completed` of it would still count.
    private mutating func doubt(
        _ index: Int, as status: Step.Status, _ failure: Failure, evidence: Bool,
        _ transition: inout Transition
    ) {
        steps[index].status = status
        steps[index].failure = failure
        steps[index].awaitsEvidence = evidence
        publishStep(index, &transition)
    }

    /// Restarts after an unknown outcome that no person ordered, at most.
    static let mostRecoveries = 3
}
