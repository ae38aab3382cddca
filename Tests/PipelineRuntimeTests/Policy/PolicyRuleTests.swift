import Testing

@testable import PipelineCore
@testable import PipelineRuntime

/// Which rule decides, and what becomes of its answer.
struct PolicyRuleTests {
    @Test func `the first rule that holds decides`() {
        let policy = Policy([
            .init("no zip", .deny, names: ["zip"], reason: "It is slow."),
            .init("careful", .ask, names: ["z*"]),
            .init("all", .allow),
        ])
        #expect(policy.decision(on: "zip") == Run.Decision(.deny, rule: "no zip", reason: "It is slow."))
        #expect(policy.decision(on: "zap") == Run.Decision(.ask, rule: "careful"))
        #expect(policy.decision(on: "Zip") == Run.Decision(.allow, rule: "all"))
    }

    @Test func `no rules and no rule that holds are both a no, which says so`() {
        let nothing = Policy([]).decision()
        #expect(nothing == Run.Decision(.deny, rule: "none", reason: "no policy"))
        let other = Policy([.init("files", .allow, names: ["read_file"])]).decision(on: "deploy")
        #expect(other.verdict == .deny && other.rule == "none")
        #expect(other.reason == "No rule allows tool_run \"deploy\".")
    }

    @Test(arguments: Policy.Rule.everyKind)
    func `G6 a rule is about its kinds alone`(kind: Run.Execution.Kind) {
        for effect in [Run.Decision.Verdict.allow, .deny, .ask] {
            let policy = Policy([.init("one", effect, kinds: [kind]), .init("rest", .allow)])
            for other in Policy.Rule.everyKind {
                let decision = policy.decision(kind: other)
                #expect(decision.rule == (other == kind ? "one" : "rest"))
                #expect(decision.verdict == (other == kind ? effect : .allow))
            }
        }
    }

    @Test func `a rule is about its modes and names alone, and patterns in what is asked are only text`() {
        let policy = Policy([.init("one", .allow, modes: ["code*"], names: ["read_*", "list"])])
        #expect(policy.decision(on: "read_file", mode: "coder").verdict == .allow)
        #expect(policy.decision(on: "list", mode: "code").verdict == .allow)
        #expect(policy.decision(on: "list_all", mode: "code").verdict == .deny)
        #expect(policy.decision(on: "read_file", mode: "planner").verdict == .deny)
        #expect(policy.decision(on: "*", mode: "*").verdict == .deny)
        #expect(policy.decision(on: "READ_FILE", mode: "code").verdict == .deny)
    }

    @Test func `an approval turns ask into allow and nothing else`() {
        let policy = Policy([
            .init("careful", .ask, names: ["deploy"]), .init("never", .deny, names: ["destroy"]),
        ])
        let ticket = Run.Ticket.gate("r", ordinal: 2, 1)
        let approval = Run.Approval(ticket: ticket, by: [.operator("ada"), .operator("grace")])
        let allowed = policy.decision(on: "deploy", approval: approval)
        #expect(
            allowed
                == Run.Decision(
                    .allow, rule: "careful", reason: "operator:ada, operator:grace approved \(ticket)"))
        #expect(policy.decision(on: "destroy", approval: approval).verdict == .deny)
        #expect(policy.decision(on: "other", approval: approval).rule == "none")
    }

    @Test func `where nobody can be asked what would ask is denied, unless it was approved before`() {
        let policy = Policy([.init("careful", .ask, reason: "It deploys."), .init("all", .allow)])
            .denyingWhatAsks(reason: "nobody is awake")
        #expect(
            policy.decision() == Run.Decision(.deny, rule: "careful", reason: "It deploys.; nobody is awake"))
        let approval = Run.Approval(ticket: .gate("r", ordinal: 2, 1), by: [.operator("ada")])
        #expect(policy.decision(approval: approval).verdict == .allow)
        let judge = Policy { _ in Run.Decision(.ask, rule: "ask") }.denyingWhatAsks()
        #expect(judge.decision() == Run.Decision(.deny, rule: "ask", reason: "nobody is there to ask"))
        #expect(Policy([.init("all", .allow)]).denyingWhatAsks().decision().verdict == .allow)
    }

    @Test func `a policy with a mistake denies everything and says which`() {
        let policy = Policy([.init("all", .allow), .init("all", .deny)])
        let decision = policy.decision()
        #expect(decision.verdict == .deny && decision.rule == "none")
        #expect(decision.reason.hasPrefix("The policy cannot be used: /rules/1/rule: another rule is named"))
        #expect(Policy([.init("a", .allow)], root: "here").decision().reason.contains("no absolute path"))
    }

    @Test func `a denial without a reason of its own says what it saw`() {
        let policy = Policy([.init("etc", .deny, paths: ["/etc/**"]), .init("all", .allow)])
        let decision = policy.decision(["path": "/etc/hosts"], touches: [.path("/path")])
        #expect(decision.rule == "etc" && decision.reason.contains("/etc/hosts"))
    }

    @Test func `a policy from a function is asked as before and has no JSON`() {
        let policy = Policy { execution in
            execution.name == "zip" ? .init(.deny, rule: "no") : .init(.allow, rule: "yes")
        }
        #expect(policy.decision(on: "zip", ["path": "/etc/shadow"], touches: nil).rule == "no")
        #expect(policy.decision(on: "zap", ["path": "/etc/shadow"], touches: nil).rule == "yes")
        #expect(policy.json == nil && policy.rules == nil && policy.problems.isEmpty)
    }
}
