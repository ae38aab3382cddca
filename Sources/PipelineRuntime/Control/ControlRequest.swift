public import PipelineCore

/// What a client asks for: one line of the protocol.
///
/// | line | answer |
/// | --- | --- |
/// | `{"request":"signal","conversation_id":…,"signal":{"id":…,"kind":…,…}}` | `{"disposition":…}` |
/// | `{"request":"state","conversation_id":…}` | `{"state":…}`, a snapshot |
/// | `{"request":"events","conversation_id":…,"after":n}` | `{"entry":…}`, line by line, to the end of the connection |
///
/// The signal has the form that a journal gives it, without `actor` and `time`: who asks is known, and so is when.
public enum ControlRequest: Hashable, Sendable {
    /// A request of a person: no answers of runners, timers or the engine.
    case signal(Run.Signal.Kind, id: Run.Signal.ID, Conversation.ID)
    case state(Conversation.ID)
    case events(Conversation.ID, after: Int)

    public var conversation: Conversation.ID {
        switch self {
        case .signal(_, _, let conversation), .state(let conversation), .events(let conversation, _):
            conversation
        }
    }

    /// The longest line, its end included.
    static let mostBytes = 1_048_576
}

extension ControlRequest: JSONRepresentable {
    public var json: JSON {
        var object: JSON.Object = ["conversation_id": conversation.json]
        switch self {
        case .signal(let kind, let id, _):
            object["request"] = "signal"
            var signal = Run.Signal(id: id, kind, by: .host, at: 0).json.objectValue
            for known in ControlRequest.known { signal?[known] = nil }
            object["signal"] = signal.map { members in .object(members) }
        case .state: object["request"] = "state"
        case .events(_, let after):
            object["request"] = "events"
            object["after"] = after.json
        }
        return .object(object)
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        let conversation: Conversation.ID = try members.value("conversation_id")
        let word: String = try members.value("request")
        switch word {
        case "signal":
            let signal = try ControlRequest.signal(try members.value("signal"))
            self = .signal(signal.kind, id: signal.id, conversation)
        case "state": self = .state(conversation)
        case "events": self = .events(conversation, after: try members.value("after", or: 0))
        default: throw JSON.FormatError("expected signal, state or events", at: "/request")
        }
    }

    /// What a signal has that a client may not say.
    private static let known = ["actor", "time"]

    private static func signal(_ json: JSON) throws(JSON.FormatError) -> Run.Signal {
        guard case .object(var object) = json else {
            throw JSON.FormatError("expected an object", at: "/signal")
        }
        for known in ControlRequest.known where object[known] != nil {
            throw JSON.FormatError("is not for the sender to say", at: "/signal/\(known)")
        }
        object["actor"] = Run.Actor.host.json
        object["time"] = 0
        let signal: Run.Signal
        do throws(JSON.FormatError) { signal = try Run.Signal(json: .object(object)) } catch {
            throw JSON.FormatError(error.reason, at: "/signal\(error.pointer)")
        }
        guard signal.isRequest else {
            throw JSON.FormatError("is an answer, and only what was asked answers", at: "/signal/kind")
        }
        return signal
    }
}
