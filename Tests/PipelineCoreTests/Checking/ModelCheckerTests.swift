import PipelineCore
import PipelineTesting
import Testing

/// The checker on small bounds, and what it says when something is wrong. The full walks are `pipeline check`.
struct ModelCheckerTests {
    @Test(arguments: [Template.coding, .planning, .engineering])
    func `one stop and one crash at any moment break no rule`(template: Template) throws {
        var bounds = ModelChecker.Bounds(calls: Array(ModelChecker.Bounds.twoCalls.suffix(1)))
        (bounds.asks, bounds.interrupts, bounds.crashes, bounds.badAnswers) = (1, 1, 1, 0)
        bounds.timeouts = template.mode != "engineering"
        let report = ModelChecker(template, bounds: bounds).check()
        try report.verify()
        #expect(report.isComplete && report.states > 100)
    }

    @Test func `two calls, a timeout and a cancel of one step break no rule`() throws {
        var bounds = ModelChecker.Bounds()
        (bounds.asks, bounds.interrupts, bounds.crashes, bounds.cancels, bounds.stepCancels) = (0, 0, 0, 0, 1)
        let report = ModelChecker(.coding, bounds: bounds).check()
        try report.verify()
        #expect(report.isComplete && report.states > 100)
    }

    @Test func `a probe, deadlines and expiring gates break no rule`() throws {
        var template = Template.coding
        template.tool.scheduleToClose = 1_000
        template.limits.wall = 100_000
        template.gates.timeout = 500
        let probed = Run.Call(id: "b", name: "deploy", arguments: [:], recovery: .probe)
        var bounds = ModelChecker.Bounds(calls: [probed])
        (bounds.asks, bounds.interrupts, bounds.crashes, bounds.cancels) = (1, 1, 1, 0)
        let report = ModelChecker(template, bounds: bounds).check()
        try report.verify()
        #expect(report.isComplete && report.states > 100)
    }

    @Test func `a queue and the cancel of a conversation break no rule`() throws {
        var bounds = ModelChecker.Bounds(calls: [])
        (bounds.interrupts, bounds.crashes, bounds.requests, bounds.conversationCancels) = (1, 1, 1, 1)
        bounds.timeouts = false
        let report = ModelChecker(.coding, bounds: bounds).check()
        try report.verify()
        #expect(report.isComplete && !report.unchecked.contains { rule in rule.contains("queue") })
    }

    @Test func `a rule of the host's own that does not hold has a shortest counterexample`() throws {
        let rule = ModelChecker.StateRule("no step is ever tried twice") { conversation in
            conversation.active.map { run in run.steps.allSatisfy { step in step.attempts < 2 } }
        }
        var bounds = ModelChecker.Bounds(calls: [])
        (bounds.interrupts, bounds.crashes, bounds.timeouts) = (0, 0, false)
        let report = ModelChecker(.coding, bounds: bounds, rules: [rule]).check()
        let violation = try #require(report.violation)
        #expect(violation.rule == rule.name)
        #expect(
            violation.signals.map { signal in signal.kind.word } == [
                "message.user", "execution.failed", "timer.fired",
            ])
        #expect(violation.source.contains("try ModelChecker.verify(recording)"))
        #expect(throws: ModelChecker.Violation.self) { try report.verify() }
        // The way can be walked again, and breaks none of the library's own rules.
        try ModelChecker.verify(SignalRecording(violation.signals))
    }

    @Test func `a walk that is cut short says so`() {
        var bounds = ModelChecker.Bounds()
        bounds.states = 50
        let report = ModelChecker(.coding, bounds: bounds).check()
        #expect(!report.isComplete && "\(report)".contains("CUT SHORT"))
    }

    @Test func `a rule that never applies is shown as unchecked`() {
        let rule = ModelChecker.StateRule("never said") { _ in nil }
        var bounds = ModelChecker.Bounds(calls: [])
        (bounds.interrupts, bounds.crashes, bounds.cancels) = (0, 0, 0)
        let report = ModelChecker(.coding, bounds: bounds, rules: [rule]).check()
        #expect(report.unchecked.contains("never said"))
    }

    @Test func `a template with problems is not walked`() {
        var template = Template.coding
        template.completion = []
        #expect(ModelChecker(template).check().violation != nil)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `random signals break no rule`(seed: UInt64) throws {
        var signals = RandomSignals(seed: seed)
        try signals.send(6_000)
        #expect(signals.report.applied * 5 > signals.report.signals)
    }

    @Test func `equal seeds send equal signals`() throws {
        var (one, two) = (RandomSignals(seed: 7), RandomSignals(seed: 7))
        try one.send(2_000)
        try two.send(2_000)
        #expect(one.report.description == two.report.description)
    }
}

/// What makes two states of the checker different was judged for each stored property; a new one must be judged too.
struct ModelCheckerIdentityTests {
    @Test func `every property of a run is either a part of a state's identity or known to be a name`() {
        var world = World()
        world.open()
        let run = world.run
        let mixed = [
            "status", "stop", "steps", "position", "visits", "repairs", "answers", "loops", "limits",
            "spent",
            "pausedAt", "watched",
        ]
        let names = [
            "charter", "context", "lead", "interruption", "interruptions", "deadline", "turns", "complaints",
            "failure",
            "reason", "answer", "committed", "artifact",
        ]
        let found =
            run.map { run in Mirror(reflecting: run).children.compactMap { child in child.label } } ?? []
        #expect(found.sorted() == (mixed + names).sorted())
    }

    @Test func `every property of a step is either a part of a state's identity or known to be a name`() {
        var world = World()
        world.open()
        let mixed = [
            "kind", "status", "attempts", "tries", "recoveries", "attempt", "awaitsEvidence", "evidence",
            "needsProbe", "due", "deadline", "ending", "question", "approval", "child", "result",
        ]
        // A call is what was asked for, and the walk asks for the same calls in the same order.
        let names = [
            "ordinal", "definition", "name", "call", "predecessors", "reason", "cause", "motive", "started",
            "probes",
            "gates",
            "failure",
        ]
        let step = world.run?.steps.last
        let found =
            step.map { step in Mirror(reflecting: step).children.compactMap { child in child.label } } ?? []
        #expect(found.sorted() == (mixed + names).sorted())
    }
}
