extension Schema {
    /// The words of a schema, in the order in which they are read and speak.
    enum Keyword: String, CaseIterable, Sendable {
        case schema = "$schema"
        case comment = "$comment"
        case title
        case description
        case `default`
        case examples
        case deprecated
        case readOnly
        case writeOnly

        case reference = "$ref"
        case definitions = "$defs"

        case type
        case enumeration = "enum"
        case constant = "const"

        case minimum
        case exclusiveMinimum
        case maximum
        case exclusiveMaximum
        case multipleOf

        case minLength
        case maxLength

        case minItems
        case maxItems
        case prefixItems
        case items

        case required
        case minProperties
        case maxProperties
        case properties
        case additionalProperties

        /// The word with exactly these bytes.
        init?(_ key: Key) {
            let known = Self.allCases.first { word in Key(word.rawValue) == key }
            guard let known else { return nil }
            self = known
        }
    }
}
