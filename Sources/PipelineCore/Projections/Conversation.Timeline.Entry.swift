extension Conversation.Timeline {
    /// An event, or adjacent parts of one output.
    public struct Entry: Hashable, Sendable {
        /// Of the event, or of the first part.
        public let sequence: Int
        /// Of the last part; of the event itself where there are no parts.
        public private(set) var last: Int
        /// Of the event, or of the first part.
        public let time: Run.Milliseconds
        /// The event's type without its prefix: `run.opened`, `assistant.delta`.
        public let kind: String
        /// Nil where the event is about the conversation.
        public let run: Run.ID?
        public let subject: Subject?
        /// What there is to read; empty where the kind and the subject say all.
        public private(set) var text: String
        /// The text was longer than ``Conversation/Timeline/mostCharacters``.
        public private(set) var isCut: Bool
        /// It is a part of an output, to which the next part can be added.
        private let isPart: Bool

        init(of event: Run.Event, sequence: Int) {
            self.sequence = sequence
            last = sequence
            time = event.time
            kind = String(event.type.utf8.dropFirst("conversation.".utf8.count)) ?? event.type
            run = event.run
            subject = Subject(of: event)
            (text, isCut) = event.text.cut(to: Conversation.Timeline.mostCharacters)
            isPart = event.isPart
        }

        func isContinued(by next: Entry) -> Bool {
            isPart && next.isPart && next.sequence - 1 == last && next.subject == subject
        }

        mutating func append(_ next: Entry) {
            last = next.last
            guard !isCut else { return }
            (text, isCut) = (text + next.text).cut(to: Conversation.Timeline.mostCharacters)
            isCut = isCut || next.isCut
        }
    }
}

extension Conversation.Timeline.Entry: JSONRepresentable {
    /// `sequence`, `last` where it differs, `time`, `kind`, `run_id`, one of `ordinal`, `execution_id`, `ticket` and
    /// `timer`, `text`, and `cut` where it is.
    public var json: JSON {
        var object = JSON.Builder()
        object.set("sequence", sequence)
        object.set("last", last, unless: sequence)
        object.set("time", time)
        object.set("kind", kind)
        object.set("run_id", run)
        switch subject {
        case .step(let ordinal): object.set("ordinal", ordinal)
        case .execution(let id): object.set("execution_id", id)
        case .ticket(let ticket): object.set("ticket", ticket)
        case .timer(let timer): object.set("timer", timer)
        case nil: break
        }
        object.set("text", text, unless: "")
        object.set("cut", isCut, unless: false)
        object.set("part", isPart, unless: false)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        sequence = try members.value("sequence")
        last = try members.value("last", or: sequence)
        time = try members.value("time")
        kind = try members.value("kind")
        run = try members.optional("run_id")
        if let ordinal: Int = try members.optional("ordinal") {
            subject = .step(ordinal)
        } else if let id: Run.Execution.ID = try members.optional("execution_id") {
            subject = .execution(id)
        } else if let ticket: Run.Ticket = try members.optional("ticket") {
            subject = .ticket(ticket)
        } else {
            let timer: Run.Timer.ID? = try members.optional("timer")
            subject = timer.map { timer in .timer(timer) }
        }
        text = try members.value("text", or: "")
        isCut = try members.value("cut", or: false)
        isPart = try members.value("part", or: false)
        guard last >= sequence else { throw JSON.FormatError("it ends before it begins", at: "/last") }
    }
}

extension String {
    /// At most this many Unicode scalars, and whether it had more.
    fileprivate func cut(to most: Int) -> (text: String, isCut: Bool) {
        // A scalar has at least one byte.
        guard utf8.count > most else { return (self, false) }
        let kept = unicodeScalars.prefix(most)
        guard kept.endIndex < unicodeScalars.endIndex else { return (self, false) }
        return (String(kept), true)
    }
}
