extension Schema {
    /// One schema of the source, compiled. Others are named by their index.
    struct Node: Sendable {
        let parent: Parent?
        /// Whether it is the schema `false`.
        var refusesAll = false
        /// What `$ref` names: it applies to the same value.
        var reference: Int?
        var assertions: [Assertion] = []
        /// In the order of their keys.
        var properties: [Named] = []
        /// For the members that `properties` does not name.
        var additionalProperties: Int?
        /// One for each of the first items.
        var prefixItems: Range<Int> = 0..<0
        /// For the items that come after.
        var items: Int?
        /// In the order of their keys. They apply where a `$ref` names them.
        var definitions: [Named] = []

        /// Where a schema stands in another one.
        struct Parent: Sendable {
            let node: Int
            let applicator: Applicator
            /// The name or the number under the keyword, where it holds several schemas.
            let token: Place.Token?
        }

        /// A schema and the name it stands under.
        struct Named: Sendable {
            let key: Key
            let node: Int
        }
    }
}

extension Schema.Node {
    /// Whether it says anything about the items of an array.
    var hasItems: Bool { items != nil || !prefixItems.isEmpty }

    /// Whether it says anything about the members of an object.
    var hasMembers: Bool { additionalProperties != nil || !properties.isEmpty }

    /// The schema for an item, which counts from 0.
    func node(forItem index: Int) -> Int? {
        index < prefixItems.count ? prefixItems.lowerBound + index : items
    }

    /// The schema for a member; takes logarithmic time.
    func node(forMember key: Key) -> Int? {
        properties.node(named: key) ?? additionalProperties
    }
}

extension [Schema.Node.Named] {
    /// The schema of this name; takes logarithmic time.
    func node(named key: Key) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].key < key { low = middle + 1 } else { high = middle }
        }
        guard low < count, self[low].key == key else { return nil }
        return self[low].node
    }
}
