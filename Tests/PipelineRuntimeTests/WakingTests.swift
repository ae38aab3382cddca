import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Whoever waits for news of an engine.
struct WakingTests {
    @Test func `subscribers hear of an event in the order in which they came`() {
        let bench = Bench(ScriptedRunner([.thinks(), .answer]))
        let heard = Log<Int>()
        let listeners = (0..<12).map { number in
            Task(executorPreference: bench.loop) { [engine = bench.engine] in
                for await _ in engine.events(of: "chat") {
                    heard.append(number)
                    return
                }
            }
        }
        bench.settle()
        bench.open()
        #expect(heard.entries == Array(0..<12))
        for listener in listeners { listener.cancel() }
        bench.settle()
    }

    @Test func `a shutdown interrupts conversations in the order of their ids`() {
        let ids = (0..<12).map { number in Conversation.ID("c\(number + 10)") }
        let bench = Bench(ScriptedRunner(ids.map { _ in .thinks() }))
        for id in ids.reversed() { bench.open(Run.Signal.ID(key: id.key), in: id) }
        #expect(bench.shutDown().isOver)
        let interrupts = bench.journal.records.filter { record in record.signal.kind.word == "run.interrupt" }
        #expect(interrupts.map(\.conversation) == ids)
    }
}
