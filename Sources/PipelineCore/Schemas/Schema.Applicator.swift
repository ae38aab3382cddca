extension Schema {
    /// The keywords that hold schemas for parts of a value, or for others to name.
    enum Applicator: Sendable, CaseIterable {
        case properties
        case additionalProperties
        case prefixItems
        case items
        case definitions

        var keyword: Keyword {
            switch self {
            case .properties: .properties
            case .additionalProperties: .additionalProperties
            case .prefixItems: .prefixItems
            case .items: .items
            case .definitions: .definitions
            }
        }

        /// The keyword with exactly these bytes.
        init?(_ key: Key) {
            let known = Self.allCases.first { word in Key(word.keyword.rawValue) == key }
            guard let known else { return nil }
            self = known
        }
    }
}
