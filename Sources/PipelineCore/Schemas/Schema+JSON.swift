extension Schema: Hashable {
    public static func == (lhs: Schema, rhs: Schema) -> Bool { lhs.json == rhs.json }

    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

extension Schema: JSONRepresentable {
    /// Compiles a source; the error is the first problem of ``Invalid``, at its place, with the number of the others.
    public init(json: JSON) throws(JSON.FormatError) {
        do throws(Invalid) {
            try self.init(json)
        } catch {
            throw error.formatError
        }
    }
}

extension Schema.Invalid {
    fileprivate var formatError: JSON.FormatError {
        guard let first = problems.first else { return JSON.FormatError("not a JSON Schema") }
        let others = problems.count - 1
        let rest = others == 0 ? "" : " (and \(Schema.counted(others, "more problem")))"
        return JSON.FormatError("\(first.reason); \(first.remedy)\(rest)", at: first.pointer)
    }
}
