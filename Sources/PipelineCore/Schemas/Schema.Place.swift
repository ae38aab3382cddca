extension Schema {
    /// A way through a JSON value, from the outside in.
    struct Place {
        private var tokens: [Token] = []

        enum Token: Sendable {
            case key(Key)
            case index(Int)
        }

        var depth: Int { tokens.count }

        mutating func enter(_ token: Token) { tokens.append(token) }

        mutating func leave() { _ = tokens.popLast() }

        /// The JSON Pointer of RFC 6901.
        var pointer: String {
            var pointer = ""
            for token in tokens {
                pointer += "/"
                switch token {
                case .index(let index): pointer += String(index)
                case .key(let key): pointer.append(escaping: key)
                }
            }
            return pointer
        }
    }
}

extension String {
    fileprivate mutating func append(escaping key: Key) {
        for scalar in key.text.unicodeScalars {
            switch scalar {
            case "~": self += "~0"
            case "/": self += "~1"
            default: unicodeScalars.append(scalar)
            }
        }
    }
}
