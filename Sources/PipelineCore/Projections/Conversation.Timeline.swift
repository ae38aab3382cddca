extension Conversation {
    /// What has happened, as a list to show: one entry for each event, and one for an output that came in parts.
    ///
    ///     var timeline = Conversation.Timeline()
    ///     for await entry in engine.events(of: "chat") {
    ///         timeline.take(entry.event, sequence: entry.sequence)
    ///     }
    ///
    /// It goes by the sequence of the events alone. One that is not later than the last is ignored, so that a subscriber
    /// may go back; parts that are not adjacent stay apart, so that a gap is never papered over.
    public struct Timeline: Hashable, Sendable {
        /// In the order of their sequence.
        public private(set) var entries: [Entry] = []
        /// Whether adjacent parts of one output become one entry.
        public let isCoalescing: Bool

        /// - Parameter coalescing: false for an entry of its own for each part of an output.
        public init(coalescing: Bool = true) { isCoalescing = coalescing }

        /// Characters of an entry's text at most; Unicode scalars, so that every platform cuts alike.
        public static let mostCharacters = 280

        /// Takes note of an event.
        ///
        /// - Parameter sequence: its place in the stream of its conversation.
        public mutating func take(_ event: Run.Event, sequence: Int) {
            guard sequence > entries.last?.last ?? .min else { return }
            let entry = Entry(of: event, sequence: sequence)
            guard isCoalescing, let index = entries.indices.last, entries[index].isContinued(by: entry) else {
                return entries.append(entry)
            }
            entries[index].append(entry)
        }
    }
}

extension Conversation.Timeline: JSONRepresentable {
    /// An object with the `entries`.
    public var json: JSON {
        var object = JSON.Builder()
        object.set("coalescing", isCoalescing, unless: true)
        object.set("entries", entries)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        isCoalescing = try members.value("coalescing", or: true)
        entries = try members.value("entries")
        for index in entries.indices.dropFirst() where entries[index].sequence <= entries[index - 1].last {
            throw JSON.FormatError("entries must stand in sequence", at: "/entries/\(index)/sequence")
        }
    }
}
