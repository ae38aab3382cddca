import PipelineCore
import PipelineTesting
import Testing

/// Random signals of every kind, true and false ones, against the rules that hold in every state.
struct RandomWalkTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `no order of signals breaks a rule`(seed: UInt64) {
        var walk = Walk(seed: seed)
        for step in 1...1_200 {
            let problems = walk.step()
            guard problems.isEmpty else {
                Issue.record("seed \(seed), signal \(step): \(problems) after \(walk.last.kind)")
                return
            }
        }
        #expect(walk.applied > 240)
    }

    @Test(arguments: 25...30 as ClosedRange<UInt64>)
    func `R17 going on from a decoded state gives the same bytes and directives`(seed: UInt64) throws {
        var walk = Walk(seed: seed)
        for _ in 1...100 {
            var twin = walk.world
            twin.conversation = try twin.conversation.restored()
            _ = walk.step()
            let effect = twin.send(walk.last)
            #expect(effect == walk.effect)
            #expect(twin.conversation.json.canonicalBytes == walk.world.conversation.json.canonicalBytes)
        }
    }

    @Test func `equal signals give equal bytes, also through their own text`() throws {
        var walk = Walk(seed: 99)
        var signals: [Run.Signal] = []
        for _ in 1...600 {
            _ = walk.step()
            signals.append(walk.last)
        }
        var again = World()
        for signal in signals {
            again.send(try Run.Signal(json: try JSON(parsing: signal.json.canonicalBytes)))
        }
        #expect(again.conversation.json.canonicalBytes == walk.world.conversation.json.canonicalBytes)
        #expect(again.directives == walk.world.directives)
    }
}
