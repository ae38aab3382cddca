import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// A parent hears of the end of its child run, whatever the engine does while it looks.
struct WorkflowWakingTests {
    @Test(arguments: 0..<24)
    func `a child run that ends while its parent asks for its state is not missed`(steps: Int) {
        let latch = Latch()
        var gateway = Gateway.open()
        gateway.register(
            Strategy { execution in
                let isFirst = execution.arguments["turn"]?.integerValue == 1
                guard execution.id.run == "r" || execution.id.run == "r/3/1" else {
                    return Run.Result(output: "Done.")
                }
                guard execution.id.run != "r/3/1" else {
                    await latch.wait()
                    return Run.Result(output: "Dug.")
                }
                let call = Run.Call(id: "1", name: "workflow.run.sub", arguments: ["task": "Dig."])
                return Run.Result(output: "Done.", calls: isFirst ? [call] : [])
            })
        gateway.register(Workflow("sub", "Digs.", template: .coding))
        let bench = Bench(gateway)
        bench.open()
        // A question wakes the parent, which then asks for the state of its child. While that waits for the record of
        // another conversation, the child ends.
        let poke = bench.submit(.interrupt("nobody", id: "poke"), to: "chat/r/3")
        for _ in 0..<steps { bench.loop.drain() }
        bench.journal.hold()
        let other = bench.submit(.message("o"), to: "other")
        bench.settle()
        latch.open()
        bench.settle()
        bench.journal.release()
        bench.settle()
        #expect(poke.isOver && other.isOver)
        #expect(bench.state(of: "chat/r/3")?.finished.map(\.status) == [.completed])
        #expect(bench.endings.contains("r/3/1 completed"))
        #expect(bench.state()?.finished.last?.status == .completed)
    }
}
