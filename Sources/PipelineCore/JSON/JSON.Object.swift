extension JSON {
    /// The members of a JSON object, each key once, in the order of their keys.
    ///
    /// Finding a member takes logarithmic time, adding or removing one linear time; many at once are added with
    /// ``init(members:)``.
    public struct Object: Sendable, Hashable {
        private var members: [Member]

        public init() {
            members = []
        }

        /// Members in any order; of two with one key the later one counts.
        public init(members: some Sequence<Member>) {
            var ordered = Array(members.enumerated())
            ordered.sort { lhs, rhs in
                lhs.element.key < rhs.element.key
                    || (lhs.offset < rhs.offset && lhs.element.key == rhs.element.key)
            }
            self.members = []
            self.members.reserveCapacity(ordered.count)
            for (_, member) in ordered {
                if self.members.last?.key == member.key {
                    self.members.removeLast()
                }
                self.members.append(member)
            }
        }

        /// Trusts the members to be in the order of their keys, each key once.
        init(sorted members: [Member]) {
            self.members = members
        }

        /// The value with this key.
        ///
        /// Setting nil removes the member; setting `JSON.null` keeps it, with the value null.
        public subscript(_ key: String) -> JSON? {
            get {
                let key = PipelineCore.Key(key)
                let position = firstPosition(notBefore: key)
                guard position < members.count, members[position].key == key else { return nil }
                return members[position].value
            }
            set {
                let key = PipelineCore.Key(key)
                let position = firstPosition(notBefore: key)
                let isPresent = position < members.count && members[position].key == key
                switch (newValue, isPresent) {
                case (let value?, true): members[position].value = value
                case (let value?, false): members.insert(Member(key: key, value: value), at: position)
                case (nil, true): members.remove(at: position)
                case (nil, false): break
                }
            }
        }

        private func firstPosition(notBefore key: PipelineCore.Key) -> Int {
            var low = 0
            var high = members.count
            while low < high {
                let middle = low + (high - low) / 2
                if members[middle].key < key { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}

extension JSON.Object: RandomAccessCollection {
    public var startIndex: Int { members.startIndex }
    public var endIndex: Int { members.endIndex }

    public subscript(position: Int) -> Member {
        members[position]
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    /// Of two members with one key the later one counts.
    public init(dictionaryLiteral members: (String, JSON)...) {
        self.init(members: members.map { Member(key: PipelineCore.Key($0.0), value: $0.1) })
    }
}
