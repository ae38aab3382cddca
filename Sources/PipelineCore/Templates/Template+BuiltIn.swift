extension Template {
    /// Strategy, tool calls, strategy again, until an answer without calls; then commit and artifact.
    public static let coding = Template(
        id: "coding.baseline", version: "1.0.0", mode: "coding",
        steps: [
            Step("context", .context, next: "code"),
            Step("code", .strategy(Strategy("code_generation", tools: Exposure())), next: "commit"),
            Step("commit", .commit, next: "artifact"),
            Step("artifact", .artifact(from: [])),
        ],
        completion: ["artifact"],
        extensionPoints: [.strategyOverride, .toolExposure, .guardrails])

    /// A structured plan, made with tools that only read.
    public static let planning = Template(
        id: "planning.artifact.baseline", version: "1.0.0", mode: "planning",
        steps: [
            Step("context", .context, next: "plan"),
            Step(
                "plan",
                .strategy(
                    Strategy(
                        "planning", instruction: "Answer with the plan as one JSON object.",
                        tools: Exposure(readOnly: true), isStructured: true,
                        rules: [.sections(["goal", "steps"])])),
                next: "commit"),
            Step("commit", .commit, next: "artifact"),
            Step("artifact", .artifact(from: ["plan"])),
        ],
        completion: ["artifact"],
        extensionPoints: [.artifactSchema, .artifactSections, .planDepth]
    ).with { template in template.limits.steps = 24 }

    /// A problem framed, alternatives weighed by criteria, one of them recommended.
    public static let engineering = Template(
        id: "engineering.tradeoff.baseline", version: "1.0.0", mode: "engineering",
        steps: [
            Step("context", .context, next: "frame"),
            Step(
                "frame", design("Answer with {\"problem\": …} as JSON.", [.sections(["problem"])]),
                next: "alternatives"),
            Step(
                "alternatives",
                design(
                    "Answer with {\"alternatives\": [{\"name\": …}, …]} as JSON.", [.alternatives(atLeast: 2)]
                ),
                next: "tradeoffs"),
            Step(
                "tradeoffs",
                design(
                    "Answer with {\"tradeoffs\": {\"<alternative>\": {\"<criterion>\": …}}} as JSON.",
                    [.tradeoffs(of: "alternatives", by: ["benefit", "cost", "risk"])]),
                next: "recommend"),
            Step(
                "recommend",
                design(
                    "Answer with {\"recommendation\": \"<alternative>\", \"because\": …} as JSON.",
                    [.recommends(of: "alternatives")]),
                next: "commit"),
            Step("commit", .commit, next: "artifact"),
            Step("artifact", .artifact(from: ["frame", "alternatives", "tradeoffs", "recommend"])),
        ],
        completion: ["artifact"],
        extensionPoints: [.constraints, .alternatives, .tradeoffs]
    ).with { template in template.limits.steps = 40 }

    /// The template of a mode by its name, if the library has one.
    public static func builtIn(_ mode: Key) -> Template? {
        [coding, planning, engineering].first { template in template.mode == mode }
    }

    private static func design(_ instruction: String, _ rules: [Rule]) -> Action {
        .strategy(
            Strategy(
                "engineering_design", instruction: instruction, tools: Exposure(), isStructured: true,
                rules: rules))
    }

    private func with(_ change: (inout Template) -> Void) -> Template {
        var template = self
        change(&template)
        return template
    }
}
