import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// Stories: what they accept, what they refuse, and how they say it.
struct StoryTests {
    /// Run `r`, whose strategy `r/2/1` is open; nothing is asserted.
    private func opened(restoring: Bool = false) throws -> Conversation.Story {
        var story = Conversation.Story(strictness: .partial, restoring: restoring)
        try story.send(.userMessage(Run.Request("Fix it.")), id: "r")
        story.strictness = .exhaustive
        return story
    }

    @Test func `the example of the documentation is true`() throws {
        var story = Conversation.Story()
        try story.send(.userMessage(Run.Request("Fix it.")), id: "r") {
            "publish run.opened"
            "publish user.message"
            "publish run.started"
            "publish step.ready 1"
            "publish step.completed 1"
            "publish step.ready 2"
            "publish strategy.requested r/2/1"
            "arm r/2/1/attempt/0 at 121000"
            "start r/2/1 code_generation"
        } changes: {
            "new run r: running"
            "new step r/1 system: completed"
            "new step r/2 llm: open 1"
            "messages: 0 -> 1"
        }
        try story.complete("r/9/1", is: .stale)
        story.strictness = .partial
        try story.complete("r/2/1", "Done.") { "publish run.completed" }
        try story.finish()
    }

    @Test(arguments: [false, true])
    func `a whole run, told signal by signal`(restoring: Bool) throws {
        var story = try opened(restoring: restoring)
        try story.send(.started(.r(2, 1))) {
            "publish strategy.started r/2/1"
        } changes: {
            "step r/2 llm: open 1 -> open 1 started"
        }
        try story.complete("r/2/1", "I deploy.", calls: [.once("a", "deploy")]) {
            """
            publish strategy.completed r/2/1
            publish step.completed 2
            publish step.ready 3
            publish tool.requested r/3/1
            disarm r/2/1/attempt/0
            arm r/3/1/attempt/0 at 31000
            start r/3/1 deploy
            """
        } changes: {
            "step r/2 llm: open 1 started -> completed 1"
            "new step r/3 tool: open 1"
        }
        try story.send(.interrupt("r", reason: "ctrl-c"), at: 2_000) {
            "publish run.stopping"
            "disarm r/3/1/attempt/0"
            "cancel r/3/1"
            "arm r/3/1/grace/0 at 7000"
        } changes: {
            "run r: running -> stopping to interrupt (ctrl-c)"
            "step r/3 tool: open 1 -> open 1, told to end"
        }
        try story.confirmCancel("r/3/1") {
            "publish tool.canceled r/3/1"
            "publish step.unknown 3"
            "publish run.interrupted"
            "publish gate.opened r/3/gate/1"
            "disarm r/3/1/grace/0"
            "ask confirmation r/3/gate/1"
        } changes: {
            "new holder: r"
            "run r: stopping to interrupt (ctrl-c) -> interrupted r/i1 (ctrl-c)"
            "step r/3 tool: open 1, told to end -> unknown 1"
            "new gate r/3/gate/1: confirmation"
        }
        try story.restart {
            "publish engine.restarted"
            "publish gate.opened r/3/gate/1"
            "ask confirmation r/3/gate/1"
        }
        try story.send(.gateAnswer(.gate("r", ordinal: 3, 1), .rerun)) {
            "publish gate.approved r/3/gate/1"
            "withdraw r/3/gate/1"
        } changes: {
            "gone gate r/3/gate/1: confirmation"
            "step r/3 tool: unknown 1 -> ready 1"
        }
        try story.send(.resume("r", .interruption("r", 1)), by: .operator("ada")) {
            "publish run.resumed"
            "publish tool.requested r/3/2"
            "arm r/3/2/attempt/1 at 32000"
            "start r/3/2 deploy"
        } changes: {
            "run r: interrupted r/i1 (ctrl-c) -> running"
            "step r/3 tool: ready 1 -> open 2"
        }
        try story.fire("r/3/2/attempt/1") {
            "publish timer.fired r/3/2/attempt/1"
            "disarm r/3/2/attempt/1"
            "cancel r/3/2"
            "arm r/3/2/grace/1 at 37000"
        } changes: {
            "step r/3 tool: open 2 -> open 2, told to end"
        }
        #expect(story.time == 32_000)
        try story.send(.cancel("r", reason: "enough"), at: 33_000) {
            "publish run.stopping"
        } changes: {
            "run r: running -> stopping to cancel (enough)"
        }
        try story.fail("r/3/2", Run.Failure(.transport, "gone")) {
            "publish tool.failed r/3/2"
            "publish step.failed 3"
            "publish run.canceled"
            "disarm r/3/2/grace/1"
        } changes: {
            "gone holder: r"
            "run r: stopping to cancel (enough) -> canceled (enough)"
        }
        try story.finish()
    }

    // MARK: What is not said must not happen

    @Test
    func `a directive that is not said, not there, otherwise or elsewhere fails the story, at its place`()
        throws
    {
        let all = [
            "publish run.stopping", "disarm r/2/1/attempt/0", "cancel r/2/1", "arm r/2/1/grace/0 at 6000",
        ]
        let changes = [
            "run r: running -> stopping to cancel (x)", "step r/2 llm: open 1 -> open 1, told to end",
        ]
        for said in [
            Array(all.dropLast()), Array(all.dropFirst()), all + ["start r/3/1 deploy"],
            [all[0], all[2], all[1], all[3]],
            [all[0], all[1], all[2], "arm r/2/1/grace/0 at 6001"],
        ] as [[String]] {
            var story = try opened()
            let error = #expect(throws: StoryError.self) {
                try story.send(.cancel("r", reason: "x"), file: "Here/There.swift", line: 7) {
                    said
                } changes: {
                    changes
                }
            }
            #expect(error?.file == "Here/There.swift" && error?.line == 7)
            #expect(error?.difference.first == "directives", "\(said)")
        }
        var story = try opened()
        try story.send(.cancel("r", reason: "x")) {
            all
        } changes: {
            changes
        }
    }

    @Test func `a change that is not said, not there or otherwise fails the story`() throws {
        let answers = ["publish strategy.started r/2/1"]
        let change = "step r/2 llm: open 1 -> open 1 started"
        for said in [[], [change, "messages: 1 -> 2"], ["step r/2 llm: open 1 -> open 2"]] {
            var story = try opened()
            let error = #expect(throws: StoryError.self) {
                try story.send(.started(.r(2, 1))) {
                    answers
                } changes: {
                    said
                }
            }
            #expect(error?.difference.first == "changes", "\(said)")
        }
        var story = try opened()
        try story.send(.started(.r(2, 1))) {
            answers
        } changes: {
            change
        }
    }

    @Test func `a disposition that is not said fails the story, in both strictnesses where one is said`()
        throws
    {
        for strictness in [Conversation.Story.Strictness.exhaustive, .partial] {
            var story = try opened()
            story.strictness = strictness
            let error = #expect(throws: StoryError.self) { try story.complete("r/9/1", is: .applied) }
            #expect(error?.difference == ["disposition", "  - applied", "  + stale"])
            let other = #expect(throws: StoryError.self) {
                try story.send(.resume("r", .interruption("r", 1)), is: .rejected(.staleTicket)) {
                    "publish request.rejected notInterrupted"
                }
            }
            #expect(
                other?.difference == [
                    "disposition", "  - rejected staleTicket", "  + rejected notInterrupted",
                ])
        }
        var story = try opened()
        #expect(throws: StoryError.self) { try story.complete("r/9/1") }
        story.strictness = .partial
        try story.complete("r/9/1")
    }

    @Test func `what the outline does not show is a change all the same`() throws {
        var story = try opened()
        var template = Template.coding
        template.limits.wall = 60_000
        try story.send(.cancel("r", reason: "x"), by: .engine, is: .rejected(.unauthorized)) {
            "publish request.rejected unauthorized"
        }
        let json = story.conversation.json
        var active = try #require(json["active"]?.objectValue)
        active["deadline"] = 99_000
        var object = try #require(json.objectValue)
        object["active"] = .object(active)
        let other = try Conversation(json: .object(object))
        #expect(other.changes(since: story.conversation) == ["other: active/deadline"])
        #expect(story.conversation.changes(since: story.conversation) == [])
    }

    @Test func `a directive that is given whole must come whole`() throws {
        var whole = try opened()
        let effect = try #require(whole.effects.first)
        var story = Conversation.Story(strictness: .partial)
        try story.send(.userMessage(Run.Request("Fix it.")), id: "r") { effect.directives }
        let execution = try #require(
            effect.directives.compactMap { directive in
                if case .startExecution(let execution) = directive { execution } else { nil }
            }.last)
        let other = Run.Execution(
            id: execution.id, kind: execution.kind, name: execution.name, arguments: ["other": 1],
            context: execution.context, mode: execution.mode, tools: execution.tools,
            deadline: execution.deadline, correlation: execution.correlation, cause: execution.cause)
        story = Conversation.Story(strictness: .partial)
        let error = #expect(throws: StoryError.self) {
            try story.send(.userMessage(Run.Request("Fix it.")), id: "r") { .startExecution(other) }
        }
        #expect(error?.description.contains("  - start r/2/1 code_generation: startExecution(") == true)
        #expect(error?.description.contains("\"other\"") == true)
        whole.strictness = .exhaustive
        try whole.finish(leaving: {
            "execution r/2/1"
            "timer r/2/1/attempt/0"
        })
    }

    @Test func `the difference reads line by line`() throws {
        var story = try opened()
        let error = #expect(throws: StoryError.self) {
            try story.complete("r/2/1", calls: [.once("a", "deploy")], file: "M/F.swift", line: 3) {
                "publish strategy.completed r/2/1"
                "publish step.completed 2"
                "publish step.ready 3"
                "publish tool.requested r/3/1"
                "disarm r/2/1/attempt/0"
                "arm r/3/1/attempt/0 at 31000"
                "start r/3/1 read_file"
            } changes: {
                "step r/2 llm: open 1 -> completed 1"
            }
        }
        #expect(
            error?.description == """
                M/F.swift:3: execution.completed s2 went otherwise (- expected, + came).
                directives
                    publish strategy.completed r/2/1
                    publish step.completed 2
                    publish step.ready 3
                    publish tool.requested r/3/1
                    disarm r/2/1/attempt/0
                    arm r/3/1/attempt/0 at 31000
                  - start r/3/1 read_file
                  + start r/3/1 deploy
                changes
                    step r/2 llm: open 1 -> completed 1
                  + new step r/3 tool: open 1
                """)
    }

    // MARK: Partial stories

    @Test func `in a partial story what is said must come in order, and anything else may`() throws {
        var story = Conversation.Story(strictness: .partial)
        try story.send(.userMessage(Run.Request("Fix it.")), id: "r") {
            "publish run.started"
            "start r/2/1 code_generation"
        } changes: {
            "new step r/2 llm: open 1"
        }
        let error = #expect(throws: StoryError.self) {
            try story.send(.cancel("r", reason: "x")) {
                "cancel r/2/1"
                "publish run.stopping"
            }
        }
        #expect(
            error?.difference == [
                "directives", "  - cancel r/2/1", "    publish run.stopping", "    disarm r/2/1/attempt/0",
                "    cancel r/2/1", "    arm r/2/1/grace/0 at 6000",
            ])
    }

    // MARK: The end

    @Test func `a story may not end with something open, unless it says so`() throws {
        var story = try opened()
        let error = #expect(throws: StoryError.self) { try story.finish() }
        #expect(error?.difference == ["  + execution r/2/1", "  + timer r/2/1/attempt/0"])
        #expect(throws: StoryError.self) { try story.finish(leaving: { "execution r/2/1" }) }
        try story.finish(leaving: {
            "execution r/2/1"
            "timer r/2/1/attempt/0"
        })
        story.strictness = .partial
        try story.finish(leaving: { "timer r/2/1/attempt/0" })
        try story.finish()
        #expect(throws: StoryError.self) { try story.finish(leaving: { "gate r/2/gate/1" }) }
        try story.complete("r/2/1", calls: [.once("a", "deploy")])
        try story.send(.policyDecided(.r(3, 1), Run.Decision(.ask, rule: "all")))
        story.strictness = .exhaustive
        #expect(story.conversation.openWork == ["gate r/3/gate/1"])
        #expect(throws: StoryError.self) { try story.finish() }
    }

    @Test func `words that name nothing are told apart from a story that went otherwise`() throws {
        var story = try opened()
        let sent = story.effects.count
        for error in [
            #expect(throws: StoryError.self) { try story.complete("r/2") },
            #expect(throws: StoryError.self) { try story.fail("", Run.Failure(.crashed, "x")) },
            #expect(throws: StoryError.self) { try story.confirmCancel("r/2/x") },
            #expect(throws: StoryError.self) { try story.fire("r/2/1/attempt") },
        ] {
            #expect(error?.summary.contains(" is no ") == true && error?.difference == [])
        }
        #expect(story.effects.count == sent)
    }

    @Test func `time moves on and never goes back`() throws {
        var story = try opened()
        story.advance(by: 500)
        story.advance(by: -500)
        story.advance(to: 1_200)
        #expect(story.time == 1_500)
        story.strictness = .partial
        try story.fail("r/2/1", Run.Failure(.transport, "x"), at: 2_000) { "arm r/2/1/backoff/0 at 2100" }
        try story.fire("r/2/1/backoff/0") { "start r/2/2 code_generation" }
        #expect(story.time == 2_100)
        try story.fire("r/2/1/backoff/0", is: .stale)
        try story.complete("r/2/2", at: 1)
        #expect(story.effects.last?.signal.time == 2_100)
    }

    // MARK: Restoring

    @Test func `a story gives the same journal whether it restores or not`() throws {
        var stories: [Conversation.Story] = []
        for restoring in [false, true] {
            var story = try opened(restoring: restoring)
            story.strictness = .partial
            try story.complete("r/2/1", calls: [.once("a", "deploy"), .safe("b", "read_file")])
            try story.send(.interrupt("r", reason: "x"), id: "stop")
            try story.send(.interrupt("r", reason: "x"), id: "stop", is: .duplicate)
            try story.confirmCancel("r/3/1")
            try story.complete("r/4/1", "contents")
            try story.restart()
            try story.send(.gateAnswer(.gate("r", ordinal: 3, 1), .skip))
            try story.send(.resume("r", .interruption("r", 1)))
            try story.complete("r/5/1")
            try story.finish()
            stories.append(story)
        }
        #expect(stories[0].effects == stories[1].effects && stories[0].records == stories[1].records)
        #expect(stories[0].conversation == stories[1].conversation)
        #expect(stories[0].records.map(\.sequence) == Array(1...9) && stories[0].effects.count == 10)
        let recording = SignalRecording(of: stories[0].records)
        #expect(
            try recording.replayRestoring(from: Conversation(id: "c"))
                == recording.replay(from: Conversation(id: "c")))
    }
}
