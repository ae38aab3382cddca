import PipelineCore
import Testing

/// Modes as data: the library's own three, hosts' own, and what is wrong with a broken one.
struct TemplateScenarioTests {
    private let alternatives: JSON = ["alternatives": [["name": "A"], ["name": "B"]]]
    private let judged: JSON = ["benefit": "x", "cost": "y", "risk": "z"]

    @Test
    func `R14 the library's modes have their own ids, versions and limits, and nothing is wrong with them`() {
        for (name, id, steps, points) in [
            (
                "coding", "coding.baseline", 32,
                ["strategy.override", "tool.exposure_policy", "completion.guardrails"]
            ),
            (
                "planning", "planning.artifact.baseline", 24,
                ["artifact.schema", "artifact.sections", "plan.depth"]
            ),
            (
                "engineering", "engineering.tradeoff.baseline", 40,
                ["analysis.constraints", "analysis.alternatives", "analysis.tradeoffs"]
            ),
        ] as [(Key, Key, Int, [String])] {
            guard let template = Template.builtIn(name) else { return #expect(Bool(false)) }
            #expect(template.id == id && template.version == "1.0.0" && template.mode == name)
            #expect(template.problems.isEmpty && template.limits.steps == steps)
            #expect(template.extensionPoints.map { point in point.rawValue } == points)
        }
        #expect(Template.builtIn("poetry") == nil)
    }

    @Test func `R14 an unknown mode and a broken template are turned away`() {
        var world = World()
        #expect(
            world.refused(.userMessage(Run.Request("Go.", mode: .named("poetry")))) == .rejected(.unknownMode)
        )
        var broken = Template.coding
        broken.completion = []
        #expect(
            world.refused(.userMessage(Run.Request("Go.", template: broken))) == .rejected(.definitionInvalid)
        )
    }

    @Test func `R14 planning: read-only tools, a checked plan, and the plan as artifact`() {
        var world = World()
        #expect(world.open(.planning).deeds.last == "start r/2/1 planning")
        let read = Run.Call(id: "a", name: "read_file", arguments: [:], isReadOnly: true)
        let called = world.complete("r/2/1", calls: [read, .once("b", "write_file")])
        #expect(called.deeds.filter { deed in deed.hasPrefix("start") } == ["start r/3/1 read_file"])
        #expect(world.run?.step(4)?.failure?.category == .policyDenied)
        world.complete("r/3/1", "text")
        let plan: JSON = ["goal": "x", "steps": ["a"]]
        let done = world.complete("r/5/1", plan)
        #expect(done.events.last == "run.completed" && done.deeds == ["disarm r/5/1/attempt/0"])
        #expect(artifact(of: done) == plan)
        #expect(world.conversation.finished.last?.status == .completed)
    }

    @Test func `R14 a plan that breaks its rules goes back with the errors, at most twice`() throws {
        var world = World()
        world.open(.planning)
        let repaired = world.complete("r/2/1", "no JSON")
        guard case .startExecution(let second)? = repaired.directives.last else { throw Missing() }
        #expect(second.arguments["errors"] == ["The answer is no JSON object."])
        #expect(world.run?.step(3)?.reason == .repair && world.run?.step(3)?.predecessors == [2])
        let again = world.complete("r/3/1", ["goal": "", "steps": ["a"]])
        guard case .startExecution(let third)? = again.directives.last else { throw Missing() }
        #expect(third.arguments["errors"] == ["The section \"goal\" is missing or empty."])
        var mended = world
        #expect(mended.complete("r/4/1", "{\"goal\":\"x\",\"steps\":[1]}").events.last == "run.completed")
        #expect(world.complete("r/4/1", [:]).events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .validation)
    }

    @Test func `R14 engineering: frame, alternatives, tradeoffs, recommendation, and all four as artifact`()
        throws
    {
        var world = World()
        world.open(.engineering)
        var ordinal = 2
        func next(_ answer: JSON, _ reason: Run.Step.Reason) throws -> World.Effect {
            let effect = world.complete("r/\(ordinal)/1", answer)
            ordinal += 1
            #expect(world.run?.step(ordinal)?.reason == reason)
            return effect
        }
        _ = try next(["problem": "slow"], .next)
        let few = try next(["alternatives": [["name": "A"]]], .repair)
        #expect(errors(of: few) == ["/alternatives: expected at least 2, found 1."])
        let twins = try next(["alternatives": [["name": "A"], ["name": "A"]]], .repair)
        #expect(errors(of: twins) == ["/alternatives/1/name: \"A\" is there already."])
        _ = try next(alternatives, .next)
        let half = try next(["tradeoffs": ["A": judged, "B": ["benefit": "x", "cost": "y"]]], .repair)
        #expect(errors(of: half) == ["\"B\" is not judged by \"risk\" under /tradeoffs."])
        let tradeoffs: JSON = ["tradeoffs": ["A": judged, "B": judged]]
        _ = try next(tradeoffs, .next)
        let other = try next(["recommendation": "C"], .repair)
        #expect(errors(of: other) == ["/recommendation is none of the alternatives."])
        let done = world.complete("r/\(ordinal)/1", ["recommendation": "B"])
        #expect(done.events.last == "run.completed")
        #expect(
            artifact(of: done) == [
                "frame": ["problem": "slow"], "alternatives": alternatives, "tradeoffs": tradeoffs,
                "recommend": ["recommendation": "B"],
            ])
    }

    private func errors(of effect: World.Effect) -> JSON? {
        guard case .startExecution(let execution)? = effect.directives.last else { return nil }
        return execution.arguments["errors"]
    }

    private func artifact(of effect: World.Effect) -> JSON? {
        for case .publish(let event) in effect.directives {
            if case .run(_, .completed(let artifact)) = event.kind { return artifact }
        }
        return nil
    }

    @Test func `R14 everything that is wrong is named at once, each with its place`() throws {
        let text = """
            {"id":"x","version":"","mode":"x","completion":["none","b"],"concurrency":0,
             "llm":{"maxAttempts":0,"backoff":-1},"limits":{"steps":0},
             "steps":[{"name":"a","system":"context","next":"nowhere"},
                      {"name":"b","strategy":{"name":"s","rules":[{"depth":0}]},"next":"c"},
                      {"name":"c","wait":-5,"next":"b"},
                      {"name":"a","gate":{"approvers":0}},
                      {"name":"e","artifact":["b"],"next":"e","most":0}]}
            """
        let template = try Template(unchecked: try JSON(parsing: Array(text.utf8)))
        #expect(
            template.problems.map { problem in problem.pointer } == [
                "/version", "/llm/maxAttempts", "/llm/backoff", "/limits", "/concurrency", "/steps/0/next",
                "/steps/1/strategy/rules/0", "/steps/1/strategy/rules/0", "/steps/2/wait", "/steps/3/name",
                "/steps/3/gate/approvers", "/steps/4/most", "/steps/4/artifact/0", "/completion/0",
                "/steps/1/next", "/steps/3", "/steps/1", "/steps/2", "/steps/3", "/steps/4", "/steps/1",
                "/steps/2",
            ])
        #expect(throws: JSON.FormatError.self) { try Template(json: template.json) }
        #expect(throws: Template.Invalid.self) { try template.checked() }
    }

    @Test func `R14 a loop of steps has a bound, and one that is no number of turns to wait for`() {
        func loop(_ most: Int?) -> Template {
            .of([
                Template.Step("a", .context, next: "b", most: most), Template.Step("b", .commit, next: "a"),
                Template.Step("c", .commit),
            ])
        }
        #expect(
            loop(nil).problems.map { problem in problem.pointer } == ["/steps/2", "/steps/0", "/steps/1"])
        #expect(loop(3).problems.map { problem in problem.pointer } == ["/steps/2"])
        // Without this bound one signal could keep the reducer busy for years.
        #expect(loop(.max).problems.map { problem in problem.pointer } == ["/steps/0/most", "/steps/2"])
    }

    @Test func `R14 calls, waits, gates and failure paths of a host's own mode`() {
        let call = Run.Call(id: "build", name: "command.run.build", arguments: ["target": "all"])
        let template = Template.of([
            Template.Step("build", .call(call), next: "nap", onFailure: "ask", most: 2),
            Template.Step("ask", .gate(Template.Gate("Build again?")), next: "build"),
            Template.Step("nap", .wait(1_000), next: "end"), Template.Step("end", .commit),
        ])
        #expect(template.problems.isEmpty)
        var world = World()
        #expect(world.open(template).deeds.last == "start r/1/1 command.run.build")
        #expect(world.fail("r/1/1", .config).deeds.last == "ask approval r/2/gate/1")
        #expect(world.run?.step(2)?.reason == .onFailure && world.run?.step(2)?.kind == .humanGate)
        let again = world.send(.gateAnswer(.gate("r", ordinal: 2, 1), .approve))
        #expect(again.deeds.last == "start r/3/1 command.run.build")
        var failing = world
        failing.fail("r/3/1", .config)
        #expect(
            failing.send(.gateAnswer(.gate("r", ordinal: 4, 1), .approve)).events.last == "run.failed")
        #expect(failing.conversation.finished.last?.failure?.code == "maxVisitsExceeded")
        #expect(world.complete("r/3/1", ["exitCode": 0]).deeds.last == "arm r/4/0/wait/0 at 2000")
        #expect(world.fire("r/4/0/wait/0").events.last == "run.completed")
    }

    @Test func `R14 a mode that fails with its calls cancels the others`() {
        var world = World()
        world.open(.coding { template in template.failsWithCall = true })
        world.complete("r/2/1", calls: [.once("a", "deploy"), .once("b", "deploy")])
        #expect(world.fail("r/3/1", .config).deeds.contains("cancel r/4/1"))
        #expect(world.complete("r/4/1").events.last == "run.failed")
        #expect(world.conversation.finished.last?.failure?.category == .config)
    }
}
