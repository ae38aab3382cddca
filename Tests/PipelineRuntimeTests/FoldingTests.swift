import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// A journal is all that is needed: whatever an engine knows comes of folding the records from scratch.
struct FoldingTests {
    /// Folds records as they are read from their own text, and holds each disposition against what was recorded.
    private func fold(_ records: some Sequence<JournalRecord>) throws -> Conversation {
        var conversation = Conversation(id: "chat")
        for record in records {
            let read = try JournalRecord(json: try JSON(parsing: record.json.canonicalBytes))
            var directives: [Run.Directive] = []
            let disposition = conversation.reduce(read.signal, into: &directives)
            #expect(disposition == record.disposition, "record \(record.sequence)")
        }
        return conversation
    }

    /// A run with calls, a retry, an interruption, a question and a resume; whatever it says happens after each act.
    private func live(_ look: (Bench) throws -> Void) throws {
        let runner = ScriptedRunner([
            .thinks(), .waits("deploy"), .waits("read_file"), .waits("deploy"), .thinks(), .thinks(),
        ])
        let bench = Bench(runner)
        let acts: [() -> Void] = [
            { bench.open() },
            {
                runner.release(
                    .r(2, 1),
                    .completed(
                        Run.Result(output: "é", calls: [.once("a", "deploy"), .safe("b", "read_file")])))
            },
            { runner.release(.r(4, 1), .completed(Run.Result(output: ["text": "e\u{301}"]))) },
            { bench.open("q") },
            { bench.request(.interrupt("r", reason: "ctrl-c"), id: "stop") },
            { bench.request(.interrupt("r", reason: "ctrl-c"), id: "stop") },
            { bench.request(.gateAnswer(.gate("r", ordinal: 3, 1), .rerun), id: "yes") },
            { bench.request(.resume("r", .interruption("r", 1)), id: "on") },
            { bench.request(.resume("r", .interruption("r", 1)), id: "on again") },
            { runner.release(.r(3, 2), .completed(Run.Result(output: "deployed"))) },
            { runner.release(.r(5, 1), .failed(Run.Failure(.transport, "reset"))) },
            { bench.advance(by: 100) },
            { runner.release(.r(5, 2), .completed(Run.Result(output: "Done."))) },
        ]
        for act in acts {
            act()
            bench.settle()
            try look(bench)
        }
    }

    @Test func `E4 after every record the state is that of a fold from scratch, byte for byte`() throws {
        var running = Conversation(id: "chat")
        var folded = 0
        var lines: [String] = []
        try live { bench in
            for record in bench.journal.records.dropFirst(folded) {
                var directives: [Run.Directive] = []
                _ = running.reduce(record.signal, into: &directives)
                running = try running.restored()
                folded += 1
                let scratch = try fold(bench.journal.records.prefix(folded))
                #expect(scratch.hasSameBytes(as: running), "record \(folded)")
            }
            lines = bench.journal.lines
            let state = try #require(bench.state())
            #expect(state.hasSameBytes(as: running), "the engine, at record \(folded)")
        }
        #expect(folded >= 20 && running.finished.first?.status == .completed, "\(lines)")
    }

    @Test func `E4 an engine that opens the journal after any record knows what a fold gives`() throws {
        var records: [JournalRecord] = []
        try live { bench in records = bench.journal.records }
        for count in 1...records.count {
            let runner = ScriptedRunner([.thinks(), .waits("deploy"), .waits("read_file"), .waits("deploy")])
            let bench = Bench(runner, journal: SpyJournal(Array(records.prefix(count))))
            // The first question opens it; what was left is taken up, and has begun when the second is asked.
            _ = bench.state()
            let state = try #require(bench.state(), "after record \(count)")
            #expect(state.hasSameBytes(as: try fold(bench.journal.records)), "after record \(count)")
            #expect(bench.journal.records.prefix(count) == records.prefix(count))
        }
    }
}

extension Conversation {
    fileprivate func hasSameBytes(as other: Conversation) -> Bool {
        json.canonicalBytes == other.json.canonicalBytes
    }
}
