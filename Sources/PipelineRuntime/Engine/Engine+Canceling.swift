import PipelineCore

extension Engine {
    /// Cancels the task of an execution, and tells whoever carries it out: once.
    func cancel(_ execution: Run.Execution.ID, in id: Conversation.ID) {
        guard let live = conversations[id]?.executions[execution], !live.task.isCancelled else { return }
        live.task.cancel()
        guard live.hasStarted else { return }
        conversations[id]?.executions[execution]?.cancelCall = Task(executorPreference: host) {
            let reply = await self.runner.cancel(live.execution)
            await self.hear(reply, of: execution, in: id)
        }
    }

    /// Ends an execution whose answer nobody will hear any more, and tells whoever carries it out: once.
    func abandon(_ live: LiveExecution) {
        guard !live.task.isCancelled else { return }
        live.task.cancel()
        guard live.hasStarted else { return }
        Task(executorPreference: host) { await self.runner.cancel(live.execution) }
    }

    private func hear(_ reply: Run.CancelReply, of execution: Run.Execution.ID, in id: Conversation.ID) {
        conversations[id]?.executions[execution]?.reply = reply
        wakeListeners()
    }

    /// The answer of an execution that has ended, with what its sub-runner said to being told to end.
    ///
    /// The call for that is told that it need not go on. What it says is waited for where it matters, but not for longer
    /// than a second: a call that never comes back must keep no answer from being recorded.
    func withReply(
        _ answer: ExecutionAnswer, of execution: Run.Execution.ID, in id: Conversation.ID
    ) async -> ExecutionAnswer {
        guard let call = conversations[id]?.executions[execution]?.cancelCall else { return answer }
        call.cancel()
        guard case .canceled(let cancellation) = answer else { return answer }
        let (due, isNever) = clock.now.addingReportingOverflow(Engine.patience)
        let alarm = Task(executorPreference: host) {
            do { try await self.clock.sleep(until: isNever ? .max : due) } catch { return }
            await self.wakeListeners()
        }
        while true {
            let seen = changes
            guard let live = conversations[id]?.executions[execution], live.reply == nil, clock.now < due
            else { break }
            await nextChange(after: seen)
        }
        alarm.cancel()
        let reply = conversations[id]?.executions[execution]?.reply
        return .canceled(
            Run.Cancellation(
                effectBegan: cancellation.effectBegan, continues: cancellation.continues,
                usage: cancellation.usage, reply: reply ?? cancellation.reply))
    }

    /// How long after the end of an execution the call for ending it is waited for.
    private static let patience: Run.Milliseconds = 1_000
}
