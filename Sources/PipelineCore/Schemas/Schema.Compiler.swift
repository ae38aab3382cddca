extension Schema {
    /// Makes nodes of a source, breadth first and without recursion, and gathers all that is wrong with it.
    ///
    ///     source → nodes, with the texts of their `$ref`s → references resolved → cycles refused
    struct Compiler {
        var nodes: [Node] = []
        /// The source of each node.
        private var sources: [JSON] = []
        /// The `$ref`s, in the order of their nodes.
        var references: [(node: Int, text: String)] = []
        private var problems: [Invalid.Problem] = []
    }
}

extension Schema.Compiler {
    mutating func compile(_ json: JSON) throws(Schema.Invalid) -> [Schema.Node] {
        let depth = Schema.greatestDepth
        guard !json.isDeeper(than: depth) else {
            let reason = "it has more than \(depth) levels of arrays and objects"
            let remedy = "put inner schemas under \"$defs\" and name them with \"$ref\""
            throw Schema.Invalid(problems: [.init(pointer: "", reason: reason, remedy: remedy)])
        }
        add(json, nil)
        var next = 0
        while next < nodes.count {
            read(sources[next], into: next)
            next += 1
        }
        resolveReferences()
        refuseCycles()
        guard problems.isEmpty else { throw Schema.Invalid(problems: problems) }
        return nodes
    }

    /// Adds a schema to those to be read, and gives its index.
    @discardableResult
    mutating func add(_ source: JSON, _ parent: Schema.Node.Parent?) -> Int {
        nodes.append(Schema.Node(parent: parent))
        sources.append(source)
        return nodes.count - 1
    }

    private mutating func read(_ source: JSON, into node: Int) {
        switch source {
        case .bool(let acceptsAll):
            nodes[node].refusesAll = !acceptsAll
        case .object(let members):
            for keyword in Schema.Keyword.allCases {
                guard let value = members[keyword.rawValue] else { continue }
                read(keyword, value, into: node)
            }
            for member in members where Schema.Keyword(member.key) == nil { refuse(member.key, of: node) }
        case .null, .integer, .number, .string, .array:
            let reason = "expected a schema, found \(Schema.excerpt(of: source))"
            report(node, nil, reason, "write an object, true or false")
        }
    }

    /// A keyword that nobody knows means something to whoever wrote it.
    private mutating func refuse(_ key: Key, of node: Int) {
        let name = Schema.quotation(of: .string(key.text))
        let remedy =
            switch key {
            case "$id", "$anchor", "$dynamicAnchor", "$dynamicRef":
                "name schemas by their place, as \"$ref\": \"#/$defs/name\" does"
            case "definitions": "write \"$defs\""
            case "dependencies", "additionalItems", "$recursiveRef", "$recursiveAnchor":
                "write it as draft 2020-12 does"
            default: "remove it, or write a note as \"$comment\""
            }
        report(node, key, "the keyword \(name) is not known", remedy)
    }
}

extension Schema.Compiler {
    /// Notes a problem with a schema or with one of its members.
    mutating func report(_ node: Int, _ key: Key?, _ reason: String, _ remedy: String) {
        guard problems.count < Schema.Invalid.greatestCount else { return }
        let pointer = nodes.pointer(to: node, key)
        problems.append(.init(pointer: pointer, reason: reason, remedy: remedy))
    }

    /// Notes that a keyword has a value of a wrong form.
    mutating func report(_ node: Int, _ keyword: Schema.Keyword, expected: String, found value: JSON) {
        let key = Key(keyword.rawValue)
        report(node, key, "expected \(expected), found \(Schema.excerpt(of: value))", "correct the value")
    }
}
