extension Schema {
    /// One walk through a value, with all the schemas that apply to the part it is at.
    ///
    /// Each part of the value is visited once, with every schema that applies to it once: however often a schema leads
    /// to another one, work grows with the product of both sizes and never with the number of ways.
    ///
    ///     value     {"a": [1, …          way through the value: a, 0
    ///     pending   root  a  item        the schemas for each level of it, those of the innermost on top
    struct Validator {
        private let nodes: [Node]
        private let limit: Int
        private var place = Place()
        private var pending: [Int] = []
        /// For each schema, in which gathering it was found last.
        private var gatherings: [Int]
        private var gathering = 0
        private var problems: [Problem] = []

        init(nodes: [Node], limit: Int) {
            self.nodes = nodes
            self.limit = limit
            gatherings = [Int](repeating: 0, count: nodes.count)
        }
    }
}

extension Schema.Validator {
    /// Walks the value from its root.
    mutating func problems(of value: JSON) -> [Schema.Problem] {
        gathering &+= 1
        if !nodes.isEmpty { gather(0) }
        visit(value, 0..<pending.count)
        return problems
    }

    private var isFull: Bool { problems.count >= limit }

    /// Checks a value and what is in it against some of the pending schemas.
    private mutating func visit(_ value: JSON, _ schemas: Range<Int>) {
        for position in schemas {
            check(value, pending[position])
            if isFull { return }
        }
        switch value {
        case .null, .bool, .integer, .number, .string: break
        case .array(let items): visit(items, schemas)
        case .object(let members): visit(members, schemas)
        }
    }

    private mutating func visit(_ items: [JSON], _ schemas: Range<Int>) {
        guard schemas.contains(where: { position in nodes[pending[position]].hasItems }) else { return }
        for (index, item) in items.enumerated() {
            gathering &+= 1
            let start = pending.count
            for position in schemas {
                if let node = nodes[pending[position]].node(forItem: index) { gather(node) }
            }
            descend(item, .index(index), from: start)
            if isFull { return }
        }
    }

    private mutating func visit(_ members: JSON.Object, _ schemas: Range<Int>) {
        guard schemas.contains(where: { position in nodes[pending[position]].hasMembers }) else { return }
        for member in members {
            gathering &+= 1
            let start = pending.count
            for position in schemas {
                if let node = nodes[pending[position]].node(forMember: member.key) { gather(node) }
            }
            descend(member.value, .key(member.key), from: start)
            if isFull { return }
        }
    }

    /// Adds a schema and those it refers to, each once.
    private mutating func gather(_ node: Int) {
        var next: Int? = node
        while let node = next, gatherings[node] != gathering {
            gatherings[node] = gathering
            pending.append(node)
            next = nodes[node].reference
        }
    }

    /// Visits a part of a value with the schemas gathered for it, and drops them.
    private mutating func descend(_ value: JSON, _ token: Schema.Place.Token, from start: Int) {
        guard start < pending.count else { return }
        place.enter(token)
        if place.depth <= JSON.Limits.greatestDepth {
            visit(value, start..<pending.count)
        } else {
            let levels = JSON.Limits.greatestDepth
            report("expected at most \(levels) levels of arrays and objects, found more", pending[start], nil)
        }
        place.leave()
        pending.removeLast(pending.count - start)
    }

    private mutating func check(_ value: JSON, _ node: Int) {
        if nodes[node].refusesAll {
            report("expected \(nodes.refusal(by: node)), found \(Schema.excerpt(of: value))", node, nil)
        }
        for assertion in nodes[node].assertions {
            guard let complaint = assertion.complaint(about: value) else { continue }
            report(complaint, node, assertion.keyword)
            if isFull { return }
        }
    }

    private mutating func report(_ reason: String, _ node: Int, _ keyword: Schema.Keyword?) {
        let schemaPointer = nodes.pointer(to: node, keyword.map { word in Key(word.rawValue) })
        problems.append(Schema.Problem(reason, at: place.pointer, by: schemaPointer))
    }
}

extension [Schema.Node] {
    /// What a schema that is `false` asks for, by where it stands.
    fileprivate func refusal(by index: Int) -> String {
        guard let parent = self[index].parent else { return "no value" }
        let outer = self[parent.node]
        switch parent.applicator {
        case .additionalProperties where outer.properties.isEmpty: return "no member"
        case .additionalProperties:
            let names = outer.properties.map { named in Schema.quotation(of: .string(named.key.text)) }
            return "no member but \(Schema.list(names))"
        case .properties: return "no member of this name"
        case .items where outer.prefixItems.isEmpty: return "no item"
        case .items: return "no item after the first \(outer.prefixItems.count)"
        case .prefixItems: return "no item at this place"
        case .definitions: return "no value"
        }
    }
}
