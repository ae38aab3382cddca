import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// What is left of a run's tokens, cost and time before a start, and which starts there can be.
struct BudgetStartScenarioTests {
    enum Budget: String, CaseIterable {
        case tokens, cost, wall

        /// How much may be used: 100.
        var limits: Run.Limits {
            switch self {
            case .tokens: Run.Limits(steps: 32, tokens: 100)
            case .cost: Run.Limits(steps: 32, cost: 100)
            case .wall: Run.Limits(steps: 32, wall: 100)
            }
        }

        func usage(_ amount: Int64) -> Run.Usage {
            switch self {
            case .tokens: Run.Usage(tokensIn: amount / 2, tokensOut: amount - amount / 2)
            case .cost: Run.Usage(cost: amount)
            case .wall: Run.Usage()
            }
        }

        func left(of limits: Run.Limits?) -> Int64? {
            switch self {
            case .tokens: limits?.tokens
            case .cost: limits?.cost
            case .wall: limits?.wall
            }
        }

        /// What a run that has used it up comes to.
        var end: String {
            switch self {
            case .tokens: "interrupted maxTokensExceeded"
            case .cost: "interrupted maxCostExceeded"
            case .wall: "failed runDeadline"
            }
        }
    }

    @Test(arguments: Budget.allCases) func `G10 what is left is to be seen before a start`(budget: Budget) {
        let scene = Scene(budget, using: 40) { template in
            // The tool waits for a person, who can look before it starts.
            template.steps[1].action = .strategy(
                Template.Strategy("code_generation", tools: Template.Exposure(approve: ["work"])))
        }
        let run = scene.bench.state()?.active
        let now = scene.bench.clock.now
        #expect(budget.left(of: run?.remaining(at: now)) == 60)
        #expect(budget.left(of: run?.progress(at: now).remaining) == 60)
        #expect(scene.began.entries.isEmpty)
        scene.bench.request(.gateAnswer(.gate("r", ordinal: 3, 1), .approve), id: "yes")
        #expect(scene.began.entries.count == 1 && scene.bench.outcome == "completed")
        // The event that says the same comes before the next start.
        let told = scene.bench.events { kind -> String? in
            switch kind {
            case .run(_, .progress(let progress)): "left \(budget.left(of: progress.remaining) ?? -1)"
            case .execution(.r(4, 1), let change): change.lifecycle.rawValue
            default: nil
            }
        }
        #expect(told.starts(with: ["left 60", "requested"]))
    }

    @Test(
        arguments: [
            (99, 0, true), (100, 0, false), (120, 0, false), (90, 10, true), (91, 10, false), (0, 101, false),
        ] as [(Int64, Int64, Bool)], [Budget.tokens, .cost])
    func `G10 nothing starts with nothing left, or with less than is set aside`(
        amounts: (used: Int64, reserve: Int64, starts: Bool), budget: Budget
    ) {
        let scene = Scene(budget, using: amounts.used) { template in
            template.tool.reserve = budget.usage(amounts.reserve)
        }
        #expect(scene.began.entries.count == (amounts.starts ? 1 : 0))
        #expect(scene.bench.journal.lines.contains { line in line.contains(" r/3/1") } == amounts.starts)
        if !amounts.starts { #expect(scene.end == budget.end) }
        let spent =
            scene.bench.state()?.parked.first?.spent.usage ?? scene.bench.state()?.finished.first?.usage
        #expect(spent == budget.usage(amounts.used), "an overrun is recorded as it was")
    }

    @Test(arguments: [(99, true), (100, false), (120, false)] as [(Run.Milliseconds, Bool)])
    func `G10 nothing starts when the time is over, though its timer is late`(
        used: Run.Milliseconds, starts: Bool
    ) {
        let scene = Scene(.wall, using: used, clock: LateClock(late: 1_000))
        #expect(scene.began.entries.count == (starts ? 1 : 0))
        #expect(scene.bench.journal.lines.contains { line in line.contains(" r/3/1") } == starts)
        #expect(scene.end == (starts ? "completed" : Budget.wall.end))
        if !starts { #expect(scene.bench.limits == ["runDeadline 100 of 100"]) }
    }

    @Test func `G10 nothing starts in the next engine when the time was over meanwhile`() {
        let first = Scene(.wall, using: 0, stopping: true)
        let began = Log<Run.Execution.ID>()
        var gateway = Gateway.open()
        gateway.register(
            Strategy { execution in
                began.append(execution.id)
                return Run.Result(output: "Done.")
            })
        let records = SpyJournal(first.bench.journal.records)
        let bench = Bench(gateway, journal: records, clock: ManualClock(now: 1_100))
        #expect(bench.state()?.finished.last?.failure?.category == .runDeadline)
        #expect(began.entries.isEmpty && !bench.journal.lines.contains { line in line.contains(" r/2/2") })
    }

    @Test(arguments: [Budget.tokens, .cost])
    func `G10 the overrun of one call is recorded, cancels what is open, and stops the next`(budget: Budget) {
        let latch = Latch()
        let dear = Crane("dear") { _, _ in
            await latch.wait()
            return Run.Result(output: "done", usage: budget.usage(130))
        }
        let slow = Crane("slow", isIdempotent: true) { _, _ in try await untilCancelled() }
        var (gateway, template) = (Gateway.open(), Template.coding)
        template.limits = budget.limits
        let plan = Plan(calls: [.once("1", "dear"), .once("2", "slow")])
        gateway.register(plan)
        gateway.register(dear)
        gateway.register(slow)
        let bench = Bench(gateway)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        latch.open()
        bench.settle()
        let run = bench.state()?.parked.first
        #expect(run?.spent.usage == budget.usage(130) && run?.step(3)?.status == .completed)
        #expect(budget.left(of: run?.remaining(at: 0)) == 0, "never less than nothing")
        #expect(slow.told.entries == [.r(4, 1)] && plan.asked.entries.count == 1)
        #expect(bench.limits == ["\(run?.interruption?.reason ?? "") 130 of 100"])
    }
}

/// A run whose model uses so much of a budget of 100 and then asks for the tool `work`.
private struct Scene {
    let bench: Bench
    let began = Log<Run.Execution.ID>()

    /// - Parameter stopping: its model never answers.
    init(
        _ budget: BudgetStartScenarioTests.Budget, using amount: Int64, stopping: Bool = false,
        clock: LateClock? = nil, _ change: (inout Template) -> Void = { _ in }
    ) {
        var (gateway, template) = (Gateway.open(), Template.coding)
        template.limits = budget.limits
        change(&template)
        let (latch, began) = (Latch(), began)
        gateway.register(
            Strategy { execution in
                if stopping { return try await untilCancelled() }
                guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
                await latch.wait()
                return Run.Result(output: "", calls: [.once("1", "work")], usage: budget.usage(amount))
            })
        gateway.register(
            Crane("work") { execution, _ in
                began.append(execution.id)
                return Run.Result(output: "done")
            })
        bench = clock.map { clock in Bench(gateway, late: clock) } ?? Bench(gateway)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        if budget == .wall { bench.advance(by: amount) }
        latch.open()
        bench.settle()
    }

    var end: String? {
        if let interruption = bench.state()?.parked.first?.interruption {
            return "interrupted \(interruption.reason)"
        }
        return bench.outcome
    }
}

/// A clock that wakes nobody before he is late.
private struct LateClock: EngineClock {
    let inner = ManualClock(now: 1_000)
    let late: Run.Milliseconds

    var now: Run.Milliseconds { inner.now }

    func sleep(until instant: Run.Milliseconds) async throws {
        try await inner.sleep(until: instant.addingReportingOverflow(late).partialValue)
    }
}

extension Bench {
    fileprivate init(_ gateway: Gateway, late: LateClock) {
        let journal = SpyJournal()
        let loop = HostLoop()
        let engine = Engine(gateway, journal: journal, clock: late, host: loop)
        self.init(loop: loop, clock: late.inner, journal: journal, engine: engine)
    }
}
