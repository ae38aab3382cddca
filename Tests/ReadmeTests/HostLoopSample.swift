import PipelineCore
import PipelineRuntime
import Synchronization

func runOnMyOwnLoop(_ gateway: Gateway) {
    // README: loop
    let loop = HostLoop()
    let engine = Engine(gateway, journal: MemoryJournal(), host: loop)
    let isDone = Atomic(false)
    Task(executorPreference: loop) {
        try await engine.request(.userMessage(Run.Request("Umbrella?")), id: "run-1", in: "chat")
        for await entry in engine.events(of: "chat") where entry.event.outcome != nil { break }
        isDone.store(true, ordering: .releasing)
    }
    while !isDone.load(ordering: .acquiring) { loop.drain() }  // your own loop, on your own thread
    // README: end
}
