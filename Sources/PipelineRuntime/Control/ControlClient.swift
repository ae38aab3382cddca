public import PipelineCore

/// A connection to the process that runs something, to ask and steer.
///
///     var client = try await ControlClient(to: folder)
///     try await client.request(.interrupt(run, reason: "lunch"), id: "stop-1", in: "chat")
///
/// One request at a time. A process that does not answer in time, because it is stopped, is an error and no wait for ever.
public struct ControlClient: ~Copyable, Sendable {
    private var wire: ControlWire
    /// Who the other end takes this one for.
    public let person: Run.Actor

    /// Connects to whoever listens in a folder.
    ///
    /// - Parameter limit: how long an answer may take.
    public init(to folder: String, within limit: Duration = .seconds(30)) async throws(ControlError) {
        let place: ControlPlace
        do throws(FileError) { place = try ControlPlace(in: folder) } catch {
            throw error.isMissing
                ? ControlError("\(folder)/\(ControlPlace.name)", .notListening) : ControlError(error)
        }
        var wire = ControlWire(try place.connect(), path: place.path, limit: limit)
        guard case .greeting(let person)? = try await wire.reply() else { throw wire.confusion() }
        self.person = person
        self.wire = wire
    }

    /// Makes a request and gives its disposition once it is recorded.
    ///
    /// - Parameter id: new for each request; the same id again is a duplicate.
    @discardableResult
    public mutating func request(
        _ kind: Run.Signal.Kind, id: Run.Signal.ID, in conversation: Conversation.ID
    ) async throws(ControlError) -> Run.Disposition {
        guard case .disposition(let disposition)? = try await ask(.signal(kind, id: id, conversation)) else {
            throw wire.confusion()
        }
        return disposition
    }

    /// The state of a conversation, as it is there now.
    public mutating func state(of conversation: Conversation.ID) async throws(ControlError) -> Conversation {
        guard case .state(let state)? = try await ask(.state(conversation)) else { throw wire.confusion() }
        return state
    }

    /// Follows the events of a conversation; the connection is then for nothing else.
    public consuming func events(
        of conversation: Conversation.ID, after cursor: Int = 0
    ) async throws(ControlError) -> Events {
        try await wire.send(.events(conversation, after: cursor))
        return Events(wire)
    }

    private mutating func ask(_ request: ControlRequest) async throws(ControlError) -> ControlReply? {
        try await wire.send(request)
        return try await wire.reply()
    }
}

extension ControlClient {
    /// Events as they happen at the other end.
    public struct Events: ~Copyable, Sendable {
        private var wire: ControlWire

        init(_ wire: ControlWire) { self.wire = wire }

        /// The next one, as soon as there is one; nil when none can come any more, or when the task is cancelled.
        public mutating func next() async throws(ControlError) -> EventEntry? {
            switch try await wire.reply(waiting: true) {
            case nil: return nil
            case .entry(let entry)?: return entry
            case .greeting?, .disposition?, .state?, .refusal?: throw wire.confusion()
            }
        }
    }
}
