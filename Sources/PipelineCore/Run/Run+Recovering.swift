extension Run {
    /// Nobody knows whether the effect happened, and the run still goes on or may: the recovery policy decides.
    mutating func lose(
        _ index: Int, _ failure: Failure, after limit: Failure.Category?, _ transition: inout Transition
    ) {
        switch phase {
        case .running, .stopping(.interrupt), .interrupted:
            doubt(index, failure, after: limit, evidence: true, &transition)
        case .pending, .stopping, .ended:
            finishStep(index, .failed, failure: failure, &transition)
        }
    }

    /// Goes by the recovery policy of a step whose outcome nobody knows.
    ///
    /// - Parameters:
    ///   - limit: the limit after which it was abandoned, which is a try; a crash never is.
    ///   - evidence: the attempt has not answered, and a late `completed` of it would still count.
    mutating func doubt(
        _ index: Int, _ failure: Failure, after limit: Failure.Category? = nil, evidence: Bool,
        _ transition: inout Transition
    ) {
        let recovery = recovery(of: index)
        if let limit, recovery == .retry, phase == .running, steps[index].isIdempotent {
            var retried = Failure(limit, failure.message)
            retried.attempt = failure.attempt
            retry(index, retried, &transition)
            steps[index].awaitsEvidence = !steps[index].status.isTerminal
            return
        }
        switch recovery {
        case .fail: return finishStep(index, .failed, failure: failure, &transition)
        case .retry, .probe:
            guard phase != .running || mayRecover(index) else {
                return finishStep(index, .failed, failure: failure, &transition)
            }
        case .ask: break
        }
        steps[index].status = recovery == .retry ? .ready : .unknown
        steps[index].motive = .recovery
        steps[index].needsProbe = recovery == .probe
        steps[index].failure = failure
        steps[index].awaitsEvidence = evidence
        publishStep(index, &transition)
    }

    /// Counts one more restart after an unknown outcome that no person ordered, if there may be one.
    private mutating func mayRecover(_ index: Int) -> Bool {
        guard steps[index].recoveries < Run.mostRecoveries else { return false }
        steps[index].recoveries += 1
        return true
    }

    private func recovery(of index: Int) -> Recovery {
        let recovery = steps[index].call?.recovery ?? (steps[index].isRepeatable ? .retry : .ask)
        return recovery == .ask && isUnattended ? .fail : recovery
    }

    /// What a probe found out, or how it ended without finding anything out.
    mutating func settleProbe(_ index: Int, _ answer: Answer, _ transition: inout Transition) {
        var wasLost = false
        if case .lost = answer { wasLost = true }
        let unknown = steps[index].failure
        let wasToldToStop = steps[index].attempt?.told?.why == .stop
        var finding = Finding.unknown
        var found: Result?
        if case .completed(let result) = answer {
            finding = result.finding ?? .unknown
            found = result
            finishAttempt(index, .completed, result: result, &transition)
        } else if case .failed(let failure) = answer {
            close(index, answer, failure, &transition)
        } else {
            close(index, answer, .canceledExecution, &transition)
        }
        if let evidence = steps[index].evidence { return keep(evidence, index, &transition) }
        if finding == .done, let found { return keep(found, index, &transition) }
        if let found { spent.usage = spent.usage + found.usage }
        if finding == .failed {
            let failure = Failure(.unknown, "The execution had failed; a probe found that out.")
            return finishStep(index, .failed, failure: failure, &transition)
        }
        let goesOn = steps[index].ending == nil && (phase == .running || phase == .stopping(.interrupt))
        if finding == .notDone {
            guard goesOn else {
                let failure = steps[index].ending ?? .canceledExecution
                return finishStep(
                    index, failure.category == .canceled ? .canceled : .failed, failure: failure, &transition)
            }
            steps[index].status = .ready
            steps[index].motive = .recovery
            steps[index].needsProbe = false
            return publishStep(index, &transition)
        }
        guard goesOn, !(wasLost && phase == .running && !mayRecover(index)) else {
            return finishStep(index, .failed, failure: unknown, &transition)
        }
        // A probe that a stop or a crash has cut short is repeated; one that has answered knows no more.
        if found == nil, wasLost || wasToldToStop { return }
        steps[index].needsProbe = false
        if isUnattended { finishStep(index, .failed, failure: unknown, &transition) }
    }

    /// Restarts after an unknown outcome that no person ordered, at most.
    static let mostRecoveries = 3
}
