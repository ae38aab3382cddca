import PipelineCore
import PipelineRuntime
import PipelineTesting

/// The runs that golden journals are of: every kind of signal, and much of what a state can hold.
///
/// Three processes, one after the other; the first and the last of them die. Everything happens on one loop, by a clock
/// that stands still, so that the same is told on every machine.
final class GoldenStory {
    /// What each process appends.
    private(set) var parts: [[GoldenTape.Append]] = []
    private var bench: Bench
    private var tape: GoldenTape

    static let conversation: Conversation.ID = "chat"
    static let other: Conversation.ID = "ça va/\"日本\" \u{1F469}\u{200D}\u{1F4BB}"
    private static let ada = Run.Actor.operator("ada")

    init() throws {
        tape = GoldenTape()
        bench = try Bench(tape, at: 1_000)
        try tell()
    }

    private func tell() throws {
        beginBusily()
        answerGates()
        interruptAndResume()
        let waiting = passTime()
        release(waiting)
        callWorkflow()
        try end(dying: true)
        recover()
        cancel()
        try end(dying: false)
        resumeAfterShutdown()
        leaveUnfinished()
        parts.append(tape.appends)
        abandon()
    }

    // MARK: The first process

    private func beginBusily() {
        let request = Run.Request(
            "Olá e\u{301}é \u{1F469}\u{200D}\u{1F4BB}\u{0}\u{1}\u{7F}\u{FEFF}\u{2028}\u{202E}\u{10FFFF} \"\\/\n日本語",
            template: Self.careful, operators: ["ada", "e\u{301}", "é"],
            skills: [Run.Skill(" care ", instruction: "Be careful.", tools: ["w*"])],
            metadata: [
                "numbers": Self.numbers, "e\u{301}": 1, "é": 2, "\u{FB33}": 3, "\u{1F600}": 4, "": [nil],
            ])
        _ = bench.submit(
            Run.Signal(
                id: "r1", .userMessage(request), by: Self.ada, at: 1_000, cause: "click/1",
                correlation: "Ärger"))
        bench.settle()
        ask("r2", Run.Request("Release it.", template: Self.releasing))
        ask("r2", Run.Request("Release it.", template: Self.releasing))
        ask("full", Run.Request("Now!", whenBusy: .reject))
        ask("empty", Run.Request(" "))
        ask(
            "broken",
            Run.Request(
                "Do it.", template: Template(id: "", version: "", mode: "", steps: [], completion: [])))
        ask("r3", Run.Request("Never mind.", mode: .named("planning"), isUnattended: true))
        make(.withdraw("r3", reason: "never mind"), "w3")
        make(.withdraw("r3", reason: "never mind"), "w3 again")
    }

    private func answerGates() {
        let ticket = Run.Ticket.gate("r1", ordinal: 4, 1)
        make(.gateAnswer(ticket, .approve), "g1", by: .host)
        make(.gateAnswer(ticket, .approve), "g2", by: .operator("eve"))
        make(.gateAnswer(.gate("r1", ordinal: 4, 2), .approve), "g3")
        make(.gateAnswer(ticket, .approve(arguments: ["to": "y\u{1F980}", "size": Self.numbers])), "g4")
        make(.gateAnswer(ticket, .deny(message: "Too late.")), "g5")
        bench.advance(by: 10_000)
    }

    private func interruptAndResume() {
        make(.cancelStep("r1", ordinal: 99, reason: "which?"), "c99")
        make(.interrupt("r1", reason: "lunch \u{1F363}"), "i1")
        make(.interrupt("r1", reason: "again"), "i2")
        make(.resume("r1", .interruption("r1", 7)), "resume 7")
        bench.advance(by: 60_000)
        answerDoubts()
        var resumption = Run.Resumption(raise: Run.Raise(steps: 40, tokens: 1_000_000))
        make(.resume("r1", .interruption("r1", 1), Run.Resumption(format: 99)), "resume 99")
        resumption.template = Self.careful.reference
        resumption.format = Conversation.format
        make(.resume("r1", .interruption("r1", 1), resumption), "resume 1")
    }

    /// One of two calls is too slow, and the other is called off.
    ///
    /// - Returns: the instant at which the next run's wait is over.
    private func passTime() -> Run.Milliseconds {
        let dig = bench.state(of: Self.conversation)?.active?.steps.last { step in step.name == "dig" }
        make(.cancelStep("r1", ordinal: dig?.ordinal ?? 0, reason: "not this one"), "c")
        bench.advance(by: 30_000)
        bench.advance(by: 10_000)
        return bench.clock.now
    }

    /// A run of a timer, a gate for two people, and a plan that has to be repaired.
    private func release(_ time: Run.Milliseconds) {
        make(.switchMode(Run.ModeSwitch(to: .named("planning"))), "m1", by: .host)
        submit(.timerFired(Run.Timer.ID(owner: .r(1, 1), kind: .wait, interruptions: 0)), "late", by: .timer)
        bench.advance(by: 500)
        let ticket = bench.state(of: Self.conversation)?.active?.gates.first?.ticket
        guard let ticket else { return }
        make(.gateAnswer(ticket, .approve), "two 1", by: Self.ada)
        make(.gateAnswer(ticket, .approve), "two 2", by: Self.ada)
        make(.gateAnswer(ticket, .approve), "two 3", by: .operator("bob"))
    }

    private func callWorkflow() {
        make(.switchMode(Run.ModeSwitch(to: .named("planning"), reason: "plan first")), "m2")
        make(.switchMode(Run.ModeSwitch(to: .named("no such mode"))), "m3")
        ask("w", Run.Request("Work.", template: .coding), in: Self.other)
    }

    // MARK: The second process

    private func recover() {
        _ = bench.state(of: Self.other)
        let child = bench.state(of: Self.child)
        for gate in child?.active?.gates ?? [] {
            make(.gateAnswer(gate.ticket, .supply(["paid": Self.numbers])), "paid", in: Self.child)
        }
    }

    private func cancel() {
        ask("r4", Run.Request("Dig.", template: .coding))
        submit(
            .completed(Run.Execution.ID(run: "r4", ordinal: 9, attempt: 1), Run.Result(output: 1)), "stray")
        make(.cancel("r4", reason: "enough"), "cancel r4")
        make(.cancel("r4", reason: "enough"), "cancel r4 again")
        ask("r5", Run.Request("Dig.", template: .coding))
        make(.switchMode(Run.ModeSwitch(to: .defined(Self.careful), isForced: true)), "m4")
        ask("r6", Run.Request("Dig.", template: .coding))
        ask("r7", Run.Request("Wait.", mode: .current))
        make(.cancelConversation(reason: "that is all"), "cancel all")
        ask("r8", Run.Request("Really?", mode: .current))
        make(.resumeConversation, "take it up")
        make(.resumeConversation, "take it up again")
        ask("r9", Run.Request("Write.", mode: .current))
        make(.gateAnswer(.gate("r9", ordinal: 3, 1), .deny(message: "n\u{303}o")), "deny")
        ask("y", Run.Request("Work.", template: .coding), in: Self.other)
        make(.interrupt("y", reason: "a pause"), "stop y", in: Self.other)
        make(.resume("y", .interruption("y", 1)), "resume y", in: Self.other)
        ask("x", Run.Request("Dig.", template: .coding), in: Self.other)
    }

    // MARK: The third process

    private func resumeAfterShutdown() {
        make(.resume("x", .interruption("x", 1)), "on", in: Self.other)
        let replies = [Run.Gate.Reply(.gate("x", ordinal: 3, 1), .skip)]
        make(
            .resume("x", .interruption("x", 1), Run.Resumption(replies: replies)), "on again", in: Self.other)
    }

    /// One run waits for its resume and another one is at work when the last process dies.
    private func leaveUnfinished() {
        ask("parked", Run.Request("Pay.", template: .coding))
        make(.interrupt("parked", reason: "tomorrow"), "park")
        ask("last", Run.Request("Look, then pay.", template: .coding))
        ask("next", Run.Request("And then?", mode: .named("coding"), isUnattended: true))
    }

    // MARK: Doing it

    private func ask(
        _ id: Run.Signal.ID, _ request: Run.Request, in conversation: Conversation.ID = conversation
    ) {
        make(.userMessage(request), id, in: conversation)
    }

    private func make(
        _ kind: Run.Signal.Kind, _ id: Run.Signal.ID, by actor: Run.Actor = ada,
        in conversation: Conversation.ID = conversation
    ) {
        bench.request(kind, id: id, by: actor, in: conversation)
    }

    private func submit(_ kind: Run.Signal.Kind, _ id: Run.Signal.ID, by actor: Run.Actor = .runner) {
        _ = bench.submit(Run.Signal(id: id, kind, by: actor, at: bench.clock.now))
        bench.settle()
    }

    /// Has everything run again whose outcome nobody knows.
    private func answerDoubts() {
        for gate in bench.state(of: Self.conversation)?.run("r1")?.gates ?? [] {
            make(.gateAnswer(gate.ticket, .rerun), Run.Signal.ID("doubt \(gate.ticket)"))
        }
    }

    /// Lets the next process begin where this one ends, a second later.
    private func end(dying: Bool) throws {
        if dying { parts.append(tape.appends) }
        abandon()
        if !dying { parts.append(tape.appends) }
        tape = GoldenTape(after: parts.flatMap(\.self))
        bench = try Bench(tape, at: bench.clock.now + 1_000)
    }

    private func abandon() { _ = bench.shutDown() }

    static let child = Conversation.ID("\(other)/w/3")
}

extension GoldenStory {
    /// The coding mode with all of its limits set.
    private static var careful: Template {
        var template = Template.coding
        template.id = "cäreful"
        template.tool = Template.Policy(
            maxAttempts: 3, backoff: 1_000, longestBackoff: 8_000, jitter: 50, startToClose: 30_000,
            scheduleToClose: 600_000, scheduleToStart: 500_000, idle: 400_000, reserve: Run.Usage(cost: 1))
        template.gates = Template.Gate("Sure?", timeout: 3_600_000)
        template.steps[1].action = .strategy(
            Template.Strategy(
                "code_generation", tools: Template.Exposure(deny: ["rm*"], approve: ["deploy*"])))
        template.limits = Run.Limits(
            steps: 30, attempts: 100, tokens: 100_000, cost: 9_007_199_254_740_993, wall: 86_400_000)
        return template
    }

    /// Waits, has two people approve, and plans.
    private static var releasing: Template {
        let plan = Template.Strategy(
            "planning", instruction: "Answer with the plan.", isStructured: true,
            rules: [.sections(["goal", "steps"])])
        return Template(
            id: "release", version: "1.0.0", mode: "release",
            steps: [
                Template.Step("context", .context, next: "wait"),
                Template.Step("wait", .wait(500), next: "gate"),
                Template.Step(
                    "gate", .gate(Template.Gate("Go?", timeout: 9_000, approvers: 2)), next: "plan"),
                Template.Step("plan", .strategy(plan), next: "commit", onFailure: "commit", most: 3),
                Template.Step("commit", .commit, next: "artifact"),
                Template.Step("artifact", .artifact(from: ["plan"])),
            ],
            completion: ["artifact"])
    }
}

extension Bench {
    /// The process of a story that writes to this journal.
    fileprivate init(_ tape: GoldenTape, at time: Run.Milliseconds) throws {
        let loop = HostLoop()
        let clock = ManualClock(now: time)
        let engine = Engine(
            try GoldenStory.gateway(isStuck: true), journal: tape, clock: clock, host: loop,
            snapshotInterval: GoldenStory.snapshotInterval)
        self.init(loop: loop, clock: clock, journal: SpyJournal(), engine: engine)
    }
}

extension GoldenStory {
    static let snapshotInterval = 10
}
