extension Run {
    /// What the gateway's policy said about one execution: an audit record of its own.
    public struct Decision: Hashable, Sendable {
        public enum Verdict: String, Hashable, Sendable, JSONRepresentable {
            case allow, deny, ask
        }

        public let verdict: Verdict
        /// The rule that decided, by the policy's own name for it.
        public let rule: String
        public let reason: String
        /// It is allowed and waits for room behind so many executions: its effect has not begun, and `started` comes first.
        public let waitsBehind: Int?

        public init(_ verdict: Verdict, rule: String, reason: String = "", waitsBehind: Int? = nil) {
            self.verdict = verdict
            self.rule = rule
            self.reason = reason
            self.waitsBehind = waitsBehind
        }
    }
}

extension Run.Decision: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("decision", verdict)
        object.set("rule", rule)
        object.set("reason", reason, unless: "")
        object.set("waitsBehind", waitsBehind)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        verdict = try members.value("decision")
        rule = try members.value("rule")
        reason = try members.value("reason", or: "")
        waitsBehind = try members.optional("waitsBehind")
    }
}
