public import PipelineCore

/// Sends a conversation what could come next and what never should, at random, from a seed: equal seeds, equal walks.
///
/// Every thousandth signal is checked against the rules of the ``ModelChecker``, every hundred-thousandth state is
/// encoded and decoded again.
public struct RandomSignals: Sendable {
    public private(set) var report = Report()
    var conversation = Conversation(id: "random")
    var random: SeededGenerator
    var templates: [Template]
    private var time: Run.Milliseconds = 0
    var number = 0
    /// The runs that ended last; signals about them still come.
    var ended: [Run.ID] = []

    public init(seed: UInt64, templates: [Template] = RandomSignals.templates) {
        random = SeededGenerator(seed: seed)
        self.templates = templates.isEmpty ? RandomSignals.templates : templates
    }

    /// Sends so many signals, or fewer when one breaks a rule.
    ///
    /// - Throws: the rule that is broken, with the signal that broke it.
    public mutating func send(_ count: Int) throws(ModelChecker.Violation) {
        for _ in 0..<count { try step() }
    }

    private mutating func step() throws(ModelChecker.Violation) {
        number += 1
        time += Int64(random.below(50))
        let (kind, phase) = nextKind()
        let id = random.below(50) == 0 ? Run.Signal.ID("s\(number - 1)") : Run.Signal.ID("s\(number)")
        let signal = Run.Signal(id: id, kind, by: actor(of: kind), at: time)
        var directives: [Run.Directive] = []
        guard number % 1_000 == 0 else {
            let disposition = conversation.reduce(signal, into: &directives)
            return note(kind, phase, disposition)
        }
        let before = conversation
        let disposition = conversation.reduce(signal, into: &directives)
        note(kind, phase, disposition)
        try check(signal, before, disposition, directives)
    }

    private mutating func note(_ kind: Run.Signal.Kind, _ phase: Report.Phase, _ disposition: Run.Disposition)
    {
        report.note(kind, phase, disposition)
        guard disposition == .applied, let last = conversation.finished.last, ended.last != last.run else {
            return
        }
        ended.append(last.run)
        if ended.count > 4 { ended.removeFirst() }
    }

    private mutating func check(
        _ signal: Run.Signal, _ before: Conversation, _ disposition: Run.Disposition,
        _ directives: [Run.Directive]
    ) throws(ModelChecker.Violation) {
        report.checked += 1
        var verdicts = ModelChecker.Verdicts()
        var used = ModelChecker.Used()
        var (was, now) = (before, conversation)
        was.seen = RecentSignals()
        now.seen = RecentSignals()
        let implied = ModelChecker.Ledger(now)
        ModelChecker.Edge(
            kind: signal.kind, role: .answer, before: was, after: now, disposition: disposition,
            directives: directives, ledger: ModelChecker.Ledger(was), implied: implied
        ).check(&verdicts, &used)
        ModelChecker.check(now, implied, &verdicts)
        if let broken = verdicts.broken {
            throw ModelChecker.Violation(
                rule: broken.rule.text, explanation: "\(broken.explanation), at signal \(number)",
                signals: [signal])
        }
        guard number % 100_000 == 0 else { return }
        let bytes = conversation.snapshot.canonicalBytes
        guard let json = try? JSON(parsing: bytes), let restored = try? Conversation(snapshot: json),
            restored.snapshot.canonicalBytes == bytes
        else {
            throw ModelChecker.Violation(
                rule: "a state that is encoded and decoded has the same bytes",
                explanation: "at signal \(number)",
                signals: [signal])
        }
    }
}
