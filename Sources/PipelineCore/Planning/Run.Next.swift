extension Run {
    /// What follows a round in which everything is decided.
    enum Next {
        /// The calls of an answer, all of them.
        case calls([Call])
        /// A step of the template.
        case step(Int, Step.Reason)
        /// The answer broke rules: the same strategy again, told which.
        case repair([String])
        case fail(Failure)
        /// The run fails at a limit that no resume can raise.
        case limit(LimitName, used: Int, allowed: Int, String)
        case complete
    }

    /// The rules of the planner, in their order. Changes nothing.
    var next: Next {
        guard let index = index(of: lead), template.steps.indices.contains(position) else {
            return .fail(Failure(.unknown, "The run has lost its place in the template."))
        }
        let lead = steps[index]
        let definition = template.steps[position]
        guard lead.status == .completed else {
            let failure = lead.failure ?? Failure(.unknown, "\(definition.name) did not complete.")
            return definition.onFailure == nil ? .fail(failure) : go(to: definition.onFailure, .onFailure)
        }
        guard let strategy = definition.strategy, let result = lead.result else {
            // What the reducer does first is a part of the start.
            let isStart = lead.kind == .system && lead.reason == .start
            return go(to: definition.next, isStart ? .start : .next)
        }
        let called = (index + 1)..<steps.count
        if result.calls.isEmpty { return judge(result, strategy, definition) }
        if called.isEmpty { return plan(result.calls) }
        if template.failsWithCall, let failed = failedCall {
            return .fail(steps[failed].failure ?? Failure(.unknown, "A call failed."))
        }
        if let worst = loops.worst, worst.times >= template.loops.failed {
            return .limit(
                .loops, used: worst.times, allowed: template.loops.failed,
                "\(worst.name) failed \(worst.times) times in the same way, and nothing was changed in between."
            )
        }
        let failed = called.contains { index in steps[index].status != .completed }
        return .step(position, failed ? .continueAfterToolFailure : .continueAfterTools)
    }

    private func go(to name: Key?, _ reason: Step.Reason) -> Next {
        guard let name, let index = template.index(of: name) else { return .complete }
        if let most = template.steps[index].most, visits.indices.contains(index), visits[index] >= most {
            return .limit(.visits, used: most, allowed: most, "A run comes to \(name) at most \(most) times.")
        }
        return .step(index, reason)
    }

    private func plan(_ calls: [Call]) -> Next {
        guard calls.count <= template.callsPerAnswer * Run.mostExcess else {
            return .limit(
                .callsPerAnswer, used: calls.count, allowed: template.callsPerAnswer,
                "An answer may ask for \(template.callsPerAnswer) calls; this one asks for \(calls.count).")
        }
        return .calls(calls)
    }

    /// An answer without calls: what it breaks goes back, so often; then the step has failed.
    private func judge(_ result: Result, _ strategy: Template.Strategy, _ definition: Template.Step) -> Next {
        let problems: [String]
        if strategy.isStructured {
            guard let value = result.structured else {
                return refuse(["The answer is no JSON object."], strategy, definition)
            }
            problems = strategy.problems(with: value, in: self)
        } else {
            guard let text = result.output.stringValue else {
                return refuse(["The answer is no text."], strategy, definition)
            }
            guard !text.isBlank else {
                let failure = Failure(.provider, "The model's answer is blank.", isRetryable: false)
                return definition.onFailure == nil ? .fail(failure) : go(to: definition.onFailure, .onFailure)
            }
            problems = strategy.problems(with: result.output, in: self)
        }
        return problems.isEmpty ? go(to: definition.next, .next) : refuse(problems, strategy, definition)
    }

    private func refuse(
        _ problems: [String], _ strategy: Template.Strategy, _ definition: Template.Step
    ) -> Next {
        guard repairs >= strategy.repairs else { return .repair(problems) }
        let failure = Failure(
            .validation, "The answer breaks its rules: \(problems.joined(separator: " "))", isRetryable: false
        )
        return definition.onFailure == nil ? .fail(failure) : go(to: definition.onFailure, .onFailure)
    }

    /// An answer with more calls than this times the limit is not answered call by call: it fails the run.
    private static let mostExcess = 4

    var failedCall: Int? {
        round.first { index in steps[index].reason == .call && steps[index].status == .failed }
    }

    /// How many steps it takes that count against the limit.
    func count(of next: Next) -> Int {
        switch next {
        case .calls(let calls): calls.count
        case .step(let index, _): template.steps[index].action.isCounted ? 1 : 0
        case .repair: 1
        case .fail, .limit, .complete: 0
        }
    }

    /// The class of the step that it starts, if it starts one.
    func kind(of next: Next) -> Step.Class? {
        switch next {
        case .calls(let calls): calls.first.map { call in Step.Class(call) }
        case .repair: .llm
        case .step(let index, _):
            switch template.steps[index].action {
            case .strategy: .llm
            case .call(let call): Step.Class(call)
            case .context, .wait, .gate, .commit, .artifact: nil
            }
        case .fail, .limit, .complete: nil
        }
    }
}

extension Template.Action {
    var isCounted: Bool {
        switch self {
        case .strategy, .call: true
        case .context, .wait, .gate, .commit, .artifact: false
        }
    }
}

extension Run.Result {
    /// A structured answer: the output itself, or the JSON object that its text is.
    var structured: JSON? {
        switch output {
        case .object: return output
        case .string(let text):
            guard let value = try? JSON(parsing: Array(text.utf8)), value.objectValue != nil,
                !value.isDeeper(than: JSON.greatestPayloadDepth)
            else { return nil }
            return value
        case .null, .bool, .integer, .number, .array: return nil
        }
    }
}
