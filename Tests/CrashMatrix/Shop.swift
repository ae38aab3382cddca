import PipelineCore
import PipelineRuntime

/// What the runs of the matrix do: some of it may never happen twice.
struct Shop {
    let effects: Ledger
    let fuse: Fuse

    /// Every kind of recovery: asked for (`pay`, `deploy`), looked after (`book`), repeated (`look`), and a child run.
    var gateway: Gateway {
        let policy = Policy { execution in
            execution.name == "deploy"
                ? Run.Decision(.ask, rule: "deploys") : Run.Decision(.allow, rule: "open")
        }
        var gateway = Gateway(policy: policy)
        gateway.register(Strategy { [fuse] execution in fuse.answer(execution) })
        gateway.register(Deed("pay", self))
        gateway.register(Deed("deploy", self))
        gateway.register(Deed("book", recovery: .probe, self))
        gateway.register(Deed("look", isIdempotent: true, self))
        gateway.register(Workflow("sub", "Books something else.", template: Shop.template))
        return gateway
    }

    static let template: Template = {
        var template = Template.coding
        template.tool.backoff = 1
        return template
    }()

    /// What each step that may happen only once writes when it happens.
    static func line(_ name: String, _ key: String) -> String { "\(name) \(key)" }
}

extension Fuse {
    fileprivate func answer(_ execution: Run.Execution) -> Run.Result {
        pass()
        let turn = execution.arguments["turn"]?.integerValue ?? 0
        let isChild = execution.id.run.text.contains("/")
        let names: [String] =
            switch (isChild, turn) {
            case (false, 1): ["pay", "look"]
            case (false, 2): ["book", "deploy"]
            case (false, 3): ["workflow.run.sub"]
            case (true, 1): ["book"]
            default: []
            }
        let calls = names.map { name in
            let arguments: JSON = name.contains(".") ? ["task": "Book."] : [:]
            return Run.Call(id: "\(name)\(turn)", name: name, arguments: arguments)
        }
        return Run.Result(output: calls.isEmpty ? "Done." : "Go on.", calls: calls)
    }
}

/// One tool of the shop.
private struct Deed: ToolRunner {
    let declaration: ToolDeclaration
    private let idempotent: Bool
    private let policy: Run.Recovery?
    private let shop: Shop

    init(_ name: String, isIdempotent: Bool = false, recovery: Run.Recovery? = nil, _ shop: Shop) {
        declaration = ToolDeclaration(
            name: name, description: "Does it.", arguments: ["type": "object"], touches: [])
        idempotent = isIdempotent
        policy = recovery
        self.shop = shop
    }

    func isIdempotent(_ arguments: JSON) -> Bool { idempotent }

    func recovery(_ arguments: JSON) -> Run.Recovery? { policy }

    func run(
        _ execution: Run.Execution, permit: consuming Permit, progress: ProgressReporter
    ) async throws -> Run.Result {
        shop.fuse.pass()
        await progress("It begins.")
        if idempotent {
            // What can be repeated fails at first.
            if execution.id.attempt == 1 { throw Run.Failure(.transport, "Not now.") }
        } else {
            try shop.effects.write(Shop.line(declaration.name, execution.idempotencyKey))
        }
        shop.fuse.pass()
        return Run.Result(output: "ok")
    }

    func probe(_ execution: Run.Execution, permit: consuming Permit) async throws -> Run.Result {
        shop.fuse.pass()
        let isDone = shop.effects.has(Shop.line(declaration.name, execution.idempotencyKey))
        return Run.Result(output: "ok", finding: isDone ? .done : .notDone)
    }
}
