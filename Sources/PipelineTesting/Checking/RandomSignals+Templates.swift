public import PipelineCore

extension RandomSignals {
    /// The built-in modes with small limits, and one template with everything that a template can have.
    public static var templates: [Template] {
        var coding = Template.coding
        coding.limits = Run.Limits(steps: 12, attempts: 40, tokens: 600, cost: 200, wall: 100_000)
        coding.gates = Template.Gate(timeout: 2_000, approvers: 1)
        coding.tool.scheduleToClose = 4_000
        coding.tool.jitter = 50
        var everything = Template(
            id: "everything", version: "1", mode: "everything",
            steps: [
                Template.Step("context", .context, next: "wait"),
                Template.Step("wait", .wait(10), next: "ask"),
                Template.Step(
                    "ask", .gate(Template.Gate("Begin?", timeout: 500, approvers: 2)), next: "code",
                    onFailure: "code"),
                Template.Step(
                    "code",
                    .strategy(
                        Template.Strategy("code_generation", tools: Template.Exposure(approve: ["deploy"]))),
                    next: "check", onFailure: "plan", most: 3),
                Template.Step(
                    "check",
                    .call(
                        Run.Call(id: "check", name: "command.run.check", arguments: [:], isIdempotent: true)),
                    next: "plan", onFailure: "code"),
                Template.Step(
                    "plan",
                    .strategy(
                        Template.Strategy("planning", isStructured: true, rules: [.sections(["goal"])])),
                    next: "commit"),
                Template.Step("commit", .commit, next: "artifact"),
                Template.Step("artifact", .artifact(from: ["plan"])),
            ], completion: ["artifact"])
        everything.gates.approvers = 1
        everything.limits.steps = 20
        var failing = Template.coding
        failing.failsWithCall = true
        return [coding, everything, .planning, .engineering, failing]
    }
}
