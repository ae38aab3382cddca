extension Template {
    /// What a host changes in a template without writing one of its own.
    public enum Extension: Hashable, Sendable {
        /// `strategy.override`: another strategy for a step.
        case strategyOverride(step: Key, strategy: String)
        /// `tool.exposure_policy`: what strategies may call, as name patterns.
        case toolExposure(allow: [String], deny: [String])
        /// `completion.guardrails`: what the run must have done before its answer counts, and a gate before the commit.
        case guardrails(outcome: Schema?, gate: Gate?)
        /// `artifact.schema`: what the artifact must fit.
        case artifactSchema(Schema)
        /// `artifact.sections`: what the artifact must have.
        case artifactSections([String])
        /// `plan.depth`: how deep the artifact may be nested.
        case planDepth(Int)
        /// `analysis.constraints`: what the first strategy is told besides.
        case constraints(String)
        /// `analysis.alternatives`: how many there must be.
        case alternatives(atLeast: Int)
        /// `analysis.tradeoffs`: the criteria.
        case tradeoffs([String])

        public enum Point: String, Hashable, Sendable, JSONRepresentable {
            case strategyOverride = "strategy.override"
            case toolExposure = "tool.exposure_policy"
            case guardrails = "completion.guardrails"
            case artifactSchema = "artifact.schema"
            case artifactSections = "artifact.sections"
            case planDepth = "plan.depth"
            case constraints = "analysis.constraints"
            case alternatives = "analysis.alternatives"
            case tradeoffs = "analysis.tradeoffs"
        }

        public var point: Point {
            switch self {
            case .strategyOverride: .strategyOverride
            case .toolExposure: .toolExposure
            case .guardrails: .guardrails
            case .artifactSchema: .artifactSchema
            case .artifactSections: .artifactSections
            case .planDepth: .planDepth
            case .constraints: .constraints
            case .alternatives: .alternatives
            case .tradeoffs: .tradeoffs
            }
        }
    }
}
