import PipelineCore
import Testing

/// What `--json` printed: one event a line.
struct Timeline {
    let events: [JSON]

    /// Reads each line as strict JSON.
    init(_ lines: [String]) throws {
        events = try lines.map { line in try JSON(parsing: line) }
    }

    /// What `show --json` says about a journal.
    init(of journal: String, in folder: WorkFolder) async throws {
        let shown = try await folder.pipeline("show", journal, "--json")
        try #require(shown.exited(0), "\(shown)")
        try self.init(shown.output)
    }

    var types: [String] { events.map { event in event["type"]?.stringValue ?? "" } }

    /// What the last event of the run itself says; a request that came too late may follow it.
    var outcome: String? {
        let prefix = "conversation.run."
        return types.last { type in type.hasPrefix(prefix) }.map { type in
            String(type.dropFirst(prefix.count))
        }
    }

    var sequences: [Int] { events.map { event in Int(event["sequence"]?.integerValue ?? 0) } }

    func count(_ type: String) -> Int { types.count { other in other == type } }

    /// Whether the places have no gap, and begin with this one.
    func isContiguous(from first: Int = 1) -> Bool { sequences == Array(first..<(first + events.count)) }

    /// The runs that events name.
    var runs: Set<String> {
        Set(
            events.compactMap { event in
                event["run_id"]?.stringValue
                    ?? event["execution_id"]?.stringValue.map { id in
                        id.split(separator: "/").dropLast(2).joined(separator: "/")
                    }
            })
    }

    struct Step: Hashable {
        let ordinal: Int
        let kind: String
        let name: String
    }

    /// The steps in the order of their numbers.
    var steps: [Step] {
        var steps: [Int: Step] = [:]
        for event in events {
            guard let ordinal = event["ordinal"]?.integerValue, let kind = event["class"]?.stringValue,
                let name = event["name"]?.stringValue
            else { continue }
            steps[Int(ordinal)] = Step(ordinal: Int(ordinal), kind: kind, name: name)
        }
        return steps.values.sorted { a, b in a.ordinal < b.ordinal }
    }

    /// How often a step came to its end.
    func endings(of ordinal: Int) -> Int {
        let ends = ["completed", "failed", "canceled"].map { word in "conversation.step.\(word)" }
        return events.count { event in
            event["ordinal"]?.integerValue == Int64(ordinal)
                && ends.contains(event["type"]?.stringValue ?? "")
        }
    }

    /// The numbers of a step's attempts that came to this point.
    func attempts(of ordinal: Int, _ lifecycle: String) -> [Int] {
        events.compactMap { event in
            guard let id = event["execution_id"]?.stringValue?.split(separator: "/").suffix(2),
                id.first == "\(ordinal)", event["lifecycle_status"]?.stringValue == lifecycle
            else { return nil }
            return id.last.flatMap { number in Int(number) }
        }
    }
}

/// Checks what holds for every run that was completed, however often it was stopped.
///
/// Places without a gap, one run, each step ended exactly once, and attempts counted from 1 of which only the
/// last one completed. A step that was skipped ended without completing.
func expectCompletedOnce(
    _ timeline: Timeline, like other: Timeline, skipping skipped: Int? = nil, _ comment: Comment,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(timeline.isContiguous(), comment, sourceLocation: sourceLocation)
    #expect(timeline.runs.count == 1, comment, sourceLocation: sourceLocation)
    #expect(timeline.outcome == "completed", comment, sourceLocation: sourceLocation)
    #expect(timeline.count("conversation.run.started") == 1, comment, sourceLocation: sourceLocation)
    #expect(timeline.steps == other.steps, comment, sourceLocation: sourceLocation)
    for step in timeline.steps {
        let about: Comment = "\(comment.rawValue), step \(step.ordinal)"
        #expect(timeline.endings(of: step.ordinal) == 1, about, sourceLocation: sourceLocation)
        guard step.kind != "system" else { continue }
        let attempts = timeline.attempts(of: step.ordinal, "requested")
        #expect(attempts == Array(1...max(1, attempts.count)), about, sourceLocation: sourceLocation)
        let completed = step.ordinal == skipped ? [] : attempts.suffix(1)
        #expect(
            timeline.attempts(of: step.ordinal, "completed") == Array(completed), about,
            sourceLocation: sourceLocation)
    }
}
