import PipelineCore

extension Schema {
    /// What is wrong with a value, with the places.
    func texts(_ value: JSON) -> [String] { problems(of: value).map(\.description) }

    /// What is wrong with a value, without the places.
    func reasons(_ value: JSON) -> [String] { problems(of: value).map(\.reason) }
}

extension Schema {
    /// The problems of a source, in short: place and reason.
    static func refusals(of source: JSON) -> [String] {
        do throws(Schema.Invalid) {
            _ = try Schema(source)
            return []
        } catch {
            return error.problems.map { problem in "\(problem.pointer): \(problem.reason)" }
        }
    }
}
