import PipelineCore
import PipelineTesting
import Testing

/// R17: going on from what a snapshot holds is going on.
struct RestoringTests {
    @Test(arguments: 41...43 as ClosedRange<UInt64>)
    func `R17 a recorded sequence gives the same, restored after every signal or never`(seed: UInt64) throws {
        var walk = Walk(seed: seed)
        var signals: [Run.Signal] = []
        for _ in 1...150 {
            _ = walk.step()
            signals.append(walk.last)
        }
        // What is replayed is what a file would hold.
        let recording = try SignalRecording(parsing: SignalRecording(signals).text)
        let plain = recording.replay(from: Conversation(id: "c"))
        let restoring = try recording.replayRestoring(from: Conversation(id: "c"))
        #expect(restoring.effects.map(\.disposition) == plain.effects.map(\.disposition))
        for (a, b) in zip(restoring.effects, plain.effects) {
            #expect(a.directives == b.directives)
            #expect(Array("\(a.directives)".utf8) == Array("\(b.directives)".utf8), "byte for byte")
        }
        #expect(restoring.conversation.snapshot.canonicalBytes == plain.conversation.snapshot.canonicalBytes)
        #expect(plain.conversation.json.canonicalBytes == walk.world.conversation.json.canonicalBytes)
        #expect(plain.effects.flatMap(\.directives) == walk.world.directives)
    }
}
