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
        let replay = contents.replay(of: contents.conversations.first ?? "none")
        guard let run = replay.run else {
            throw CommandError(
                .badInput, "\(path) holds no run: it was stopped before its first record. Run the task again."
            )
        }
        self.path = path
        conversation = replay.state
        entries = replay.events
        (self.run, metadata) = run
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
            case .held, .fenced: .held
            case .missing, .foreign, .newerFormat, .corrupt, .damaged, .diverged: .badInput
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

/// What the records of one conversation come to.
private struct Folded {
    var state: Conversation
    var events: [Run.Event] = []
    /// The run that was opened last, with what its request says beside the text.
    var run: (Run.ID, JSON)?
}

extension FileJournalContents {
    /// Folds a conversation from its first record, or where that is no longer kept, from the first snapshot.
    fileprivate func replay(of conversation: Conversation.ID) -> Folded {
        var folded = Folded(state: Conversation(id: conversation))
        let records = records.filter { record in record.conversation == conversation }
        let first = snapshots.first { snapshot in snapshot.conversation == conversation }
        if records.first?.sequence != 1, let first, let replay = try? JournalReplay(from: first) {
            folded.state = replay.state
            let known = replay.state.current.map { run in (run.id, run.metadata) }
            folded.run = known ?? replay.state.finished.last.map { summary in (summary.run, .null) }
        }
        for record in records {
            var directives: [Run.Directive] = []
            _ = folded.state.reduce(record.signal, into: &directives)
            for case .publish(let event) in directives { folded.events.append(event) }
            if case .userMessage(let message) = record.signal.kind, record.disposition == .applied {
                folded.run = (Run.ID(key: record.signal.id.key), message.metadata)
            }
        }
        return folded
    }
}
