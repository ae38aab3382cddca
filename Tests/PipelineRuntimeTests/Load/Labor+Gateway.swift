import PipelineCore
import PipelineRuntime

extension Labor {
    /// A gateway through which all this work goes.
    func gateway(
        _ capacity: Capacity, artifacts: any ArtifactStore = MemoryArtifactStore()
    ) throws -> Gateway {
        let policy = Policy { execution in
            switch Deed(execution) {
            case .denied: Run.Decision(.deny, rule: "no")
            case .asked: Run.Decision(.ask, rule: "careful")
            default: .allowed
            }
        }
        var gateway = Gateway(
            policy: policy, limits: try Gateway.Limits(inlineArtifact: 3, reports: 8), capacity: capacity,
            artifacts: artifacts)
        gateway.register(Foreman(labor: self))
        gateway.register(Laborer("safe", isIdempotent: true, self))
        gateway.register(Laborer("once", isIdempotent: false, self))
        gateway.register(Workflow("sub", "Digs.", template: Labor.template))
        return gateway
    }

    /// A mode in which nothing takes long.
    static let template: Template = {
        var template = Template.coding
        template.llm.startToClose = 2_000
        template.tool.startToClose = 700
        template.tool.idle = 400
        template.tool.scheduleToStart = 500
        template.grace = 200
        template.onLimit = .fail
        return template
    }()
}
