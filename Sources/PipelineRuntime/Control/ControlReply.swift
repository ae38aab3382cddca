public import PipelineCore

/// What a client is told: one line of the protocol.
enum ControlReply: Hashable, Sendable {
    /// The first line, before anything is asked: the version of the protocol, and who the server takes the client for.
    case greeting(Run.Actor)
    case disposition(Run.Disposition)
    case state(Conversation)
    case entry(EventEntry)
    case refusal(ControlRefusal, String)

    static let format: Int64 = 1
    static let kind: JSON = "pipeline.control"

    /// Its line.
    var line: [UInt8] { json.canonicalBytes + [UInt8(ascii: "\n")] }
}

/// Why a request was not taken, in a word.
public enum ControlRefusal: String, Hashable, Sendable, JSONRepresentable {
    /// The line is no request: the message says where and why.
    case malformed
    /// The line is longer than a request may be; the connection ends.
    case tooLong
    /// The conversation is not offered here.
    case notOffered
    /// Too many clients are connected; the connection ends.
    case tooManyClients
    /// The client is another user; the connection ends.
    case anotherUser
    /// The engine could not take it: its journal failed, or it is shutting down.
    case engine
}

extension ControlReply: JSONRepresentable {
    var json: JSON {
        switch self {
        case .greeting(let actor):
            ["format": .integer(ControlReply.format), "kind": ControlReply.kind, "you": actor.json]
        case .disposition(let disposition): ["disposition": disposition.json]
        case .state(let state): ["state": state.json]
        case .entry(let entry): ["entry": entry.json]
        case .refusal(let refusal, let message):
            ["error": ["code": refusal.json, "message": .string(message)]]
        }
    }

    init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        if let error: JSON = try members.optional("error") {
            let members = try JSON.Members(error)
            self = .refusal(try members.value("code"), try members.value("message"))
        } else if let disposition: Run.Disposition = try members.optional("disposition") {
            self = .disposition(disposition)
        } else if let state: Conversation = try members.optional("state") {
            self = .state(state)
        } else if let entry: EventEntry = try members.optional("entry") {
            self = .entry(entry)
        } else {
            guard try members.value("kind") == ControlReply.kind else {
                throw JSON.FormatError("this is no control socket", at: "/kind")
            }
            let format: Int64 = try members.value("format")
            guard format == ControlReply.format else {
                throw JSON.FormatError(
                    "format \(format) is not known; this version speaks format \(ControlReply.format)",
                    at: "/format")
            }
            self = .greeting(try members.value("you"))
        }
    }
}
