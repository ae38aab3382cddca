import PipelineCore
import PipelineRuntime
import PipelineTesting

/// The parent calls the workflow `sub`; its run calls `first`, then `second`, and is done.
struct Family {
    let first: Crane
    let second: Crane
    var gateway: Gateway

    init(
        policy: Workflow.ParentClosePolicy = .cancel, capacity: Capacity = Capacity(),
        second: @escaping @Sendable (Run.Execution, ProgressReporter) async throws -> Run.Result
    ) {
        first = Crane("first") { _, _ in Run.Result(output: "one", usage: Run.Usage(cost: 5)) }
        self.second = Crane("second", isIdempotent: true, second)
        gateway = Gateway.open(capacity: capacity)
        gateway.register(
            Strategy { execution in
                let turn = execution.arguments["turn"]?.integerValue ?? 0
                let isChild = execution.id.run != "r"
                let call: Run.Call? =
                    switch (isChild, turn) {
                    case (false, 1):
                        Run.Call(id: "1", name: "workflow.run.sub", arguments: ["task": "Dig."])
                    case (true, 1): .once("1", "first")
                    case (true, 2): .once("2", "second")
                    default: nil
                    }
                return Run.Result(
                    output: isChild ? "Dug." : "Done.", calls: call.map { call in [call] } ?? [])
            })
        gateway.register(first)
        gateway.register(self.second)
        gateway.register(Workflow("sub", "Digs.", template: .coding, parentClosePolicy: policy))
    }

    /// One whose `second` works until it is told to end, and is done at once when it is tried again.
    static var interruptible: Family {
        Family { execution, _ in
            if execution.id.attempt == 1 { return try await untilCancelled() }
            return Run.Result(output: "two")
        }
    }
}
