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

        /// Labels of letters, digits, `-` and `_`; where the last is a number, four decimal numbers without
        /// leading zeros.
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
            guard let halves else { return nil }
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
            let bytes = Array(text.utf8)
            let colon = UInt8(ascii: ":")
            let gap = bytes.indices.dropLast().first { at in bytes[at] == colon && bytes[at + 1] == colon }
            guard let gap else { return groups(bytes[...]).map { groups in [groups] } }
            guard let before = groups(bytes[..<gap]), let after = groups(bytes[(gap + 2)...]) else {
                return nil
            }
            return [before, after]
        }

        private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
            if bytes.isEmpty { return [] }
            var groups: [UInt16] = []
            for part in bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
                let isPlain = part.allSatisfy { byte in byte.isDigit || byte.isLetter }
                guard isPlain, part.count <= 4,
                    let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
                else { return nil }
                groups.append(group)
            }
            return groups
        }
    }
}
