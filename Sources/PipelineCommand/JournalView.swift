import PipelineCore
import PipelineRuntime

/// What a journal says, folded without touching it: state, events, and where its run works.
struct JournalView {
    let path: String
    private(set) var conversation: Conversation
    let run: Run.ID
    let entries: [Run.Event]
    let tornBytes: Int
    private let metadata: JSON

    init(_ given: String) throws(CommandError) {
        var path = given
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        let contents: FileJournalContents
        do throws(JournalError) {
            contents = try FileJournal.contents(of: path)
        } catch {
            throw CommandError(error)
        }
        var request: (Run.ID, JSON)?
        var conversation = Conversation(id: contents.conversations.first ?? "none")
        var entries: [Run.Event] = []
        for record in contents.records where record.conversation == conversation.id {
            var directives: [Run.Directive] = []
            _ = conversation.reduce(record.signal, into: &directives)
            for case .publish(let event) in directives { entries.append(event) }
            if case .userMessage(let message) = record.signal.kind, record.disposition == .applied {
                request = (Run.ID(key: record.signal.id.key), message.metadata)
            }
        }
        guard let request else {
            throw CommandError(
                .badInput, "\(path) holds no run: it was stopped before its first record. Run the task again."
            )
        }
        self.path = path
        self.conversation = conversation
        self.entries = entries
        (run, metadata) = request
        tornBytes = contents.tornBytes
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

    /// Where its workspace is: where the run was told to keep its journal elsewhere, as the request says; else beside it.
    func folder() throws(CommandError) -> RunFolder {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let beside = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        let place = metadata["folder"]?.stringValue ?? (beside.isEmpty ? "/" : beside)
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
            case .held: .held
            case .missing, .foreign, .newerFormat, .corrupt, .diverged: .badInput
            case .system, .closed: .cannotWrite
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
