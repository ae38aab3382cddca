public import PipelineCore

extension Gateway {
    public func run(_ execution: Run.Execution, report: ExecutionReporter) async -> ExecutionAnswer {
        guard let subRunner = subRunner(for: execution) else {
            return .failed(Run.Failure(.config, missing(execution)))
        }
        let references: SecretReferences
        do throws(Run.Failure) { references = try SecretReferences(in: execution.arguments) } catch {
            return .failed(error)
        }
        // A probe looks after a call whose arguments were judged before it began.
        if !execution.id.isProbe, let refusal = subRunner.refusal(of: references.labeled) {
            return .failed(refusal)
        }
        let touched = policy.resources(
            of: execution, declaredBy: subRunner.declaration, environment: subRunner.environment)
        let decision = policy.decide(execution, touching: touched)
        guard decision.verdict == .allow else { return .refused(decision) }
        let waited: Run.Milliseconds
        do throws(Capacity.Refusal) {
            // A workflow does nothing but wait for its child run, whose executions take the places.
            waited = try await admit(execution, decision, takingPlace: subRunner.takesPlace, report)
        } catch {
            return error.answer
        }
        defer { if subRunner.takesPlace { capacity.release() } }
        guard !Task.isCancelled else { return .canceled(effectBegan: false) }
        let given: (arguments: JSON, secrets: [Secret])
        do throws(Run.Failure) { given = try await vault.filled(references) } catch {
            guard error.category != .canceled else { return .canceled(effectBegan: false) }
            return .failed(kept(error, vault.redactor(subRunner.redaction)))
        }
        defer { vault.giveBack(given.secrets) }
        let filled = execution.delayed(by: waited).with(arguments: given.arguments)
        guard !Task.isCancelled else { return .canceled(effectBegan: false) }
        await report(.started)
        guard !Task.isCancelled else { return .canceled(effectBegan: false) }
        return await carryOut(filled, subRunner, touched.judgedPaths, report)
    }

    public func cancel(_ execution: Run.Execution) async -> Run.CancelReply {
        guard let subRunner = subRunner(for: execution) else { return .notAvailable }
        let reply =
            switch subRunner {
            case .strategy(let runner): await runner.cancel(execution.id)
            case .tool(let tool): await tool.runner.cancel(execution.id)
            // The child run is told by the cancellation of the task.
            case .workflow: Run.CancelReply.accepted
            }
        guard case .failed(let message) = reply else { return reply }
        return .failed(kept(Run.Failure(.unknown, message), vault.redactor(subRunner.redaction)).message)
    }

    /// Takes a place, and says how long that took. Whoever has to wait is recorded as waiting: until it has started,
    /// everybody knows that its effect has not begun.
    private func admit(
        _ execution: Run.Execution, _ decision: Run.Decision, takingPlace: Bool, _ report: ExecutionReporter
    ) async throws(Capacity.Refusal) -> Run.Milliseconds {
        if !takingPlace || capacity.tryAcquire() {
            await report(.allowed(decision))
            return 0
        }
        await report(.allowed(decision.waiting(behind: capacity.limit)))
        let deadline = execution.scheduleToStart.map { limit in
            let (sum, isTooLate) = report.clock.now.addingReportingOverflow(limit)
            return isTooLate ? .max : sum
        }
        return try await capacity.acquire(for: execution.id.run, until: deadline, clock: report.clock)
    }

    /// Calls the sub-runner, and makes an answer of what comes of it.
    private func carryOut(
        _ execution: Run.Execution, _ subRunner: SubRunner, _ paths: [Policy.JudgedPath],
        _ report: ExecutionReporter
    ) async -> ExecutionAnswer {
        let meter = ReportMeter(limits, vault, subRunner.redaction, report)
        let ending: Swift.Result<Run.Result, any Error>
        do {
            let result = try await meter.watching(idle: execution.idle) {
                try await subRunner.run(execution, in: self, paths, meter, report)
            }
            ending = .success(result)
        } catch {
            ending = .failure(error)
        }
        await meter.finish()
        let redactor = vault.redactor(subRunner.redaction)
        switch ending {
        case .success(let result) where result.calls.count > limits.calls && subRunner.makesCalls:
            return .failed(tooManyCalls(in: result))
        case .success(let result): return .completed(await kept(result, of: subRunner, redactor))
        case .failure(let failure as Run.Failure) where failure.category == .canceled:
            return .canceled(Run.Cancellation(effectBegan: true, usage: failure.usage))
        case .failure(let child as ChildRuns.Interrupted):
            return .canceled(Run.Cancellation(effectBegan: true, continues: child.run))
        case .failure(let failure as Run.Failure): return .failed(kept(failure, redactor))
        case .failure(is CancellationError): return .canceled(effectBegan: true)
        case .failure(let error):
            return .failed(kept(Run.Failure(.unknown, "\(error)"), redactor))
        }
    }

    private func missing(_ execution: Run.Execution) -> String {
        switch execution.kind {
        case .strategy: "No strategy is registered as \"\(execution.name)\"; register one with the gateway."
        case .tool, .command, .workflow: "There is no tool named \"\(execution.name)\"."
        }
    }
}

extension Capacity.Refusal {
    /// The effect never began.
    fileprivate var answer: ExecutionAnswer {
        switch self {
        case .timedOut: .failed(Run.Failure(.scheduleToStart, "\(self)"))
        case .canceled: .canceled(effectBegan: false)
        }
    }
}

extension Run.Decision {
    /// The same, told that there is no room yet.
    fileprivate func waiting(behind taken: Int) -> Run.Decision {
        Run.Decision(verdict, rule: rule, reason: reason, waitsBehind: taken)
    }
}
