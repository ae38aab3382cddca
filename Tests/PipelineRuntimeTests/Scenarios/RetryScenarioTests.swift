import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Who is tried again, after what, how often and after which pauses.
@Suite(.timeLimit(.minutes(2)))
struct RetryScenarioTests {
    @Test(arguments: strategies + tools + commands)
    func `G5 attempts, categories, pauses and what the run comes to`(failing: Case) async throws {
        var gateway = Gateway.open()
        failing.worker(&gateway)
        let ordinal = failing.name.hasPrefix("strategy") ? 2 : 3
        let events = try await gateway.course { _, clock, event in
            guard let news = event.execution, news.id.ordinal == ordinal,
                news.change.lifecycle == failing.sign
            else { return }
            clock.advance(by: 600_000)
        }
        #expect(events.endings(ofStep: ordinal) == failing.attempts)
        #expect(events.pauses == failing.pauses)
        #expect(events.outcome == failing.run)
        let status: Run.Step.Status =
            failing.attempts.last?.hasSuffix("completed") == true ? .completed : .failed
        #expect(events.lastChange(ofStep: ordinal)?.status == status)
    }

    @Test(arguments: [("exit 1", "exitCode", 1), ("signal", "signal", 9)] as [(String, String, JSON)])
    func `G5 a command that ran has completed, however it ended, and says how`(
        name: String, member: String, value: JSON
    ) async throws {
        let ran = try #require(RetryScenarioTests.commands.first { ran in ran.name.hasSuffix(name) })
        var gateway = Gateway.open()
        ran.worker(&gateway)
        let events = try await gateway.course()
        let result = events.compactMap { event in
            event.tells(.completed, of: .r(3, 1)) ? event.execution?.change.result : nil
        }.first
        #expect(result?.output[member] == value)
    }

    @Test(arguments: [true, false]) func `G5 a failure that passes leaves no trace but its attempts`(
        isStrategy: Bool
    ) async throws {
        let asked = Log<Int>()
        let work: @Sendable () throws -> Void = {
            asked.append(1)
            if asked.entries.count < 3 { throw Run.Failure(httpStatus: 503, "Full.") }
        }
        var gateway = Gateway.open()
        if isStrategy {
            gateway.register(
                Strategy { _ in
                    try work()
                    return Run.Result(output: "Done.")
                })
        } else {
            gateway.register(.model(calling: "work"))
            gateway.register(
                Tool("work", "", isIdempotent: true) { _ in
                    try work()
                    return "done"
                })
        }
        let events = try await gateway.course()
        #expect(
            events.endings(ofStep: isStrategy ? 2 : 3)
                == ["1 failed provider", "2 failed provider", "3 completed"])
        #expect(events.pauses == [100, 200] && events.outcome == "completed")
    }

    @Test(
        arguments: [
            ("strategy", false, [1, 2], "completed"), ("repeatable", false, [1, 2], "completed"),
            ("other", false, [1], nil), ("other", true, [1], "completed"),
        ] as [(String, Bool, [Int], String?)])
    func `G5 an engine that crashes in the middle goes by what may run twice, and counts no try`(
        worker: String, isUnattended: Bool, attempts: [Int], outcome: String?
    ) throws {
        let began = Log<Run.Execution>()
        var gateway = Gateway.open()
        let work: @Sendable (Run.Execution) async throws -> Run.Result = { execution in
            began.append(execution)
            return execution.id.attempt == 1 ? try await untilCancelled() : Run.Result(output: "Done.")
        }
        if worker == "strategy" {
            gateway.register(Strategy(body: work))
        } else {
            gateway.register(Plan(calls: [.once("1", "work")]))
            gateway.register(
                Crane("work", isIdempotent: worker == "repeatable") { execution, _ in
                    try await work(execution)
                })
        }
        let first = Bench(gateway)
        first.request(.userMessage(Run.Request("Do it.", isUnattended: isUnattended)), id: "r")
        let bench = Bench(gateway, journal: SpyJournal(first.journal.records))
        let ordinal = worker == "strategy" ? 2 : 3
        let gates = bench.state()?.active?.gates.map(\.kind) ?? []
        #expect(began.entries.map(\.id.attempt) == attempts)
        #expect(Set(began.entries.map(\.idempotencyKey)) == ["r/\(ordinal)"])
        #expect(
            bench.endings.first { line in line.hasPrefix("r/\(ordinal)/1") }
                == "r/\(ordinal)/1 failed outcomeUnknown")
        #expect(bench.outcome == outcome)
        #expect(gates == (outcome == nil ? [.confirmation] : []))
        if isUnattended { #expect(bench.outcome(ofStep: 3) == "failed outcomeUnknown") }
        #expect(bench.state()?.active?.step(3)?.tries ?? 0 == 0)
    }
}
