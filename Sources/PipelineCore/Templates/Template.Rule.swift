extension Template {
    /// What an answer must be like.
    public enum Rule: Hashable, Sendable {
        /// It fits a JSON Schema.
        case schema(Schema)
        /// It has these members, and none of them is empty.
        case sections([String])
        /// Objects and arrays in it are nested at most this deep.
        case depth(Int)
        /// Its `alternatives` are at least so many, each with a `name` of its own.
        case alternatives(atLeast: Int)
        /// Its `tradeoffs` judge every alternative of a step by every criterion: `{"<alternative>": {"<criterion>": …}}`.
        case tradeoffs(of: Key, by: [String])
        /// Its `recommendation` is one alternative of a step.
        case recommends(of: Key)
        /// What the run has changed and run so far, as its artifact would tell, fits a JSON Schema.
        case outcome(Schema)
    }
}

extension Template.Strategy {
    /// What an answer lacks, by all rules: at most 32 things, each of at most 1 KiB.
    func problems(with answer: JSON, in run: Run) -> [String] {
        let all = rules.lazy.flatMap { rule in rule.problems(with: answer, in: run) }
        return all.prefix(32).map { problem in problem.truncated(to: 1_024) }
    }
}

extension Template.Rule {
    /// What an answer lacks, as its author is told; empty when nothing.
    func problems(with answer: JSON, in run: Run) -> [String] {
        switch self {
        case .schema(let schema): schema.complaints(about: answer)
        case .outcome(let schema): schema.complaints(about: run.changes)
        case .depth(let most): answer.isDeeper(than: most) ? ["It is nested deeper than \(most) levels."] : []
        case .sections(let names):
            names.filter { name in answer[name]?.isEmptyish ?? true }
                .map { name in "The section \"\(name)\" is missing or empty." }
        case .alternatives(let least): alternatives(in: answer, atLeast: least)
        case .tradeoffs(let step, let criteria):
            run.alternatives(of: step).flatMap { name in
                criteria.filter { criterion in answer["tradeoffs"]?[name]?[criterion]?.isEmptyish ?? true }
                    .map { criterion in "\"\(name)\" is not judged by \"\(criterion)\" under /tradeoffs." }
            }
        case .recommends(let step):
            run.alternatives(of: step).contains { name in Key(name) == answer["recommendation"]?.key }
                ? [] : ["/recommendation is none of the alternatives."]
        }
    }

    private func alternatives(in answer: JSON, atLeast least: Int) -> [String] {
        let names = (answer["alternatives"]?.arrayValue ?? []).map { item in item["name"]?.key }
        guard names.count >= least else {
            return ["/alternatives: expected at least \(least), found \(names.count)."]
        }
        for (index, name) in names.enumerated() where name?.text.isBlank ?? true {
            return ["/alternatives/\(index)/name is missing."]
        }
        let sorted = names.indices.sorted { a, b in (names[a] ?? "", a) < (names[b] ?? "", b) }
        return zip(sorted, sorted.dropFirst()).filter { a, b in names[a] == names[b] }.map { _, index in
            "/alternatives/\(index)/name: \"\(names[index] ?? "")\" is there already."
        }
    }
}

extension Run {
    /// The names of the alternatives that a step's accepted answer gives.
    func alternatives(of step: Key) -> [String] {
        (answers[step.text]?["alternatives"]?.arrayValue ?? []).compactMap { item in
            item["name"]?.stringValue
        }
    }
}

extension Schema {
    fileprivate func complaints(about value: JSON) -> [String] {
        problems(of: value).map { problem in problem.description }
    }
}

extension JSON {
    fileprivate var key: PipelineCore.Key? { stringValue.map { text in PipelineCore.Key(text) } }

    fileprivate var isEmptyish: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isBlank
        case .array(let items): items.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .integer, .number: false
        }
    }
}
