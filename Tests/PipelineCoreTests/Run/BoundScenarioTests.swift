import PipelineCore
import PipelineTesting
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

    @Test func `R13 many runs in a row end once each, and the state does not grow with them`() {
        var world = World()
        var sizes: [Int: Int] = [:]
        for number in 1001...1300 {
            world.send(.userMessage(Run.Request("Do it.")), id: "r\(number)")
            #expect(world.complete("r\(number)/2/1").events.last == "run.completed")
            guard number == 1030 || number == 1300 else { continue }
            // The window of the last 256 requests is still filling at the 30th.
            let window = world.conversation.json["seen"]?.canonicalBytes.count ?? 0
            sizes[number] = world.bytes.count - window
        }
        let ends = world.directives.filter { directive in directive.line == "publish run.completed" }
        #expect(ends.count == 300)
        let (early, late) = (sizes[1030] ?? 0, sizes[1300] ?? .max)
        #expect(abs(late - early) * 100 <= early, "\(early) and \(late)")
        #expect(world.conversation.messages.count == 40 && world.conversation.finished.count == 25)
    }

    // 100,000 steps would take minutes in a debug build: that the size stays as it is, shows after 1,500 too.
    @Test func `R13 a run of thousands of steps has a bounded state`() {
        var world = World()
        world.open(
            .coding { template in
                template.limits.steps = 1_000_000
                template.loops = Template.Loops(diagnosed: 1_000_000, failed: 1_000_000)
            })
        var sizes: [Int] = []
        for round in 0..<1_500 {
            let strategy = 2 + 2 * round
            world.complete("r/\(strategy)/1", calls: [.safe("\(round % 100 + 100)", "read_file")])
            world.fail("r/\(strategy + 1)/1", .validation)
            if round == 749 || round == 1_499 { sizes.append(world.bytes.count) }
        }
        #expect(world.run?.spent.steps == 3_001 && world.run?.steps.count ?? .max <= 66)
        #expect(abs(sizes[1] - sizes[0]) * 100 <= sizes[0], "\(sizes)")
    }
}
