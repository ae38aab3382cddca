extension Run {
    /// Why an attempt, a step or a run did not complete.
    public struct Failure: Error, Hashable, Sendable {
        public let category: Category
        public let message: String
        /// Whether another attempt may help; the category's default unless the runner says otherwise.
        public let isRetryable: Bool

        public init(_ category: Category, _ message: String, isRetryable: Bool? = nil) {
            self.category = category
            self.message = message
            self.isRetryable = category == .canceled ? false : isRetryable ?? category.isRetryable
        }
    }
}

extension Run.Failure {
    /// Ends an attempt, uncounted, whose step then waits for a person's approval.
    public static let approvalRequired = Run.Failure(.canceled, "approvalRequired")

    public enum Category: String, Hashable, Sendable, JSONRepresentable {
        /// One attempt ran too long.
        case startToClose
        /// A person said no.
        case gateDenied
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
            case .startToClose, .transport, .provider, .crashed: true
            case .gateDenied, .auth, .config, .validation, .policyDenied, .limitExceeded, .outcomeUnknown,
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
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            try members.value("category"), try members.value("message"),
            isRetryable: try members.optional("retryable"))
    }
}
