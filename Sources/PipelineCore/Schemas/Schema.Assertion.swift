extension Schema {
    /// What one keyword asks of one value, without looking at what is in it.
    enum Assertion: Sendable {
        case type(Kinds)
        case enumeration(Enumeration)
        case constant(JSON)
        case bound(Bound)
        case multiple(of: Divisor, JSON)
        case extent(Extent)
        /// One for each of the names.
        case required(Key)

        /// The values of `enum`.
        struct Enumeration: Sendable {
            let values: [JSON]
            let set: Set<JSON>
            /// Levels of the deepest: what is deeper is none of them, and is not hashed.
            let depth: Int
        }

        /// A limit for numbers.
        struct Bound: Sendable {
            let side: Side
            let limit: JSON
            let numeral: Numeral

            enum Side: Sendable {
                case atLeast, moreThan, atMost, lessThan
            }
        }

        /// A limit for how long or how large something is.
        struct Extent: Sendable {
            let measure: Measure
            let side: Side
            let limit: Int

            enum Measure: Sendable {
                case characters, items, members
            }

            enum Side: Sendable {
                case atLeast, atMost
            }
        }
    }
}

extension Schema.Assertion {
    var keyword: Schema.Keyword {
        switch self {
        case .type: .type
        case .enumeration: .enumeration
        case .constant: .constant
        case .bound(let bound): bound.keyword
        case .multiple: .multipleOf
        case .extent(let extent): extent.keyword
        case .required: .required
        }
    }
}

extension Schema.Assertion.Bound {
    fileprivate var keyword: Schema.Keyword {
        switch side {
        case .atLeast: .minimum
        case .moreThan: .exclusiveMinimum
        case .atMost: .maximum
        case .lessThan: .exclusiveMaximum
        }
    }
}

extension Schema.Assertion.Extent {
    fileprivate var keyword: Schema.Keyword {
        switch (measure, side) {
        case (.characters, .atLeast): .minLength
        case (.characters, .atMost): .maxLength
        case (.items, .atLeast): .minItems
        case (.items, .atMost): .maxItems
        case (.members, .atLeast): .minProperties
        case (.members, .atMost): .maxProperties
        }
    }
}
