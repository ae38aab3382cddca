import PipelineCore

extension Engine {
    /// Does what one directive asks for. Its record is durable.
    func carryOut(_ directive: Run.Directive, in id: Conversation.ID) {
        switch directive {
        case .publish(let event): conversations[id]?.events.append(event)
        case .disarmTimer(let timer): conversations[id]?.timers.removeValue(forKey: timer)?.cancel()
        case .cancelExecution(let execution): cancel(execution, in: id)
        case .cancelChild(let child): cancel(child: child, of: id)
        case .armTimer(let timer): arm(timer, in: id)
        case .startExecution(let execution): start(execution, in: id)
        // A gate is in the state and in the events; whoever can answer it listens there.
        case .openGate, .withdrawGate: break
        }
    }

    private func arm(_ timer: Run.Timer, in id: Conversation.ID) {
        conversations[id]?.timers[timer.id] = Task(executorPreference: host) {
            do { try await self.clock.sleep(until: timer.at) } catch { return }
            await self.fire(timer.id, in: id)
        }
    }

    private func fire(_ timer: Run.Timer.ID, in id: Conversation.ID) {
        guard conversations[id]?.timers.removeValue(forKey: timer) != nil else { return }
        let signal = Run.Signal(
            id: Run.Signal.ID("\(timer)/fired"), .timerFired(timer), by: .timer, at: clock.now)
        post(signal, to: id)
    }

    private func start(_ execution: Run.Execution, in id: Conversation.ID) {
        let task = Task(executorPreference: host) {
            let answer: ExecutionAnswer
            if await self.mayBegin(execution.id, in: id) {
                answer = await self.runner.run(execution, report: self.reporter(for: execution, in: id))
            } else {
                answer = .canceled(effectBegan: false)
            }
            await self.finish(execution.id, with: self.withReply(answer, of: execution.id, in: id), in: id)
        }
        conversations[id]?.executions[execution.id] = LiveExecution(execution: execution, task: task)
    }

    private nonisolated func reporter(
        for execution: Run.Execution, in id: Conversation.ID
    ) -> ExecutionReporter {
        let children =
            execution.kind == .workflow ? ChildRuns(engine: self, parent: id, execution: execution) : nil
        return ExecutionReporter(
            clock: clock, children: children,
            { report in await self.take(report, of: execution.id, in: id) })
    }

    /// Waits until the group that started the execution is carried out to its end; it may have canceled it again.
    private func mayBegin(_ execution: Run.Execution.ID, in id: Conversation.ID) -> Bool {
        conversations[id]?.executions[execution]?.task.isCancelled == false
    }

    /// Records what a runner reports; returns when it is recorded.
    private func take(_ report: ExecutionReport, of execution: Run.Execution.ID, in id: Conversation.ID) async
    {
        guard conversations[id]?.executions[execution] != nil else { return }
        let signal =
            switch report {
            case .allowed(let decision): answer(execution, "allowed", .policyDecided(execution, decision))
            case .started: answer(execution, "started", .started(execution))
            case .progress(let text): answer(execution, "progress", .progress(execution, text))
            case .exceeded(let failure):
                answer(execution, "exceeded", .exceeded(execution, failure.withoutDeepDetails))
            }
        do {
            try await submit(signal, to: id)
            if report == .started { conversations[id]?.executions[execution]?.hasStarted = true }
        } catch {
            // What cannot be recorded must not begin.
            conversations[id]?.executions[execution]?.task.cancel()
        }
    }

    private func finish(
        _ execution: Run.Execution.ID, with answer: ExecutionAnswer, in id: Conversation.ID
    ) {
        guard conversations[id]?.executions.removeValue(forKey: execution) != nil else {
            leftovers[id]?.remove(execution)
            if leftovers[id]?.isEmpty == true { leftovers[id] = nil }
            return wakeListeners()
        }
        let kind: Run.Signal.Kind =
            switch answer {
            case .completed(let result) where result.isTooDeep:
                .failed(
                    execution, Run.Failure(.validation, "The result is nested too deeply to be recorded."))
            case .completed(let result): .completed(execution, result)
            case .failed(let failure): .failed(execution, failure.withoutDeepDetails)
            case .canceled(let cancellation): .canceled(execution, cancellation)
            case .refused(let decision) where decision.verdict == .allow:
                .failed(execution, Run.Failure(.crashed, "The runner refused what its policy allows."))
            case .refused(let decision): .policyDecided(execution, decision)
            }
        post(self.answer(execution, "answer", kind), to: id)
    }

    private func answer(_ execution: Run.Execution.ID, _ word: String, _ kind: Run.Signal.Kind) -> Run.Signal
    {
        Run.Signal(id: Run.Signal.ID("\(execution)/\(word)"), kind, by: .runner, at: clock.now)
    }
}

extension Run.Failure {
    /// The same without details that have more levels than a record can hold.
    var withoutDeepDetails: Run.Failure {
        guard details.isDeeper(than: JSON.greatestPayloadDepth) else { return self }
        return Run.Failure(
            category, message, isRetryable: isRetryable, code: code, retryAfter: retryAfter, usage: usage)
    }
}
