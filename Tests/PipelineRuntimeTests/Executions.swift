import PipelineCore
import PipelineRuntime
import PipelineTesting

extension Run.Call {
    /// A call that may run twice without harm.
    static func safe(_ id: String, _ name: String) -> Run.Call {
        Run.Call(id: id, name: name, arguments: [:], isIdempotent: true)
    }

    /// A call that must not run twice.
    static func once(_ id: String, _ name: String) -> Run.Call {
        Run.Call(id: id, name: name, arguments: [:])
    }
}

extension Run.Execution.ID {
    /// `r/<ordinal>/<attempt>`.
    static func r(_ ordinal: Int, _ attempt: Int) -> Run.Execution.ID {
        Run.Execution.ID(run: "r", ordinal: ordinal, attempt: attempt)
    }
}

extension ScriptedRunner.Step {
    /// The model's last answer.
    static let answer = completes("code_generation", "Done.")

    /// The model asks for these calls.
    static func calls(_ calls: Run.Call...) -> ScriptedRunner.Step {
        completes("code_generation", "Let me see.", calls: calls)
    }

    /// The model thinks until it is released or told to end.
    static func thinks(ignoresCancel: Bool = false) -> ScriptedRunner.Step {
        waits("code_generation", ignoresCancel: ignoresCancel)
    }
}

extension ScriptedRunner {
    var ids: [String] { executions.map { execution in "\(execution.id)" } }
}

/// Somewhere to wait, whether the task is cancelled or not, until a test opens it.
final class Latch: Sendable {
    private let state = Locked<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { caller in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(caller) }
                return state.isOpen
            }
            if isOpen { caller.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        for caller in waiting { caller.resume() }
    }
}

/// What was seen, in order.
final class Log<Entry: Sendable>: Sendable {
    private let state = Locked<[Entry]>([])

    func append(_ entry: Entry) { state.withLock { state in state.append(entry) } }

    var entries: [Entry] { state.withLock { state in state } }
}

extension Gateway {
    static func judging(_ judge: @escaping @Sendable (Run.Execution) -> Run.Decision) -> Gateway {
        Gateway(policy: Policy(judge))
    }
}

extension Run.Decision {
    static let allowed = Run.Decision(.allow, rule: "all")
}

extension StrategyRunner where Self == Strategy {
    /// A model that makes one call and then is done.
    static func model(calling tool: String, asked: Log<Run.Execution> = Log()) -> Strategy {
        Strategy { execution in
            asked.append(execution)
            guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
            return Run.Result(output: "Let me see.", calls: [.once("1", tool)])
        }
    }
}

extension Tool {
    /// A tool that keeps the arguments that it was called with.
    static func counting(_ name: String, _ called: Log<JSON>) -> Tool {
        Tool(name, "") { arguments in
            called.append(arguments)
            return "done"
        }
    }
}

extension Run.Signal {
    /// A message whose run gets this id.
    static func message(_ id: ID, at time: Run.Milliseconds = 1_000) -> Run.Signal {
        Run.Signal(id: id, .userMessage(Run.Request("Do it.")), by: .host, at: time)
    }

    static func interrupt(_ run: Run.ID, id: ID, at time: Run.Milliseconds = 1_000) -> Run.Signal {
        Run.Signal(id: id, .interrupt(run, reason: "test"), by: .host, at: time)
    }
}
