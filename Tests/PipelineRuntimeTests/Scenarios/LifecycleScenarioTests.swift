import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// The lifecycle of an execution is the same, whoever carries it out.
@Suite(.timeLimit(.minutes(2)))
struct LifecycleScenarioTests {
    private static let endings: [Run.Execution.Lifecycle] = [.completed, .failed, .canceled]

    /// What every event of an execution says, and what is added as it goes on.
    private static let envelope: Set = [
        "type", "time", "cause_id", "execution_id", "execution_kind", "name", "lifecycle_status",
    ]
    private static let additions: [Run.Execution.Lifecycle: Set<String>] = [
        .requested: ["arguments", "motive"], .started: [], .progress: ["delta"],
        .completed: ["result", "duration"], .failed: ["error", "duration"],
        .canceled: ["duration", "reason"],
    ]

    @Test(arguments: Worker.allCases, endings)
    func `G1 the same statuses in the same order with the same fields, and one terminal`(
        worker: Worker, ending: Run.Execution.Lifecycle
    ) async throws {
        let (office, judged) = (Office(), Log<Run.Execution>())
        let policy = Policy { execution in
            judged.append(execution)
            return .allowed
        }
        let gateway = worker.gateway(policy, ending: ending, office)
        let events = try await gateway.course { engine, _, event in
            guard event.tells(worker.sign, of: worker.execution) else { return }
            switch ending {
            case .canceled where worker.isStrategy:
                try await engine.request(.cancel("r", reason: "enough"), id: "stop", in: "chat")
            case .canceled:
                let stop = Run.Signal.Kind.cancelStep("r", ordinal: 3, reason: "enough")
                try await engine.request(stop, id: "stop", in: "chat")
            case .failed: office.callBack(.failure(Worker.failure))
            case .completed, .requested, .started, .progress:
                office.callBack(.success(Run.Result(output: "done")))
            }
        }
        let news = events.filter { event in event.execution?.id == worker.execution }
        let statuses = news.compactMap { event in event.execution?.change.lifecycle }
        #expect(statuses.filter { status in status != .progress } == [.requested, .started, ending])
        #expect(statuses.dropFirst(2).dropLast().allSatisfy { status in status == .progress })
        for event in news {
            let status = try #require(event.execution?.change.lifecycle)
            let fields = Set(event.json.objectValue?.map { member in member.key.text } ?? [])
            let expected = LifecycleScenarioTests.envelope.union(
                LifecycleScenarioTests.additions[status] ?? [])
            #expect(fields == expected, "\(status)")
        }
        #expect((worker == .asynchronousTool && ending == .canceled) == (office.told.entries == [.r(3, 1)]))
        check(try #require(judged.entries.first { execution in execution.id == worker.execution }), worker)
    }

    /// What an execution is handed of itself.
    private func check(_ execution: Run.Execution, _ worker: Worker) {
        #expect(execution.kind == worker.kind && execution.name == worker.name)
        #expect(execution.mode == "coding" && execution.correlation == "r" && execution.cause != "")
        #expect(execution.idempotencyKey == "r/\(worker.execution.ordinal)")
        #expect((execution.deadline == nil) == (worker == .workflow), "a workflow may take any time")
    }

    @Test(arguments: [
        ("ok", Run.Execution.Lifecycle.completed), (" Success\n", .completed), ("COMPLETE", .completed),
        ("error", .failed), ("cancel", .canceled), ("cancelled", .canceled), ("running", .progress),
        ("in_progress", .progress), ("Requested", .requested), ("started", .started),
    ])
    func `G1 a runner's own word means one of ours`(word: String, status: Run.Execution.Lifecycle) throws {
        #expect(try Run.Execution.Lifecycle(native: word) == status)
    }

    @Test(arguments: ["", "done", "ok ok", "completedx", "ｏｋ"])
    func `G1 a word that is not known is an error that says which are`(word: String) {
        let error = #expect(throws: Run.Execution.Lifecycle.UnknownWord.self) {
            try Run.Execution.Lifecycle(native: word)
        }
        #expect(error?.word == word && error?.description.contains("in_progress") == true)
    }

    @Test(arguments: [
        ["One", " two\n", "", "  three "], ["\t", "\r\n", "\n", " "], [], ["👩", "\u{200D}🚀 e", "\u{301}"],
        Array(repeating: "a ", count: 500),
    ])
    func `G2 started, the parts in their order, completed; together they are the text, white space kept`(
        parts: [String]
    ) async throws {
        var gateway = Gateway.open()
        gateway.register(Streaming(parts: parts))
        let events = try await gateway.course()
        let changes = events.compactMap { event in
            event.execution?.id == .r(2, 1) ? event.execution?.change : nil
        }
        let news = parts.map { _ in Run.Execution.Lifecycle.progress }
        #expect(changes.map(\.lifecycle) == [.requested, .started] + news + [.completed])
        let deltas = changes.compactMap(\.text)
        #expect(deltas.map { text in Array(text.utf8) } == parts.map { text in Array(text.utf8) })
        #expect(changes.last?.result?.text.utf8.elementsEqual(deltas.joined().utf8) == true)
    }
}
