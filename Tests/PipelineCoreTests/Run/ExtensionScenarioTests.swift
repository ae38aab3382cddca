import PipelineCore
import Testing

/// What hosts change in the library's modes: each extension point, seen in what is done.
struct ExtensionScenarioTests {
    private func schema(_ text: String) throws -> Schema {
        try Schema(json: try JSON(parsing: Array(text.utf8)))
    }

    private func start(_ effect: World.Effect) throws -> Run.Execution {
        guard case .startExecution(let execution)? = effect.directives.last else { throw Missing() }
        return execution
    }

    @Test func `R14 strategy.override asks another strategy`() throws {
        let template = try Template.coding.extended(by: [
            .strategyOverride(step: "code", strategy: "reasoning")
        ])
        var world = World()
        #expect(world.open(template).deeds.last == "start r/2/1 reasoning")
        #expect(throws: Template.Invalid.self) {
            try Template.coding.extended(by: [.strategyOverride(step: "commit", strategy: "x")])
        }
    }

    @Test func `R14 tool.exposure_policy lets some calls be and refuses others`() throws {
        let template = try Template.coding.extended(by: [.toolExposure(allow: ["read_*"], deny: ["*_secret"])]
        )
        var world = World()
        #expect(try start(world.open(template)).tools?.allow == ["read_*"])
        let effect = world.complete(
            "r/2/1", calls: [.safe("a", "read_file"), .safe("b", "read_secret"), .safe("c", "write_file")])
        #expect(effect.deeds.filter { deed in deed.hasPrefix("start") } == ["start r/3/1 read_file"])
        #expect(world.steps.suffix(2) == ["4 tool failed 0", "5 tool failed 0"])
        #expect(world.run?.step(4)?.failure?.category == .policyDenied)
    }

    @Test func `R14 completion.guardrails judges what was done, and asks before the commit`() throws {
        let outcome = try schema("{\"properties\":{\"files\":{\"minItems\":1}}}")
        let gate = Template.Gate("Ship it?")
        let template = try Template.coding.extended(by: [.guardrails(outcome: outcome, gate: gate)])
        var world = World()
        world.open(template)
        let refused = world.complete("r/2/1", "Done.")
        #expect(try start(refused).arguments["errors"]?.arrayValue?.count == 1)
        world.complete("r/3/1", calls: [.once("w", "write_file")])
        world.complete("r/4/1", ["path": "a", "after": "1"])
        #expect(world.complete("r/5/1", "Done.").deeds.last == "ask approval r/6/gate/1")
        #expect(world.run?.gates.first?.reason == "Ship it?" && world.run?.committed == nil)
        var denied = world
        #expect(
            denied.send(.gateAnswer(.gate("r", ordinal: 6, 1), .deny(message: "x"))).events.last
                == "run.failed")
        #expect(denied.conversation.messages.count == 1)
        #expect(world.send(.gateAnswer(.gate("r", ordinal: 6, 1), .approve)).events.last == "run.completed")
        #expect(world.conversation.messages.last == .assistant("Done.", calls: []))
    }

    @Test func `R14 artifact.schema, artifact.sections and plan.depth judge the plan`() throws {
        let plan: JSON = ["goal": "x", "steps": ["a"]]
        let changes: [Template.Extension] = [
            .artifactSchema(try schema("{\"required\":[\"owner\"]}")), .artifactSections(["risks"]),
            .planDepth(1),
        ]
        for change in changes {
            var world = World()
            world.open(try Template.planning.extended(by: [change]))
            #expect(world.complete("r/2/1", plan).deeds.last == "start r/3/1 planning", "\(change.point)")
            let good: JSON
            switch change {
            case .artifactSchema: good = ["goal": "x", "steps": ["a"], "owner": "ada"]
            case .artifactSections: good = ["risks": "none"]
            default: good = ["goal": "x", "steps": "a"]
            }
            #expect(world.complete("r/3/1", good).events.last == "run.completed", "\(change.point)")
        }
    }

    @Test func `R14 analysis.constraints, analysis.alternatives and analysis.tradeoffs change the analysis`()
        throws
    {
        let template = try Template.engineering.extended(by: [
            .constraints("No new servers."), .alternatives(atLeast: 3), .tradeoffs(["price"]),
        ])
        var world = World()
        let told = try start(world.open(template)).arguments["instruction"]?.stringValue
        #expect(told?.hasSuffix("Constraints: No new servers.") == true)
        let second = try start(world.complete("r/2/1", ["problem": "slow"])).arguments["instruction"]?
            .stringValue
        #expect(second?.contains("Constraints") == false)
        #expect(
            world.complete("r/3/1", ["alternatives": [["name": "A"], ["name": "B"]]]).deeds.last?.hasPrefix(
                "start r/4/1") == true)
        #expect(world.run?.step(4)?.reason == .repair)
        world.complete("r/4/1", ["alternatives": [["name": "A"], ["name": "B"], ["name": "C"]]])
        let price: JSON = ["price": 1]
        world.complete("r/5/1", ["tradeoffs": ["A": price, "B": price, "C": price]])
        #expect(world.run?.step(6)?.definition == "recommend")
    }

    @Test func `R14 a point that a mode does not offer is refused, with all that is wrong besides`() {
        do throws(Template.Invalid) {
            _ = try Template.coding.extended(by: [
                .planDepth(3), .strategyOverride(step: "none", strategy: "x"), .constraints("x"),
            ])
            Issue.record("it was taken")
        } catch {
            #expect(
                error.problems.map { problem in problem.pointer } == [
                    "/plan.depth", "/strategy.override", "/analysis.constraints",
                ])
        }
    }

    @Test func `R14 steps are put before and after others`() throws {
        let nap = Template.Step("nap", .wait(5))
        let before = try Template.coding.inserting(nap, before: "code")
        #expect(before.steps.map { step in step.name } == ["context", "nap", "code", "commit", "artifact"])
        var world = World()
        #expect(world.open(before).deeds == ["arm r/2/0/wait/0 at 1005"])
        #expect(world.fire("r/2/0/wait/0").deeds.last == "start r/3/1 code_generation")
        let first = try Template.coding.inserting(nap, before: "context")
        #expect(first.steps.first?.name == "nap" && first.steps.first?.next == "context")
        let last = try Template.coding.inserting(nap, after: "artifact")
        #expect(last.completion == ["nap"])
        var late = World()
        late.open(last)
        #expect(late.complete("r/2/1").deeds.last == "arm r/5/0/wait/0 at 1005")
        #expect(late.fire("r/5/0/wait/0").events.last == "run.completed")
        #expect(throws: Template.Invalid.self) { try Template.coding.inserting(nap, after: "none") }
        #expect(throws: Template.Invalid.self) {
            try Template.coding.inserting(Template.Step("code", .wait(5)), after: "context")
        }
    }
}
