extension Schema.Compiler {
    /// Finds what each `$ref` names: a place where the document has a schema.
    mutating func resolveReferences() {
        for (node, text) in references {
            let quoted = Schema.quotation(of: .string(text))
            do throws(Schema.Reference.Fault) {
                let reference = try Schema.Reference(text)
                if let target = target(of: reference) {
                    nodes[node].reference = target
                } else {
                    report(
                        node, "$ref", "\(quoted) names no schema in this document",
                        "name one, such as those under \"$defs\"")
                }
            } catch {
                let remedy = "write \"#\" or the place of a schema, such as \"#/$defs/name\""
                switch error {
                case .anotherDocument: report(node, "$ref", "\(quoted) names another document", remedy)
                case .anchor: report(node, "$ref", "\(quoted) names an anchor", remedy)
                case .malformed: report(node, "$ref", "\(quoted) is no JSON Pointer in a URI", remedy)
                }
            }
        }
    }

    /// Goes from schema to schema, as the tokens say.
    private func target(of reference: Schema.Reference) -> Int? {
        var node = 0
        var rest = reference.tokens[...]
        while let word = rest.popFirst() {
            guard let applicator = Schema.Applicator(word),
                let next = child(of: nodes[node], applicator, &rest)
            else { return nil }
            node = next
        }
        return node
    }

    private func child(
        of node: Schema.Node, _ applicator: Schema.Applicator, _ rest: inout ArraySlice<Key>
    ) -> Int? {
        switch applicator {
        case .items: return node.items
        case .additionalProperties: return node.additionalProperties
        case .properties: return rest.popFirst().flatMap(node.properties.node(named:))
        case .definitions: return rest.popFirst().flatMap(node.definitions.node(named:))
        case .prefixItems:
            guard let index = rest.popFirst()?.arrayIndex, index < node.prefixItems.count else { return nil }
            return node.prefixItems.lowerBound + index
        }
    }
}

extension Schema.Compiler {
    /// Refuses `$ref`s that lead back to themselves before any part of a value is passed.
    mutating func refuseCycles() {
        /// For each node the walk that came by first, counted from 1.
        var walks = [Int](repeating: 0, count: nodes.count)
        for start in nodes.indices {
            var current: Int? = start
            while let node = current, walks[node] == 0 {
                walks[node] = start + 1
                current = nodes[node].reference
            }
            if let node = current, walks[node] == start + 1 { refuseCycle(through: node) }
        }
    }

    private mutating func refuseCycle(through node: Int) {
        var names = ["#\(nodes.pointer(to: node))"]
        var current = nodes[node].reference
        while let next = current, next != node, names.count < 8 {
            names.append("#\(nodes.pointer(to: next))")
            current = nodes[next].reference
        }
        names.append(current == node ? names[0] : "…")
        let cycle = names.dropFirst().reduce(names[0]) { text, name in "\(text) → \(name)" }
        report(
            node, "$ref", "the references lead back to where they began: \(cycle)",
            "let one of them name a schema that says something of its own")
    }
}
