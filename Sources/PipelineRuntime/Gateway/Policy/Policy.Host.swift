import PipelineCore

extension Policy {
    /// The host of a URL in one spelling: a name in lower case without a last dot, or an address.
    struct Host: Hashable, Sendable {
        let text: String

        init?(_ text: String) {
            let lowered = text.utf8.allSatisfy({ byte in byte < 0x80 }) ? text.lowercased() : ""
            let known = lowered.hasPrefix("[") ? Host.version6(lowered) : Host.name(lowered)
            guard let known else { return nil }
            self.text = known
        }

        /// Whether it fits a pattern: a host, `*.` and a host, or `*`.
        func fits(_ pattern: String) -> Bool {
            if pattern == "*" { return true }
            if pattern.hasPrefix("*.") { return text.matches(wildcard: pattern) }
            return Host(pattern) == self
        }

        static func isPattern(_ text: String) -> Bool {
            if text == "*" { return true }
            let host = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
            return Host(host)?.text == host || (host.hasPrefix("[") && Host(host) != nil)
        }

        /// Labels of letters, digits, `-` and `_`; where the last is a number, four decimal numbers without leading zeros.
        private static func name(_ text: String) -> String? {
            let name = text.hasSuffix(".") ? String(text.dropLast()) : text
            let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard name.utf8.count <= 253, let last = labels.last else { return nil }
            let isFine = labels.allSatisfy { label in
                !label.isEmpty && label.count <= 63
                    && label.allSatisfy { byte in byte.isLetter || byte.isDigit || "-_".utf8.contains(byte) }
            }
            guard isFine else { return nil }
            let isNumber = last.allSatisfy(\.isDigit) || last.starts(with: "0x".utf8)
            guard isNumber else { return name }
            let numbers = labels.map { label in UInt8(String(Substring(label))) }
            let written = numbers.map { number in number.map { number in "\(number)" } ?? "" }
            return numbers.count == 4 && written.joined(separator: ".") == name ? name : nil
        }

        /// Eight groups of hexadecimal digits, all written out; not those that stand for an IPv4 address.
        private static func version6(_ text: String) -> String? {
            guard text.hasSuffix("]") else { return nil }
            let halves = split(text.dropFirst().dropLast())
            guard let halves, halves.count <= 2 else { return nil }
            var groups = halves[0]
            if halves.count == 2 {
                let gap = 8 - halves[0].count - halves[1].count
                guard gap > 0 else { return nil }
                groups += Array(repeating: 0, count: gap) + halves[1]
            }
            guard groups.count == 8 else { return nil }
            let isVersion4 = groups[..<5].allSatisfy { group in group == 0 } && groups[5] == 0xFFFF
            guard !isVersion4 else { return nil }
            return "[" + groups.map { group in String(group, radix: 16) }.joined(separator: ":") + "]"
        }

        /// The groups before and after `::`; one list where there is none.
        private static func split(_ text: Substring) -> [[UInt16]]? {
            var halves: [[UInt16]] = [[]]
            var parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)[...]
            // `::` at an end leaves an empty part of its own there.
            if text.hasPrefix("::") { parts = parts.dropFirst() }
            if text.hasSuffix("::"), parts.count > 1 { parts = parts.dropLast() }
            for part in parts {
                if part.isEmpty {
                    halves.append([])
                } else {
                    guard part.count <= 4, let group = UInt16(String(Substring(part)), radix: 16),
                        part.first != UInt8(ascii: "+")
                    else { return nil }
                    halves[halves.count - 1].append(group)
                }
            }
            return halves
        }
    }
}
