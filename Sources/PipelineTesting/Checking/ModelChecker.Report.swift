public import PipelineCore

extension ModelChecker {
    /// What a walk has found.
    public struct Report: Sendable, CustomStringConvertible {
        public let template: Key
        public internal(set) var states = 0
        /// Signals that were applied.
        public internal(set) var edges = 0
        /// Signals that were tried, also those that changed nothing.
        public internal(set) var tried = 0
        /// The length of the longest of all shortest ways.
        public internal(set) var depth = 0
        /// For each rule how many states or signals it said something about, in the order of the rules.
        public internal(set) var premises: [(rule: String, count: Int)] = []
        /// How many states there are of each final status.
        public internal(set) var endings: [(status: Run.Status, count: Int)] = []
        /// Every state within the bounds was seen.
        public internal(set) var isComplete = false
        public internal(set) var violation: Violation?

        /// Rules that never said anything: they are unchecked.
        public var unchecked: [String] {
            premises.filter { premise in premise.count == 0 }.map { premise in premise.rule }
        }

        /// - Throws: the violation that was found.
        public func verify() throws(Violation) {
            if let violation { throw violation }
        }

        public var description: String {
            var lines = ["\(template): \(states) states, \(edges) edges of \(tried) tried, depth \(depth)"]
            if !isComplete, violation == nil { lines.append("CUT SHORT at the bound of \(states) states.") }
            let ends = endings.map { ending in "\(ending.count) \(ending.status.rawValue)" }
            lines.append("final states: \(ends.joined(separator: ", "))")
            for premise in premises {
                let count = premise.count == 0 ? "UNCHECKED" : "\(premise.count)"
                lines.append(
                    "  \(String(repeating: " ", count: max(0, 10 - count.count)))\(count)  \(premise.rule)")
            }
            if let violation { lines.append("\(violation)") }
            return lines.joined(separator: "\n")
        }
    }

    /// A rule that does not hold, and the shortest way to where it does not.
    public struct Violation: Error, Sendable, CustomStringConvertible {
        public let rule: String
        public let explanation: String
        /// From an empty conversation; the last one breaks the rule.
        public let signals: [Run.Signal]

        /// A test that replays the way; paste it into a test file that imports PipelineCore, PipelineTesting, Testing.
        public var source: String {
            let lines = SignalRecording(signals).text.split(separator: "\n").map { line in "        \(line)" }
            return """
                // \(rule): \(explanation)
                @Test func `a counterexample`() throws {
                    let recording = try SignalRecording(
                        parsing: ##\"\"\"
                \(lines.joined(separator: "\n"))
                        \"\"\"##)
                    try ModelChecker.verify(recording)
                }
                """
        }

        public var description: String {
            let way = signals.enumerated().map { step, signal in "  \(step + 1). \(signal.kind.summary)" }
            return "VIOLATED \(rule): \(explanation)\n\(way.joined(separator: "\n"))\n\n\(source)"
        }
    }
}

extension Run.Signal.Kind {
    /// One short line.
    var summary: String {
        switch self {
        case .userMessage: word
        case .interrupt(let run, _), .cancel(let run, _), .withdraw(let run, _): "\(word) \(run)"
        case .resume(_, let ticket, _): "\(word) \(ticket)"
        case .cancelStep(let run, let ordinal, _): "\(word) \(run)/\(ordinal)"
        case .cancelConversation, .resumeConversation, .switchMode, .restarted: word
        case .gateAnswer(let ticket, let answer):
            "\(word) \(ticket) \(answer.json["answer"]?.stringValue ?? "")"
        case .policyDecided(let id, let decision):
            "\(word) \(id) \(decision.verdict.rawValue)\(decision.waitsBehind == nil ? "" : ", waits")"
        case .started(let id), .progress(let id, _): "\(word) \(id)"
        case .completed(let id, let result):
            "\(word) \(id)\(result.finding.map { finding in " \(finding.rawValue)" } ?? "")"
        case .exceeded(let id, let failure), .failed(let id, let failure):
            "\(word) \(id) \(failure.category.rawValue)"
        case .canceled(let id, let cancellation):
            "\(word) \(id)\(cancellation.effectBegan ? "" : ", never began")"
        case .timerFired(let timer): "\(word) \(timer)"
        }
    }
}
