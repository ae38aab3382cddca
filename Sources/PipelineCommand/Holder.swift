import PipelineCore
import PipelineRuntime

/// The process that holds a journal and is at work on its run, as it is steered from here.
struct Holder: ~Copyable {
    private var client: ControlClient
    private let view: JournalView

    /// Whoever holds the journal; nil when nobody does. Then the view is read again, since somebody did until now.
    static func client(of view: inout JournalView) async throws(CommandError) -> Holder? {
        // One that has only just taken the journal does not listen yet, and one that is about to go no more.
        for _ in 1...20 {
            guard FileJournal.isHeld(at: view.path) else {
                view = try view.reread()
                return nil
            }
            do throws(ControlError) {
                return Holder(client: try await ControlClient(to: view.path), view: view)
            } catch {
                guard [.notListening, .disconnected].contains(error.reason) else { throw CommandError(error) }
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
        throw CommandError(
            .held,
            "Another process is using \(view.path), and does not listen for commands; wait until it has ended, "
                + "or interrupt it where it runs.")
    }

    /// The name under which the holder knows the person here.
    var person: String {
        if case .operator(let name) = client.person { name.text } else { "\(client.person)" }
    }

    /// How the run stands now.
    mutating func state() async throws(CommandError) -> Conversation {
        do throws(ControlError) { return try await client.state(of: view.conversation.id) } catch {
            throw CommandError(error)
        }
    }

    /// Makes a request under an id of its own; nil when the process went away before it answered.
    ///
    /// Then the journal says what became of it.
    mutating func request(_ kind: Run.Signal.Kind) async throws(CommandError) -> Run.Disposition? {
        let id = Run.Signal.ID("\(view.run)/\(WallClock().now)/\(UInt64.random(in: 0 ... .max))")
        do throws(ControlError) {
            return try await client.request(kind, id: id, in: view.conversation.id)
        } catch {
            if error.reason == .disconnected { return nil }
            throw CommandError(error)
        }
    }

    /// Shows what happens from where the journal was read, until an event is the last or none can come any more.
    ///
    /// - Returns: the journal as it is then.
    consuming func follow(
        _ printer: inout ProgressPrinter, until isLast: (Run.Event) -> Bool
    ) async throws(CommandError) -> JournalView {
        let view = view
        var shown = view.lastEvent
        var isOver = false
        do throws(ControlError) {
            var events = try await client.events(of: view.conversation.id, after: shown)
            while let entry = try await events.next() {
                // Whoever follows too slowly reads in the journal what they have missed.
                if entry.missed > 0, let all = try? view.reread() {
                    all.show(&printer, from: shown, to: entry.sequence - 1)
                }
                printer.show(entry.event, number: entry.sequence)
                shown = entry.sequence
                isOver = isLast(entry.event)
                if isOver { break }
            }
        } catch {
            throw CommandError(error)
        }
        // A process that dies loses its connections and its lock one after the other.
        for _ in 1...1_000 where !isOver && FileJournal.isHeld(at: view.path) { FileDescriptor.pause() }
        let last = try view.reread()
        last.show(&printer, from: shown, to: last.lastEvent)
        return last
    }
}

extension JournalView {
    /// Shows the events after one place, up to another, as far as they are kept.
    func show(_ printer: inout ProgressPrinter, from first: Int = 0, to last: Int) {
        for (index, event) in entries.enumerated() where first..<max(first, last) ~= forgotten + index {
            printer.show(event, number: forgotten + index + 1)
        }
    }
}

extension CommandError {
    init(_ error: ControlError) {
        let code: ExitCode =
            switch error.reason {
            case .disconnected, .refused(.engine, _), .refused(.malformed, _): .failed
            case .refused(.tooLong, _): .usage
            default: .held
            }
        self.init(code, "\(error)")
    }
}
