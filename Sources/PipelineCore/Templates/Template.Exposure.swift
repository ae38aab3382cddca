extension Template {
    /// Which calls a strategy may make. Names may hold `*`, which stands for any characters.
    public struct Exposure: Hashable, Sendable {
        public var allow: [String]
        /// Wins over ``allow``.
        public var deny: [String]
        /// Only what is declared to change nothing.
        public var readOnly: Bool
        /// Which of them a person must approve first, whatever the gateway's policy says.
        public var approve: [String]

        public init(
            allow: [String] = ["*"], deny: [String] = [], readOnly: Bool = false, approve: [String] = []
        ) {
            self.allow = allow
            self.deny = deny
            self.readOnly = readOnly
            self.approve = approve
        }

        /// Why this call may not be made; nil when it may.
        public func refusal(of call: Run.Call) -> String? {
            if deny.contains(where: { pattern in call.name.matches(wildcard: pattern) }) {
                return "This mode denies \(call.name)."
            }
            guard allow.contains(where: { pattern in call.name.matches(wildcard: pattern) }) else {
                return "This mode does not offer \(call.name)."
            }
            return readOnly && !call.isReadOnly
                ? "This mode offers tools that only read; \(call.name) is none." : nil
        }

        func needsApproval(_ call: Run.Call) -> Bool {
            call.needsApproval || approve.contains { pattern in call.name.matches(wildcard: pattern) }
        }
    }
}

extension String {
    /// Whether the whole text fits a pattern in which `*` stands for any characters, byte by byte.
    ///
    /// - Complexity: O(text · pattern) at worst, without recursion.
    package func matches(wildcard pattern: String) -> Bool {
        let star = UInt8(ascii: "*")
        return Array(utf8).matches(
            Array(pattern.utf8), isAny: { byte in byte == star }, fits: { byte, other in byte == other })
    }
}

extension Array {
    /// Whether all of it fits a pattern, some elements of which stand for any number of these.
    ///
    /// - Complexity: O(count · pattern) calls at worst, without recursion.
    package func matches<Other>(
        _ pattern: [Other], isAny: (Other) -> Bool, fits: (Element, Other) -> Bool
    ) -> Bool {
        var (at, place) = (0, 0)
        var back: (at: Int, place: Int)?
        while at < count {
            if place < pattern.count, isAny(pattern[place]) {
                back = (at, place)
                place += 1
            } else if place < pattern.count, fits(self[at], pattern[place]) {
                at += 1
                place += 1
            } else if let last = back {
                at = last.at + 1
                place = last.place + 1
                back = (at, last.place)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy(isAny)
    }
}
