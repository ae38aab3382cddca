extension Run {
    /// Why an attempt, a step or a run did not complete.
    public struct Failure: Error, Hashable, Sendable {
        public let category: Category
        public let message: String
        /// Whether another attempt may help; the category's default unless the runner says otherwise.
        public let isRetryable: Bool
        /// The runner's own word for it, such as an HTTP status; empty when it has none.
        public let code: String
        /// What else the runner knows; null when nothing.
        public let details: JSON
        /// How long the runner asks to wait before the next attempt.
        public let retryAfter: Milliseconds?
        /// What the attempt has used all the same.
        public let usage: Usage
        /// The attempt that ended with it; nil where none did.
        public internal(set) var attempt: Int?

        public init(
            _ category: Category, _ message: String, isRetryable: Bool? = nil, code: String = "",
            details: JSON = .null, retryAfter: Milliseconds? = nil, usage: Usage = Usage()
        ) {
            self.category = category
            self.message = message
            self.isRetryable = category == .canceled ? false : isRetryable ?? category.isRetryable
            self.code = code
            self.details = details
            self.retryAfter = retryAfter
            self.usage = usage
        }
    }
}

extension Run.Failure {
    /// Ends an attempt, uncounted, whose step then waits for a person's approval.
    public static let approvalRequired = Run.Failure(.canceled, "approvalRequired")

    public enum Category: String, Hashable, Sendable, JSONRepresentable {
        /// One attempt ran too long.
        case startToClose
        /// It waited too long for capacity.
        case scheduleToStart
        /// All attempts of a step together took too long.
        case scheduleToClose
        /// It made no progress for too long.
        case idle
        /// The run as a whole took too long.
        case runDeadline
        /// A person said no.
        case gateDenied
        /// Nobody answered a gate in time.
        case gateExpired
        /// Connection refused, reset, name not found.
        case transport
        /// The model's provider failed or gave an unusable answer.
        case provider
        case auth
        /// A runner, tool or model that is not there.
        case config
        /// Arguments or an answer that do not have the expected form.
        case validation
        /// The gateway's policy said no.
        case policyDenied
        /// More than a limit allows.
        case limitExceeded
        /// The runner ended without an answer.
        case crashed
        /// Nobody can know whether the effect happened.
        case outcomeUnknown
        case canceled
        case unknown

        public var isRetryable: Bool {
            switch self {
            case .startToClose, .scheduleToStart, .idle, .transport, .provider, .crashed: true
            case .scheduleToClose, .runDeadline, .gateDenied, .gateExpired, .auth, .config, .validation,
                .policyDenied, .limitExceeded, .outcomeUnknown,
                .canceled, .unknown:
                false
            }
        }
    }
}

extension Run.Failure: CustomStringConvertible {
    public var description: String { "\(category.rawValue): \(message)" }
}

extension Run.Failure: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("category", category)
        object.set("message", message)
        object.set("retryable", isRetryable, unless: category.isRetryable)
        object.set("code", code, unless: "")
        object.set("details", details, unless: .null)
        object.set("retryAfter", retryAfter)
        object.set("usage", usage, unless: Run.Usage())
        object.set("attempt", attempt)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            try members.value("category"), try members.value("message"),
            isRetryable: try members.optional("retryable"), code: try members.value("code", or: ""),
            details: try members.value("details", or: .null), retryAfter: try members.optional("retryAfter"),
            usage: try members.value("usage", or: Run.Usage()))
        attempt = try members.optional("attempt")
    }
}
