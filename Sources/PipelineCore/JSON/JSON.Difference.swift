extension JSON {
    /// One place at which two values differ.
    public struct Difference: Hashable, Sendable {
        /// Where, as a JSON Pointer (RFC 6901); empty for the whole value.
        public let pointer: String
        /// What stands there in the first value; nil where nothing does.
        public let first: JSON?
        /// What stands there in the second value; nil where nothing does.
        public let second: JSON?

        public init(pointer: String, first: JSON?, second: JSON?) {
            self.pointer = pointer
            self.first = first
            self.second = second
        }
    }

    /// The places at which this value and another differ, each as deep as it can be told, in the order of the text.
    public func differences(from other: JSON) -> [Difference] {
        var found: [Difference] = []
        compare(other, at: "", into: &found)
        return found
    }

    private func compare(_ other: JSON, at pointer: String, into found: inout [Difference]) {
        switch (self, other) {
        case (.object(let first), .object(let second)):
            let keys = JSON.Object(members: Array(first) + Array(second)).map { member in member.key.text }
            for key in keys {
                let place = "\(pointer)/\(key.asReferenceToken)"
                JSON.compare(first[key], second[key], at: place, into: &found)
            }
        case (.array(let first), .array(let second)):
            for index in 0..<max(first.count, second.count) {
                let one: JSON? = first.indices.contains(index) ? .some(first[index]) : .none
                let other: JSON? = second.indices.contains(index) ? .some(second[index]) : .none
                JSON.compare(one, other, at: "\(pointer)/\(index)", into: &found)
            }
        default:
            if self != other { found.append(Difference(pointer: pointer, first: self, second: other)) }
        }
    }

    private static func compare(
        _ first: JSON?, _ second: JSON?, at pointer: String, into found: inout [Difference]
    ) {
        if let first, let second { return first.compare(second, at: pointer, into: &found) }
        if first != nil || second != nil {
            found.append(Difference(pointer: pointer, first: first, second: second))
        }
    }
}

extension String {
    /// As a part of a JSON Pointer: `~` and `/` stand for themselves no longer.
    var asReferenceToken: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
