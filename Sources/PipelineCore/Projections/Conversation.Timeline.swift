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

    /// What an entry is about, besides its run.
    public enum Subject: Hashable, Sendable {
        case step(Int)
        case execution(Run.Execution.ID)
        case ticket(Run.Ticket)
        case timer(Run.Timer.ID)
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

extension Conversation.Timeline.Subject {
    fileprivate init?(of event: Run.Event) {
        switch event.kind {
        case .step(_, let change): self = .step(change.ordinal)
        case .loopSeen(_, let ordinal, _, _): self = .step(ordinal)
        case .execution(let id, _), .abandoned(let id), .policy(let id, _), .degraded(let id, _):
            self = .execution(id)
        case .gateOpened(let gate): self = .ticket(gate.ticket)
        case .gateAnswered(let ticket, _, _, _), .gateExpired(let ticket), .gateWithdrawn(let ticket):
            self = .ticket(ticket)
        case .run(_, .interrupted(let interruption)): self = .ticket(interruption.ticket)
        case .run(_, .resumed(let ticket)): self = .ticket(ticket)
        case .timerArmed(let timer): self = .timer(timer.id)
        case .timerFired(let timer): self = .timer(timer)
        case .message, .run, .limitReached, .modeSwitched, .conversationCanceled, .conversationResumed,
            .request, .restarted:
            return nil
        }
    }
}

extension Run.Event {
    /// The run that it is about; nil where it is about the conversation.
    fileprivate var run: Run.ID? {
        switch kind {
        case .message(let run, _), .run(let run, _), .step(let run, _), .limitReached(let run, _),
            .loopSeen(let run, _, _, _):
            run
        case .execution(let id, _), .abandoned(let id), .policy(let id, _), .degraded(let id, _): id.run
        case .gateOpened(let gate): gate.ticket.run
        case .gateAnswered(let ticket, _, _, _), .gateExpired(let ticket), .gateWithdrawn(let ticket):
            ticket.run
        case .timerArmed(let timer): timer.id.run
        case .timerFired(let timer): timer.run
        case .modeSwitched, .conversationCanceled, .conversationResumed, .request, .restarted: nil
        }
    }

    /// Whether it is a part of an output, as it is made.
    fileprivate var isPart: Bool {
        if case .execution(_, let change) = kind { change.lifecycle == .progress } else { false }
    }

    /// What there is to read.
    fileprivate var text: String {
        switch kind {
        case .message(_, .user(let text)), .message(_, .assistant(let text, _)): text
        case .message(_, .tool(_, let name, let output, _)): name.followed(by: output.text)
        case .run(_, let change): change.text
        case .step(_, let change): change.name.followed(by: change.failure?.description)
        case .execution(_, let change): change.entryText
        case .policy(_, let decision):
            "\(decision.verdict.rawValue) by \(decision.rule)".followed(by: decision.reason)
        case .gateOpened(let gate): gate.name.followed(by: gate.reason)
        case .gateAnswered(_, let answer, let actor, _):
            "\(answer.word) by \(actor)".followed(by: answer.message)
        case .timerArmed(let timer): "until \(timer.at)"
        case .limitReached(_, let limit): "\(limit.name.rawValue): \(limit.used) of \(limit.allowed)"
        case .degraded(_, let limit): limit.rawValue
        case .loopSeen(_, _, let name, let times): "\(name), \(times) times"
        case .modeSwitched(let change): "\(change.from.text) to \(change.to.text)".followed(by: change.reason)
        case .conversationCanceled(let reason): reason
        case .request(let word, .rejected(let code)): word.followed(by: code.rawValue)
        case .request(let word, _): word
        case .abandoned, .gateExpired, .gateWithdrawn, .timerFired, .conversationResumed, .restarted: ""
        }
    }
}

extension Run.Event.RunChange {
    fileprivate var text: String {
        switch self {
        case .opened(_, let mode, _): mode.text
        case .stopping(let stop): stop.kind.rawValue.followed(by: stop.reason)
        case .interrupted(let interruption): interruption.reason
        case .progress(let progress): progress.step.text
        case .completed(let artifact): artifact["summary"]?.stringValue ?? ""
        case .failed(let failure): failure.description
        case .canceled(let reason): reason
        case .started, .resumed: ""
        }
    }
}

extension Run.Event.ExecutionChange {
    /// A part of an output stands alone, with its white space; anything else after the name.
    fileprivate var entryText: String {
        if lifecycle == .progress { return text ?? "" }
        if let result { return name.followed(by: result.output.text) }
        return name.followed(by: failure?.description ?? reason)
    }
}

extension Run.Gate.Answer {
    fileprivate var word: String {
        switch self {
        case .approve: "approve"
        case .deny: "deny"
        case .rerun: "rerun"
        case .skip: "skip"
        case .supply: "supply"
        case .failRun: "fail"
        }
    }

    fileprivate var message: String? { if case .deny(let message) = self { message } else { nil } }
}

extension JSON {
    /// A text as it is, and anything else in its canonical form.
    fileprivate var text: String { stringValue ?? description }
}

extension String {
    /// With a colon between, where there is something to follow.
    fileprivate func followed(by text: String?) -> String {
        guard let text, !text.isEmpty else { return self }
        return "\(self): \(text)"
    }

    /// At most this many Unicode scalars, and whether it had more.
    fileprivate func cut(to most: Int) -> (text: String, isCut: Bool) {
        // A scalar has at least one byte.
        guard utf8.count > most else { return (self, false) }
        let kept = unicodeScalars.prefix(most)
        guard kept.endIndex < unicodeScalars.endIndex else { return (self, false) }
        return (String(kept), true)
    }
}
