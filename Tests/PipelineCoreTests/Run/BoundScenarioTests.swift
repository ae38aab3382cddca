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

    @Test func `R13 a run of a hundred thousand steps has a bounded state`() {
        let template = Template.coding { template in
            template.limits.steps = 1_000_000
            template.loops = Template.Loops(diagnosed: 1_000_000, failed: 1_000_000)
        }
        // No `World`: it keeps every directive, and each start holds what the strategy is shown.
        var conversation = Conversation(id: "c")
        var directives: [Run.Directive] = []
        var applied = 0
        func send(_ kind: Run.Signal.Kind) {
            directives.removeAll(keepingCapacity: true)
            let signal = Run.Signal(id: "r", kind, by: kind.usualActor, at: 1_000)
            if conversation.reduce(signal, into: &directives) == .applied { applied += 1 }
        }
        send(.userMessage(Run.Request("Fix it.", template: template)))
        func answer(_ last: Int) -> Run.Result {
            let calls = [0, 1, last].map { number in
                Run.Call(
                    id: "\(number)", name: "read_file", arguments: ["of": number.json], isReadOnly: true)
            }
            return Run.Result(output: "Look.", calls: calls)
        }
        // Three calls a round. In each 16th the last one fails, each time in another way.
        let usual = answer(2)
        var sizes: [Int] = []
        for round in 0..<25_000 {
            let fails = round % 16 == 0
            let lead = Run.Execution.ID(run: "r", ordinal: 2 + 4 * round, attempt: 1)
            send(.completed(lead, fails ? answer(10_000 + round) : usual))
            for ordinal in (lead.ordinal + 1)...(lead.ordinal + 3) {
                let call = Run.Execution.ID(run: "r", ordinal: ordinal, attempt: 1)
                send(
                    fails && ordinal == lead.ordinal + 3
                        ? .failed(call, Run.Failure(.validation, "it broke"))
                        : .completed(call, Run.Result(output: "x")))
            }
            if round % 2_500 == 2_499 { sizes.append(conversation.json.canonicalBytes.count) }
        }
        #expect(applied == 100_001 && conversation.active?.spent.steps == 100_001)
        #expect(conversation.active?.steps.count ?? .max <= 66)
        // What grows are the digits of a few numbers.
        #expect(sizes.count == 10 && sizes.allSatisfy { size in abs(size - sizes[0]) * 100 <= sizes[0] })
    }
}
