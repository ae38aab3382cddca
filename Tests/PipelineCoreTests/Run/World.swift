import PipelineCore
import PipelineTesting
import Testing

/// A conversation under test: each signal's whole effect, one short line for each directive.
struct World {
    var conversation = Conversation(id: "c")
    var time: Run.Milliseconds = 1_000
    private var sent = 0
    /// Every directive that was ever given, in order.
    private(set) var directives: [Run.Directive] = []
    /// After every signal the conversation is replaced with what its snapshot's bytes hold.
    private let isRestoring: Bool
    /// How often it was.
    private(set) var restorations = 0

    init(restoring: Bool = BothModes.isRestoring) { isRestoring = restoring }

    struct Effect: Equatable {
        let disposition: Run.Disposition
        let directives: [Run.Directive]

        /// Events by type without their prefix, and what else must be done.
        var lines: [String] { directives.map { directive in directive.line } }
        /// What must be done, events left out.
        var deeds: [String] {
            directives.filter { directive in if case .publish = directive { false } else { true } }
                .map { directive in directive.line }
        }
        var events: [String] {
            directives.compactMap { directive in
                if case .publish(let event) = directive { event.line } else { nil }
            }
        }
    }

    @discardableResult
    mutating func send(_ signal: Run.Signal) -> Effect {
        var appended: [Run.Directive] = []
        let disposition = conversation.reduce(signal, into: &appended)
        directives += appended
        // Whoever sends more than this has nothing new to say.
        for case .publish(let event) in appended where directives.count < 2_000 {
            guard (try? Run.Event(json: event.json)) != event else { continue }
            Issue.record("what is written of an event is not read back: \(event.json)")
        }
        if isRestoring {
            do throws(RestoringError) {
                conversation = try conversation.restored()
                restorations += 1
            } catch {
                Issue.record(error, "after \(signal.kind.word) \(signal.id)")
            }
        }
        BothModes.log?.append(signal, disposition, appended, conversation, isRestored: restorations > 0)
        return Effect(disposition: disposition, directives: appended)
    }

    @discardableResult
    mutating func send(
        _ kind: Run.Signal.Kind, id: String? = nil, by actor: Run.Actor? = nil
    ) -> Effect {
        sent += 1
        let signal = Run.Signal(
            id: Run.Signal.ID(id ?? "s\(sent)"), kind, by: actor ?? kind.usualActor, at: time)
        return send(signal)
    }

    /// Opens run `r` with a message; its strategy is execution `r/2/1`.
    @discardableResult
    mutating func open(_ template: Template = .coding) -> Effect {
        send(.userMessage(Run.Request("Fix it.", template: template)), id: "r")
    }

    @discardableResult
    mutating func complete(_ id: String, _ output: JSON = "Done.", calls: [Run.Call] = []) -> Effect {
        send(.completed(execution(id), Run.Result(output: output, calls: calls)))
    }

    @discardableResult
    mutating func fail(_ id: String, _ category: Run.Failure.Category, retryable: Bool? = nil) -> Effect {
        send(.failed(execution(id), Run.Failure(category, "it broke", isRetryable: retryable)))
    }

    @discardableResult
    mutating func cancelAnswer(_ id: String, effectBegan: Bool = true) -> Effect {
        send(.canceled(execution(id), effectBegan: effectBegan))
    }

    @discardableResult
    mutating func fire(_ timer: String) -> Effect {
        guard let id = Run.Timer.ID(timer) else { return Effect(disposition: .stale, directives: []) }
        return send(.timerFired(id))
    }

    func execution(_ text: String) -> Run.Execution.ID {
        Run.Execution.ID(text) ?? Run.Execution.ID(run: "?", ordinal: 0, attempt: 0)
    }

    /// The run that was opened last.
    var run: Run? { conversation.current }

    /// Ordinal, status and attempts of each step: `2 llm open 1`.
    var steps: [String] {
        run?.steps.map { step in
            "\(step.ordinal) \(step.kind.rawValue) \(step.status.rawValue) \(step.attempts)"
        } ?? []
    }
}

extension Run.Call {
    /// A call that may be repeated.
    static func safe(_ id: String, _ name: String) -> Run.Call {
        Run.Call(id: id, name: name, arguments: ["for": .string(id)], isIdempotent: true)
    }

    /// A call that may not.
    static func once(_ id: String, _ name: String) -> Run.Call {
        Run.Call(id: id, name: name, arguments: ["for": .string(id)])
    }
}
