extension Run {
    /// How an execution ended that was canceled.
    public struct Cancellation: Hashable, Sendable {
        /// False only when the effect certainly never began.
        public let effectBegan: Bool
        /// For a workflow, the child run that it has left interrupted.
        public let continues: Run.ID?
        /// What it has used all the same.
        public let usage: Usage
        /// What its sub-runner said when it was told to end; nil where it was not told.
        public let reply: CancelReply?

        public init(
            effectBegan: Bool, continues: Run.ID? = nil, usage: Usage = Usage(), reply: CancelReply? = nil
        ) {
            self.effectBegan = effectBegan
            self.continues = continues
            self.usage = usage
            self.reply = reply
        }
    }

    /// What a sub-runner says when an execution that it carries out is told to end. How it ended, its answer says.
    public enum CancelReply: Hashable, Sendable {
        /// It is ending the execution.
        case accepted
        /// It has no call for that; it may all the same notice that its task is cancelled.
        case notAvailable
        case failed(String)
    }
}

extension Run.Signal.Kind {
    /// An execution was canceled, and nothing more is known of it.
    public static func canceled(
        _ id: Run.Execution.ID, effectBegan: Bool, continues: Run.ID? = nil
    ) -> Run.Signal.Kind {
        .canceled(id, Run.Cancellation(effectBegan: effectBegan, continues: continues))
    }
}

extension Run.Cancellation {
    func write(to object: inout JSON.Builder) {
        object.set("effectBegan", effectBegan)
        object.set("continues", continues)
        object.set("usage", usage, unless: Run.Usage())
        object.set("cancel", reply)
    }

    init(_ members: JSON.Members) throws(JSON.FormatError) {
        self.init(
            effectBegan: try members.value("effectBegan"), continues: try members.optional("continues"),
            usage: try members.value("usage", or: Run.Usage()), reply: try members.optional("cancel"))
    }
}

extension Run.CancelReply: JSONRepresentable {
    /// `"accepted"`, `"notAvailable"`, or `{"failed": message}`.
    public var json: JSON {
        switch self {
        case .accepted: "accepted"
        case .notAvailable: "notAvailable"
        case .failed(let message): .object(["failed": .string(message)])
        }
    }

    public init(json: JSON) throws(JSON.FormatError) {
        switch json {
        case "accepted": self = .accepted
        case "notAvailable": self = .notAvailable
        case .object: self = .failed(try JSON.Members(json).value("failed"))
        default: throw JSON.FormatError("expected accepted, notAvailable or an object with failed")
        }
    }
}
