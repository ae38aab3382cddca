import PipelineCore
import Testing

/// What a state may grow to, and what is never forgotten.
struct BoundScenarioTests {
    @Test(arguments: [63, 64, 65, 200]) func `R6 an answer with many calls loses neither ids nor results`(
        count: Int
    ) throws {
        let template = Template.coding { template in
            template.limits.steps = 1_000
            template.callsPerAnswer = 250
            template.concurrency = 250
        }
        var world = World()
        world.open(template)
        let calls = (1...count).map { number in Run.Call.safe("\(number)", "read_file") }
        world.complete("r/2/1", calls: calls)
        for ordinal in 3..<(3 + count) { world.complete("r/\(ordinal)/1", "some text") }
        #expect(world.run?.openExecutions == [world.execution("r/\(3 + count)/1")])
        guard case .startExecution(let follow)? = world.directives.last else { throw Missing() }
        #expect(follow.context.count == 2 + count, "the request, the answer, and each result")
        var ids: Set<Run.Execution.ID> = []
        for case .startExecution(let execution) in world.directives {
            #expect(ids.insert(execution.id).inserted)
        }
    }
}
