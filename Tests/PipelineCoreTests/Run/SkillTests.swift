import PipelineCore
import PipelineTesting
import Testing

/// What a request says that strategies should know how to do.
struct SkillTests {
    private let skills = [
        Run.Skill(" review ", instruction: "Look twice.", tools: ["read_*"]),
        Run.Skill("", instruction: "nameless"),
        Run.Skill("test", instruction: "Run the tests."),
        Run.Skill("review", instruction: "again"),
    ]

    @Test(.bothModes)
    func `skills are kept in order, each name once, and reach every strategy step and nothing else`() {
        var world = World()
        let opened = world.send(.userMessage(Run.Request("go", skills: skills)), id: "r")

        #expect(world.run?.skills.map(\.name) == ["review", "test"])
        #expect(skills(of: opened) == [["Look twice.", "Run the tests."]])
        let names = opened.directives.compactMap { directive -> [String]? in
            guard case .publish(let event) = directive, case .run(_, .opened(_, _, let skills)) = event.kind
            else {
                return nil
            }
            return skills
        }
        #expect(names == [["review", "test"]])
        #expect(skills(of: world.complete("r/2/1", calls: [.safe("1", "look_up")])) == [[]])
        #expect(skills(of: world.complete("r/3/1")) == [["Look twice.", "Run the tests."]])
    }

    /// The instructions that each started execution gets.
    private func skills(of effect: World.Effect) -> [[String]] {
        effect.directives.compactMap { directive in
            guard case .startExecution(let execution) = directive else { return nil }
            return execution.skills.map(\.instruction)
        }
    }

    @Test(.bothModes) func `a profile that is too large is rejected`() {
        var world = World()
        let many = (0...64).map { number in Run.Skill("skill \(number)", instruction: "") }
        let long = [Run.Skill("a", instruction: String(repeating: "x", count: 16_384))]

        for profile in [many, long] {
            let effect = world.send(.userMessage(Run.Request("go", skills: profile)))
            #expect(effect.disposition == .rejected(.payloadInvalid))
        }
        #expect(world.conversation == Conversation(id: "c"))
    }
}
