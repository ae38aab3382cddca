// README: reducer
import PipelineCore
import PipelineTesting
import Testing

@Test func `a failed tool goes back to the model`() throws {
    let replay = try SignalRecording.load(from: recording).replay(from: Conversation(id: "chat"))

    #expect(replay.effects.allSatisfy { effect in effect.disposition == .applied })
    let starts = replay.effects.flatMap(\.directives).compactMap { directive in
        if case .startExecution(let execution) = directive { execution } else { nil }
    }
    #expect(starts.map(\.name) == ["code_generation", "look_up", "code_generation"])
    #expect(starts[2].context.last == .tool(call: "call_1", name: "look_up", output: failure, failed: true))
    #expect(replay.conversation.finished.last?.status == .completed)
}
// README: end

private let failure: JSON = [
    "error": ["category": "config", "message": "There is no tool named \"look_up\"."]
]

private let recording = SourceFolder.path("failed-tool.jsonl")
