import PipelineCore
import PipelineRuntime
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ReplayTests {
    @Test(arguments: [512, 3])
    func `the state after any record is the one that a fold up to it gives`(interval: Int) async throws {
        let past = try Past()
        try await past.run(snapshots: interval)
        let history = try past.history()
        #expect(history.reachable == 1...history.records.count)
        var folded = Conversation(id: "chat")
        for record in history.records {
            var directives: [Run.Directive] = []
            _ = folded.reduce(record.signal, into: &directives)
            var steps: [JournalStep] = []
            let replay = try history.replay(to: record.sequence) { step in steps.append(step) }
            #expect(replay.state.json.canonicalBytes == folded.json.canonicalBytes)
            #expect(replay.sequence == record.sequence && steps.count == record.sequence)
            #expect(steps.last?.directives == directives && steps.allSatisfy { $0.divergence == nil })
        }
        #expect(try history.replay().state.finished.last?.status == .completed)
    }

    @Test func `a record that is not there is refused with those that are`() async throws {
        let past = try Past()
        try await past.run()
        let history = try past.history()
        let last = history.records.count
        for sequence in [0, -1, last + 1, .max, .min] {
            let error = #expect(throws: JournalError.self) { _ = try history.replay(to: sequence) }
            #expect(error?.reason == .unreachable(sequence: sequence, 1...last))
        }
        let nobody = try past.history(of: "nobody")
        #expect(nobody.reachable == 0...0 && nobody.records.isEmpty)
        #expect(try nobody.replay().state == Conversation(id: "nobody"))
    }

    @Test func `what was compacted begins with its snapshot, and goes on from there`() async throws {
        let past = try Past()
        try await past.run(.isInterrupted)
        let before = try past.history()
        let journal = try FileJournal.open(at: past.path)
        #expect(try await journal.compactFully() == before.records.count)
        await journal.close()
        let after = try past.history()
        #expect(after.records.isEmpty && after.base?.sequence == before.records.count)
        #expect(after.reachable == before.records.count...before.records.count)
        #expect(try after.replay().state == before.replay().state)
        #expect(throws: JournalError.self) { _ = try after.replay(to: 1) }
        #expect(JournalVerification(of: after).isSound)
        let state = try await past.resume()
        #expect(state.finished.last?.status == .completed)
        let grown = try past.history()
        #expect(grown.base?.sequence == before.records.count && grown.records.count > 3)
        #expect(JournalVerification(of: grown).isSound)
        let memory = MemoryJournal(isDurable: true)
        for snapshot in grown.snapshots where snapshot.sequence <= before.records.count {
            try await memory.append([.snapshot(snapshot)], flushing: true)
        }
        for record in grown.records {
            try await memory.append([.record(record)], flushing: true)
            for snapshot in grown.snapshots where snapshot.sequence == record.sequence {
                try await memory.append([.snapshot(snapshot)], flushing: true)
            }
        }
        #expect(try await memory.history(of: "chat") == grown)
    }
}

extension Past {
    /// A run of the usual id.
    func run(_ end: End) async throws { try await run("r", in: "chat", end) }
}
