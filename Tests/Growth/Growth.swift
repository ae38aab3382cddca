import PipelineCore
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Work of a chosen size over a file journal, for `.ci/growth` to count the instructions of.
///
/// - `Growth signals N FOLDER`: one run of about N signals.
/// - `Growth conversations N FOLDER`: N conversations with one short run each.
/// - `Growth open CONVERSATION FOLDER`: a new process that opens the journal, and one conversation in it.
@main
enum Growth {
    private static let loop = HostLoop()

    /// Everything runs on this thread: valgrind cannot follow Swift's own main loop.
    static func main() {
        let isOver = Locked(false)
        Task(executorPreference: loop) {
            defer { isOver.withLock { isOver in isOver = true } }
            do { try await work() } catch {
                print("\(error)")
                exit(1)
            }
        }
        while !isOver.withLock({ isOver in isOver }) {
            if loop.drain() == 0 { FileDescriptor.pause() }
        }
    }

    private static func work() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 3, let what = arguments.first, let folder = arguments.last else {
            print("usage: Growth signals|conversations N FOLDER | open CONVERSATION FOLDER")
            exit(2)
        }
        let subject = arguments.dropFirst().first ?? ""
        switch (what, Int(subject)) {
        case ("signals", let count?): try await signals(count, in: folder)
        case ("conversations", let count?): try await conversations(count, in: folder)
        case ("open", _): try await open(Conversation.ID(subject), in: folder)
        default: exit(2)
        }
    }

    /// A model that asks for one tool in each turn, and after so many of them is done.
    private static func engine(_ journal: FileJournal, turns: Int) -> Engine {
        var gateway = Gateway(policy: Policy { _ in Run.Decision(.allow, rule: "open") })
        gateway.register(
            Strategy { execution in
                let turn = execution.arguments["turn"]?.integerValue ?? 0
                guard turn <= turns else { return Run.Result(output: "Done.") }
                return Run.Result(output: "Go on.", calls: [Run.Call(id: "1", name: "look", arguments: [:])])
            })
        gateway.register(Tool("look", "Looks.", touches: [], isReadOnly: true) { _ in "ok" })
        return Engine(gateway, journal: journal, host: loop, durability: .async(within: 1_000))
    }

    private static func signals(_ count: Int, in folder: String) async throws {
        let journal = try FileJournal.create(at: folder)
        // A turn has six: the start and the end of the model's answer and of the tool's, and what the policy says of both.
        let engine = engine(journal, turns: count / 6)
        var template = Template.coding
        template.limits.steps = count
        let request = Run.Request("Look.", mode: .defined(template))
        try await engine.request(.userMessage(request), id: "r", in: "c")
        try await end(of: "r", in: "c", engine)
        let records = try await journal.conversations().first?.records.count ?? 0
        await engine.shutdown(within: .seconds(60))
        print(records)
    }

    private static func conversations(_ count: Int, in folder: String) async throws {
        let engine = engine(try FileJournal.create(at: folder), turns: 0)
        for number in 0..<count {
            let (conversation, run) = (Conversation.ID("c\(number)"), Run.Signal.ID("r\(number)"))
            try await engine.request(.userMessage(Run.Request("Hello.")), id: run, in: conversation)
            try await end(of: Run.ID(key: run.key), in: conversation, engine)
        }
        await engine.shutdown(within: .seconds(60))
        print(count)
    }

    private static func open(_ conversation: Conversation.ID, in folder: String) async throws {
        let journal = try FileJournal.open(at: folder)
        let engine = engine(journal, turns: 0)
        let state = try await engine.state(of: conversation)
        print(state.finished.count)
        await engine.shutdown(within: .seconds(60))
    }

    private static func end(of run: Run.ID, in conversation: Conversation.ID, _ engine: Engine) async throws {
        for await entry in engine.events(of: conversation) {
            if case .run(run, .completed) = entry.event.kind { return }
        }
    }
}
