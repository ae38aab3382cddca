import PipelineCore
import PipelineRuntime

/// What a journal says of one conversation, folded without touching it: state, events, and where its run works.
struct JournalView {
    let path: String
    private(set) var conversation: Conversation
    let run: Run.ID
    let entries: [Run.Event]
    /// How many events came before those; their records are no longer kept.
    let forgotten: Int
    /// The record up to which nothing but the state is kept; nil where everything is.
    let base: Int?
    let tornBytes: Int
    /// What the journal is a fork of.
    let origin: JournalOrigin?
    /// The other conversations that the journal holds.
    let others: [Conversation.ID]
    /// Whether the conversation is the one that is meant where none is named.
    private let isFirst: Bool
    private let metadata: JSON

    /// - Parameter conversation: the journal's first where none is named.
    init(_ given: String, conversation named: Conversation.ID? = nil) throws(CommandError) {
        let path = given.withoutEndingSlashes
        let contents = try FileJournalContents(reading: path)
        let known = contents.conversations
        let conversation = try contents.conversation(named, in: path)
        let history = contents.history(of: conversation)
        var folded = Folded(from: history)
        do throws(JournalError) {
            self.conversation = try history.replay { step in folded.take(step) }.state
        } catch {
            throw CommandError(error)
        }
        guard let run = folded.run else {
            throw CommandError(
                .badInput, "\(path) holds no run: it was stopped before its first record. Run the task again."
            )
        }
        self.path = path
        entries = folded.events
        (self.run, metadata) = run
        base = history.base?.sequence
        forgotten = history.base?.events ?? 0
        tornBytes = contents.tornBytes
        origin = contents.origin
        others = known.filter { other in other != conversation }
        isFirst = known.first == conversation
    }

    /// The same journal and conversation, read again.
    func reread() throws(CommandError) -> JournalView {
        try JournalView(path, conversation: conversation.id)
    }

    /// The place of the last event.
    var lastEvent: Int { forgotten + entries.count }

    /// A command about this conversation, without the program's name: `resume .pipeline/task-1/journal`.
    func command(_ word: String, _ rest: String...) -> String {
        var words = [word, path.quoted] + rest
        if !isFirst { words.append("--conversation \(conversation.id.text.quoted)") }
        return "\(Program.name) \(words.joined(separator: " "))"
    }

    /// The same with the state that the process at work on it has told.
    func updated(with state: Conversation) -> JournalView {
        var view = self
        view.conversation = state
        return view
    }

    /// The run, if it has not ended.
    var live: Run? { conversation.run(run) }

    /// What became of it, if it has.
    var summary: Conversation.Summary? { conversation.finished.last { summary in summary.run == run } }

    /// The confirmation gates that wait once the run is taken up: the reducer says, and nothing is done.
    var confirmations: [Run.Gate] {
        var taken = conversation
        var directives: [Run.Directive] = []
        _ = taken.reduce(
            Run.Signal(id: "preview", .restarted, by: .engine, at: entries.last?.time ?? 0), into: &directives
        )
        return taken.run(run)?.gates.filter { gate in gate.kind == .confirmation } ?? []
    }

    /// The digest of the policy that the run began with; nil of a run that was made before there were any.
    var policyDigest: String? { metadata["policy"]?.stringValue }

    /// Where its workspace is: where its journal was put elsewhere, as its fork or its request says; else beside it.
    func folder() throws(CommandError) -> RunFolder {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let beside = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        // A fork has a folder of its own, whatever the request says.
        let said = origin == nil ? metadata["folder"] : origin?.notes["folder"]
        let place = said?.stringValue ?? (beside.isEmpty ? "/" : beside)
        guard (try? FileDescriptor(opening: "\(place)/\(RunFolder.file)", .reading)) != nil else {
            throw CommandError(.badInput, "The run's folder is gone: there is no \(place)/\(RunFolder.file).")
        }
        return RunFolder(path: place)
    }
}

extension CommandError {
    init(_ error: JournalError) {
        let code: ExitCode =
            switch error.reason {
            case .held, .fenced: .held
            case .missing, .foreign, .newerFormat, .corrupt, .damaged, .diverged: .badInput
            case .unreachable: .usage
            case .system, .closed, .outOfOrder: .cannotWrite
            }
        self.init(code, "\(error)")
    }

    init(_ error: EngineError) {
        switch error {
        case .journal(let error): self.init(error)
        case .stillClosing, .shutDown: self.init(.failed, "\(error)")
        }
    }
}

extension FileJournalContents {
    /// What a folder's files hold.
    init(reading path: String) throws(CommandError) {
        do throws(JournalError) { self = try FileJournal.contents(of: path) } catch {
            throw CommandError(error)
        }
    }

    /// The conversation of this name, or the first one.
    func conversation(_ named: Conversation.ID?, in path: String) throws(CommandError) -> Conversation.ID {
        let known = conversations
        guard let named else { return known.first ?? "none" }
        guard known.contains(named) else {
            let names = known.map { id in "\n  \(id)" }.joined()
            throw CommandError(
                .usage,
                "\(path) holds no conversation \(named); "
                    + (known.isEmpty ? "it holds none." : "it holds these:\(names)"))
        }
        return named
    }
}

extension String {
    /// A folder's path as it is compared and shown.
    var withoutEndingSlashes: String {
        var path = self
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }
}

/// What the records of one conversation tell on the way.
private struct Folded {
    var events: [Run.Event] = []
    /// The run that was opened last, with what its request says beside the text.
    var run: (Run.ID, JSON)?

    init(from history: JournalHistory) {
        guard history.base != nil, let state = try? history.start().state else { return }
        let known = state.current.map { run in (run.id, run.metadata) }
        run = known ?? state.finished.last.map { summary in (summary.run, .null) }
    }

    mutating func take(_ step: JournalStep) {
        for case .publish(let event) in step.directives { events.append(event) }
        if case .userMessage(let message) = step.record.signal.kind, step.record.disposition == .applied {
            run = (Run.ID(key: step.record.signal.id.key), message.metadata)
        }
    }
}
