extension Redactor {
    /// Finds all of many texts in one pass: the machine of Aho and Corasick, whose state is the longest end of what was
    /// read that is the beginning of one of them.
    struct Automaton: Sendable {
        /// A text that ends here.
        struct Match: Sendable {
            /// In bytes.
            let length: Int
            /// What takes its place.
            let label: String
        }

        /// A state. Its children are a list through `sibling`; the root is 0, and as a child 0 means none.
        private struct Node: Sendable {
            let byte: UInt8
            /// Bytes from the root to here.
            let depth: Int
            var child = 0
            var sibling = 0
            /// The state of the next shorter end that is a beginning, too.
            var fallback = 0
            /// The longest value of a secret that ends here.
            var secret: Match?
            /// The longest beginning of a declared text that ends here.
            var beginning: Match?
        }

        private var nodes = [Node(byte: 0, depth: 0)]
        /// The children of the root, by their bytes: most text never leaves them.
        private var first = [Int](repeating: 0, count: 256)

        var isEmpty: Bool { nodes.count == 1 }

        init(secrets: [Secret], texts: [String]) {
            for secret in secrets {
                for spelling in secret.spellings {
                    let end = insert(spelling)
                    guard nodes[end].secret == nil else { continue }
                    nodes[end].secret = Match(length: spelling.count, label: "\(secret)")
                }
            }
            for text in texts {
                let beginning = Array(text.utf8.dropLast())
                nodes[insert(beginning)].beginning = Match(length: beginning.count, label: Redaction.label)
            }
            link()
        }

        /// Whether anything that must stay secret is in these bytes.
        func finds(in bytes: [UInt8]) -> Bool {
            var state = 0
            var tries = 0
            return bytes.contains { byte in
                state = next(state, byte, tries: &tries)
                return secret(at: state) != nil || beginning(at: state) != nil
            }
        }

        func depth(of state: Int) -> Int { nodes[state].depth }
        func secret(at state: Int) -> Match? { nodes[state].secret }
        func beginning(at state: Int) -> Match? { nodes[state].beginning }

        /// The state after one more byte; `tries` counts the states that were looked at.
        func next(_ state: Int, _ byte: UInt8, tries: inout Int) -> Int {
            var state = state
            while true {
                tries &+= 1
                let child = child(of: state, byte)
                if child != 0 || state == 0 { return child }
                state = nodes[state].fallback
            }
        }

        private func child(of state: Int, _ byte: UInt8) -> Int {
            guard state != 0 else { return first[Int(byte)] }
            var child = nodes[state].child
            while child != 0, nodes[child].byte != byte { child = nodes[child].sibling }
            return child
        }

        /// The state of a whole text, made where it is missing.
        private mutating func insert(_ text: [UInt8]) -> Int {
            var state = 0
            for byte in text {
                var next = child(of: state, byte)
                if next == 0 {
                    next = nodes.count
                    nodes.append(Node(byte: byte, depth: nodes[state].depth + 1))
                    nodes[next].sibling = nodes[state].child
                    nodes[state].child = next
                    if state == 0 { first[Int(byte)] = next }
                }
                state = next
            }
            return state
        }

        /// Finds the fallbacks, shorter states first, and what ends at a state because it ends at its fallback.
        private mutating func link() {
            var states = [0]
            var place = 0
            var tries = 0
            while place < states.count {
                let state = states[place]
                place += 1
                var child = nodes[state].child
                while child != 0 {
                    let fallback =
                        state == 0 ? 0 : next(nodes[state].fallback, nodes[child].byte, tries: &tries)
                    nodes[child].fallback = fallback
                    if nodes[child].secret == nil { nodes[child].secret = nodes[fallback].secret }
                    if nodes[child].beginning == nil { nodes[child].beginning = nodes[fallback].beginning }
                    states.append(child)
                    child = nodes[child].sibling
                }
            }
        }
    }
}
