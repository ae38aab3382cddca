public import PipelineCore

/// One event with its place in the stream of its conversation.
public struct EventEntry: Hashable, Sendable {
    /// Counted from 1 within the conversation, without gaps; the same after a restart.
    public let sequence: Int
    /// How many events right before this one are no longer kept; 0 for a subscriber that keeps up.
    public let missed: Int
    public let event: Run.Event
}

/// The last events of a conversation.
struct EventLog {
    private var events: [Run.Event] = []
    /// How many events there were before the first that is kept.
    private var forgotten: Int

    /// - Parameter forgotten: how many events there were before the first that comes.
    init(after forgotten: Int = 0) { self.forgotten = forgotten }

    /// Events that a slow subscriber can catch up with, at least.
    static let capacity = 4_096

    mutating func append(_ event: Run.Event) {
        events.append(event)
        guard events.count >= EventLog.capacity * 2 else { return }
        let surplus = events.count - EventLog.capacity
        events.removeFirst(surplus)
        forgotten += surplus
    }

    /// The place of the last event; 0 when there was none.
    var last: Int { forgotten + events.count }

    /// What a run has left, if its end is still among the events.
    func artifact(of run: Run.ID) -> JSON? {
        for event in events.reversed() {
            if case .run(run, .completed(let artifact)) = event.kind { return artifact }
        }
        return nil
    }

    /// The first event after this place, if there is one.
    func first(after cursor: Int) -> EventEntry? {
        let cursor = max(0, cursor)
        let index = max(0, cursor - forgotten)
        guard index < events.count else { return nil }
        return EventEntry(
            sequence: forgotten + index + 1, missed: max(0, forgotten - cursor), event: events[index])
    }
}
