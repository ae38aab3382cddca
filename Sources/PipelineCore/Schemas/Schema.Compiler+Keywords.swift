extension Schema.Compiler {
    /// Reads one keyword of a schema.
    mutating func read(_ keyword: Schema.Keyword, _ value: JSON, into node: Int) {
        switch keyword {
        case .schema: readDialect(value, of: node)
        case .comment, .title, .description:
            require(value.stringValue != nil, "a string", keyword, value, node)
        case .deprecated, .readOnly, .writeOnly:
            require(value.boolValue != nil, "true or false", keyword, value, node)
        case .examples: require(value.arrayValue != nil, "an array", keyword, value, node)
        case .default: break

        case .reference:
            if case .string(let text) = value {
                references.append((node, text))
            } else {
                report(node, keyword, expected: "a string", found: value)
            }
        case .definitions: nodes[node].definitions = readNamed(.definitions, value, node)
        case .properties: nodes[node].properties = readNamed(.properties, value, node)
        case .additionalProperties:
            nodes[node].additionalProperties = add(value, .init(node, .additionalProperties))
        case .prefixItems: nodes[node].prefixItems = readPrefix(value, node)
        case .items: nodes[node].items = add(value, .init(node, .items))

        case .type: readType(value, node)
        case .enumeration:
            if case .array(let values) = value {
                nodes[node].assertions.append(.enumeration(.init(values)))
            } else {
                report(node, keyword, expected: "an array of values", found: value)
            }
        case .constant: nodes[node].assertions.append(.constant(value))
        case .required: readRequired(value, node)

        case .minimum: readBound(.atLeast, keyword, value, node)
        case .exclusiveMinimum: readBound(.moreThan, keyword, value, node)
        case .maximum: readBound(.atMost, keyword, value, node)
        case .exclusiveMaximum: readBound(.lessThan, keyword, value, node)
        case .multipleOf: readDivisor(value, node)

        case .minLength: readExtent(.characters, .atLeast, keyword, value, node)
        case .maxLength: readExtent(.characters, .atMost, keyword, value, node)
        case .minItems: readExtent(.items, .atLeast, keyword, value, node)
        case .maxItems: readExtent(.items, .atMost, keyword, value, node)
        case .minProperties: readExtent(.members, .atLeast, keyword, value, node)
        case .maxProperties: readExtent(.members, .atMost, keyword, value, node)
        }
    }

    private mutating func require(
        _ isFulfilled: Bool, _ expected: String, _ keyword: Schema.Keyword, _ value: JSON, _ node: Int
    ) {
        if !isFulfilled { report(node, keyword, expected: expected, found: value) }
    }

    private mutating func readDialect(_ value: JSON, of node: Int) {
        let dialect = "https://json-schema.org/draft/2020-12/schema"
        if value != .string(dialect) {
            report(node, .schema, expected: "\"\(dialect)\"", found: value)
        } else if nodes[node].parent != nil {
            report(node, "$schema", "\"$schema\" stands in an inner schema", "write it at the root alone")
        }
    }
}

extension Schema.Compiler {
    /// Schemas under names.
    private mutating func readNamed(
        _ applicator: Schema.Applicator, _ value: JSON, _ node: Int
    ) -> [Schema.Node.Named] {
        guard case .object(let members) = value else {
            report(node, applicator.keyword, expected: "an object of schemas", found: value)
            return []
        }
        return members.map { member in
            let parent = Schema.Node.Parent(node, applicator, .key(member.key))
            return Schema.Node.Named(key: member.key, node: add(member.value, parent))
        }
    }

    /// Schemas in a row.
    private mutating func readPrefix(_ value: JSON, _ node: Int) -> Range<Int> {
        guard case .array(let sources) = value, !sources.isEmpty else {
            report(node, .prefixItems, expected: "an array of at least 1 schema", found: value)
            return 0..<0
        }
        let start = nodes.count
        for (index, source) in sources.enumerated() { add(source, .init(node, .prefixItems, .index(index))) }
        return start..<nodes.count
    }
}

extension Schema.Compiler {
    private mutating func readType(_ value: JSON, _ node: Int) {
        let words = value.arrayValue ?? [value]
        var kinds: Schema.Kinds = []
        for word in words {
            guard let kind = word.stringValue.flatMap({ text in Schema.Kinds(word: Key(text)) }) else {
                let names = Schema.list(Schema.Kinds.all.map { entry in "\"\(entry.word)\"" })
                report(node, .type, expected: "\(names), or an array of these", found: word)
                continue
            }
            if !kinds.isDisjoint(with: kind) {
                report(node, .type, expected: "each type once", found: word)
            }
            kinds.formUnion(kind)
        }
        if words.isEmpty { report(node, .type, expected: "at least one type", found: value) }
        nodes[node].assertions.append(.type(kinds))
    }

    private mutating func readRequired(_ value: JSON, _ node: Int) {
        guard case .array(let items) = value else {
            report(node, .required, expected: "an array of names", found: value)
            return
        }
        var known: Set<Key> = []
        for item in items {
            guard case .string(let name) = item else {
                report(node, .required, expected: "a name", found: item)
                continue
            }
            guard known.insert(Key(name)).inserted else {
                report(node, .required, expected: "each name once", found: item)
                continue
            }
            nodes[node].assertions.append(.required(Key(name)))
        }
    }

    private mutating func readBound(
        _ side: Schema.Assertion.Bound.Side, _ keyword: Schema.Keyword, _ value: JSON, _ node: Int
    ) {
        guard let numeral = Schema.Numeral(value) else {
            report(node, keyword, expected: "a number", found: value)
            return
        }
        nodes[node].assertions.append(.bound(.init(side: side, limit: value, numeral: numeral)))
    }

    private mutating func readDivisor(_ value: JSON, _ node: Int) {
        guard let divisor = Schema.Numeral(value).flatMap(Schema.Divisor.init(_:)) else {
            let expected = "a number greater than 0 with at most 19 digits"
            report(node, .multipleOf, expected: expected, found: value)
            return
        }
        nodes[node].assertions.append(.multiple(of: divisor, value))
    }

    /// A limit that no size reaches counts as the greatest there is.
    private mutating func readExtent(
        _ measure: Schema.Assertion.Extent.Measure, _ side: Schema.Assertion.Extent.Side,
        _ keyword: Schema.Keyword, _ value: JSON, _ node: Int
    ) {
        guard let numeral = Schema.Numeral(value), numeral.isInteger, !numeral.isNegative else {
            report(node, keyword, expected: "an integer of at least 0", found: value)
            return
        }
        let limit = Int(clamping: value.integerValue ?? .max)
        nodes[node].assertions.append(.extent(.init(measure: measure, side: side, limit: limit)))
    }
}

extension Schema.Node.Parent {
    fileprivate init(_ node: Int, _ applicator: Schema.Applicator, _ token: Schema.Place.Token? = nil) {
        self.init(node: node, applicator: applicator, token: token)
    }
}
