import PipelineCore

extension Schema {
    /// What is wrong with a value, with the places.
    func texts(_ value: JSON) -> [String] { problems(of: value).map(\.description) }

    /// What is wrong with a value, without the places.
    func reasons(_ value: JSON) -> [String] { problems(of: value).map(\.reason) }
}
