extension JournalConformance {
    public enum Verdict: Hashable, Sendable {
        case passed
        case failed(Failure)
        /// What the check needs was not given.
        case notTried(String)
    }

    /// What became of each check; its description is a table.
    public struct Report: Sendable, CustomStringConvertible {
        public let subject: String
        public private(set) var verdicts: [(check: Check, verdict: Verdict)] = []

        init(subject: String) { self.subject = subject }

        mutating func add(_ check: Check, _ verdict: Verdict) { verdicts.append((check, verdict)) }

        public var failures: [Failure] {
            verdicts.compactMap { entry in
                if case .failed(let failure) = entry.verdict { failure } else { nil }
            }
        }

        public var notTried: [Check] {
            verdicts.compactMap { entry in
                if case .notTried = entry.verdict { entry.check } else { nil }
            }
        }

        /// - Throws: every failure, with the table.
        public func verify() throws(Nonconformance) {
            guard failures.isEmpty else { throw Nonconformance(report: self) }
        }

        public var description: String {
            let passed = verdicts.count - failures.count - notTried.count
            let rows = verdicts.map { check, verdict in
                switch verdict {
                case .passed: Report.row(check, "ok", "")
                case .failed: Report.row(check, "FAILED", "")
                case .notTried(let what): Report.row(check, "not tried", " (\(what))")
                }
            }
            let summary =
                "\(subject): \(passed) passed, \(failures.count) failed, \(notTried.count) not tried"
            let reasons = failures.map { failure in "\n\(failure)" }
            return ([summary] + rows + reasons).joined(separator: "\n")
        }

        private static func row(_ check: Check, _ word: String, _ note: String) -> String {
            func column(_ text: String, _ width: Int) -> String {
                text + String(repeating: " ", count: max(1, width - text.count))
            }
            return "  \(column(check.aspect.rawValue, 13))\(column(word, 11))\(check.rawValue)\(note)"
        }
    }

    /// A check that did not pass, and in what.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public let check: Check
        /// What went otherwise, in one sentence.
        public let summary: String
        /// What was expected (`-`) against what came (`+`), line by line; empty where the summary says all.
        public let difference: [String]

        public var description: String {
            (["\(check.rawValue): \(summary)"] + difference).joined(separator: "\n")
        }
    }

    /// A journal that does not keep its promises.
    public struct Nonconformance: Error, Sendable, CustomStringConvertible {
        public let report: Report
        public var description: String { report.description }
    }
}
