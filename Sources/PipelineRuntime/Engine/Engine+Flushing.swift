import PipelineCore

extension Engine {
    /// Sees to it that what was appended without a flush is flushed in time.
    func flushLater() {
        guard case .async(let delay) = durability, flush == nil else { return }
        let (sum, isNever) = clock.now.addingReportingOverflow(max(0, delay))
        let due = isNever ? .max : sum
        flush = Task(executorPreference: host) {
            do { try await self.clock.sleep(until: due) } catch { return }
            await self.flushNow()
        }
    }

    private func flushNow() async {
        // What is appended from here on is for the next one.
        flush = nil
        do throws(JournalError) {
            try await journal.flush()
        } catch {
            flushError = error
            if !isPumping { dropWhatMayBeLost() }
        }
    }

    /// After a flush that failed nobody knows what the journal holds: what is in memory must not go on from it.
    func dropWhatMayBeLost() {
        guard flushError != nil else { return }
        flushError = nil
        for id in conversations.keys { drop(id) }
        wakeListeners()
    }
}
