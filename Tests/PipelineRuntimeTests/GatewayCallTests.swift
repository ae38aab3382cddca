import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// What the gateway makes of the calls that a model writes.
struct GatewayCallTests {
    /// What becomes of each call of one answer: its id, its category and message if it failed, its class.
    private func outcome(
        of calls: [Run.Call], tools: [Tool] = [Tool("look", "", isReadOnly: true) { _ in "seen" }]
    ) -> [String] {
        var gateway = Gateway.open()
        let plan = Plan(calls: calls)
        gateway.register(plan)
        for tool in tools { gateway.register(tool) }
        let bench = Bench(gateway)
        bench.open()
        return plan.asked.entries.last?.context.compactMap { message in
            guard case .tool(let id, let name, let output, let failed) = message else { return nil }
            let error = output["error"]
            let why = (error?["category"]?.stringValue ?? "") + ": " + (error?["message"]?.stringValue ?? "")
            return failed ? "\(id) \(name) \(why)" : "\(id) \(name) ok"
        } ?? []
    }

    @Test
    func `G14 every way of writing a call wrong is a failed call that the model sees, and none is dropped`() {
        let told = outcome(of: [
            Run.Call(id: "1", name: "look", arguments: #"{"a": 1}"#),
            Run.Call(id: "2", name: "look", arguments: "{not json"),
            Run.Call(id: "3", name: "look", arguments: "[1]"),
            Run.Call(id: "4", name: "look", arguments: [1, 2]),
            Run.Call(id: "5", name: "look", arguments: .null),
            Run.Call(id: "", name: "look", arguments: [:]),
            Run.Call(id: "1", name: "look", arguments: [:]),
            Run.Call(id: "8", name: "nothing", arguments: [:]),
            Run.Call(id: "9", name: "command.run.nothing", arguments: [:]),
            Run.Call(id: "10", name: "workflow.run.nothing", arguments: [:]),
        ])
        #expect(told.count == 10)
        #expect(told[0] == "1 look ok")
        #expect(told[1].hasPrefix("2 look validation: The arguments are no JSON: line 1, column 2"))
        #expect(told[2] == "3 look validation: The arguments must be a JSON object.")
        #expect(told[3] == "4 look validation: The arguments must be a JSON object.")
        #expect(told[4] == "5 look validation: The arguments must be a JSON object.")
        #expect(told[5] == "call_6 look validation: The call has no id.")
        #expect(told[6] == "1 look validation: The id 1 stands for a call before this one.")
        #expect(told[7] == "8 nothing config: There is no tool named \"nothing\".")
        #expect(told[8] == "9 command.run.nothing config: There is no tool named \"command.run.nothing\".")
        #expect(told[9] == "10 workflow.run.nothing config: There is no tool named \"workflow.run.nothing\".")
    }

    @Test func `G14 the sixty-fifth call of an answer fails, and the others are made`() {
        let calls = (1...65).map { number in Run.Call(id: "\(number)", name: "look", arguments: [:]) }
        var template = Template.coding
        template.limits.steps = 200
        let plan = Plan(calls: calls)
        var gateway = Gateway.open()
        gateway.register(plan)
        gateway.register(Tool("look", "", isReadOnly: true) { _ in "seen" })
        let bench = Bench(gateway)
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        let told = plan.asked.entries.last?.context.compactMap { message -> Bool? in
            if case .tool(_, _, _, let failed) = message { failed } else { nil }
        }
        #expect(told == Array(repeating: false, count: 64) + [true])
    }

    @Test
    func `arguments that do not fit the schema are told with every place, and nothing is asked or called`() {
        let called = Log<JSON>()
        let judged = Log<String>()
        var gateway = Gateway(
            policy: Policy { execution in
                judged.append(execution.name)
                return .allowed
            })
        let call = Run.Call(id: "1", name: "send", arguments: ["to": 7, "cc": []])
        let plan = Plan(calls: [call])
        gateway.register(plan)
        gateway.register(
            Tool(
                "send", "",
                arguments: [
                    "type": "object", "required": ["to", "text"],
                    "properties": ["to": ["type": "string"], "cc": ["type": "array", "minItems": 1]],
                ]
            ) { arguments in
                called.append(arguments)
                return "sent"
            })
        let bench = Bench(gateway)
        bench.open()
        guard case .tool(_, _, let output, true)? = plan.asked.entries.last?.context.last else {
            return #expect(Bool(false))
        }
        let message = output["error"]?["message"]?.stringValue ?? ""
        #expect(output["error"]?["category"] == "validation")
        for place in ["/to", "/cc", "text"] { #expect(message.contains(place), "\(message)") }
        #expect(called.entries.isEmpty && !judged.entries.contains("send"))
    }

    @Test func `a tool whose schema is none says so beforehand, and its calls fail`() {
        let tool = Tool("odd", "", arguments: ["type": "object", "propertees": [:]]) { _ in "never" }
        var gateway = Gateway.open()
        gateway.register(tool)
        #expect(gateway.problems.count == 1)
        #expect(gateway.problems.first?.contains("propertees") == true)
        let told = outcome(of: [Run.Call(id: "1", name: "odd", arguments: [:])], tools: [tool])
        #expect(told.first?.hasPrefix("1 odd config: odd cannot be called.") == true)
    }

    @Test func `a tool's result can ask for no calls`() {
        var gateway = Gateway.open()
        gateway.register(Plan(calls: [.once("1", "sly")]))
        gateway.register(
            Crane("sly") { _, _ in Run.Result(output: "x", calls: [.once("2", "deploy")]) })
        let bench = Bench(gateway)
        bench.open()
        let results = bench.journal.records.compactMap { record in
            if case .completed(.r(3, 1), let result) = record.signal.kind { result } else { nil }
        }
        #expect(results.map(\.calls) == [[]])
    }
}
