import PipelineCore

extension Engine {
    /// Interrupts what runs, waits until it has settled, and closes the journal. Nothing starts any more.
    ///
    /// What has not settled within the limit is cancelled and left: the journal says that its outcome is unknown, and
    /// the next engine takes it up. A second call returns at once.
    public func shutdown(within limit: Duration) async {
        guard !isClosing else { return }
        isClosing = true
        let last = clock.now.addingReportingOverflow(limit.milliseconds)
        let alarm = Task(executorPreference: host) {
            try? await self.clock.sleep(until: last.overflow ? .max : last.partialValue)
        }
        let watch = Task(executorPreference: host) {
            await alarm.value
            await self.wakeListeners()
        }
        for id in conversations.keys.sorted(by: { a, b in a.key < b.key }) {
            if let signal = closingSignal(for: id) { post(signal, to: id) }
        }
        while true {
            let seen = changes
            guard isBusy, clock.now < last.partialValue || last.overflow else { break }
            await nextChange(after: seen)
        }
        isShutDown = true
        // Before anybody else has a turn: what has not begun must not begin unrecorded.
        for id in conversations.keys {
            for timer in conversations[id]?.timers.values ?? [:].values { timer.cancel() }
            for live in conversations[id]?.executions.values ?? [:].values { abandon(live) }
        }
        for entry in inbox { entry.fail(.shutDown) }
        inbox = []
        alarm.cancel()
        await watch.value
        flush?.cancel()
        if durability != .sync { try? await journal.flush() }
        await journal.close()
        wakeListeners()
    }

    /// What brings a running run to its stop when the engine closes.
    func closingSignal(for id: Conversation.ID) -> Run.Signal? {
        guard let live = conversations[id], let run = live.state.active, run.stop == nil else { return nil }
        return Run.Signal(
            id: Run.Signal.ID("engine/shutdown/\(live.sequence + 1)"),
            .interrupt(run.id, reason: "shutdown"), by: .engine, at: clock.now)
    }

    private var isBusy: Bool {
        isPumping || !leftovers.isEmpty || conversations.values.contains { live in !live.executions.isEmpty }
    }
}

extension Duration {
    /// Whole milliseconds, at least 0, and the largest value for what does not fit.
    var milliseconds: Run.Milliseconds {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        return whole.overflow ? .max : whole.partialValue &+ attoseconds / 1_000_000_000_000_000
    }
}
