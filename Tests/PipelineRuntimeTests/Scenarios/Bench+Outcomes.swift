import PipelineCore

extension Bench {
    /// What the run of this conversation came to in the end, with the category of its failure.
    var outcome: String? {
        state()?.finished.last.map { summary in
            summary.status.rawValue
                + (summary.failure.map { failure in " \(failure.category.rawValue)" } ?? "")
        }
    }

    /// What a step has become, with the category of its failure.
    func outcome(ofStep ordinal: Int) -> String? {
        events { kind -> String? in
            guard case .step(_, let change) = kind, change.ordinal == ordinal else { return nil }
            let category = change.failure.map { failure in " \(failure.category.rawValue)" } ?? ""
            return change.status.rawValue + category
        }.last
    }
}
