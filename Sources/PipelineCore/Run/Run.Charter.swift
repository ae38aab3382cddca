extension Run {
    /// What a run is asked and by what it goes: set when it is opened, and never changed.
    ///
    /// Shared by all copies of a run, so that copying and comparing states costs little.
    final class Charter: Sendable {
        let id: ID
        let template: Template
        let isUnattended: Bool
        let operators: [Key]
        let skills: [Skill]
        let metadata: JSON
        let parent: Parent?
        let cause: Signal.ID
        let correlation: Signal.ID
        let request: String

        init(
            id: ID, template: Template, isUnattended: Bool, operators: [Key], skills: [Skill],
            metadata: JSON, parent: Parent?, cause: Signal.ID, correlation: Signal.ID, request: String
        ) {
            self.id = id
            self.template = template
            self.isUnattended = isUnattended
            self.operators = operators
            self.skills = skills
            self.metadata = metadata
            self.parent = parent
            self.cause = cause
            self.correlation = correlation
            self.request = request
        }
    }
}

extension Run.Charter: Hashable {
    static func == (a: Run.Charter, b: Run.Charter) -> Bool {
        a === b
            || a.id == b.id && a.template == b.template && a.isUnattended == b.isUnattended
                && a.operators == b.operators && a.skills == b.skills && a.metadata == b.metadata
                && a.parent == b.parent
                && a.cause == b.cause && a.correlation == b.correlation && Key(a.request) == Key(b.request)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Run {
    public var id: ID { charter.id }
    /// The definition it started with.
    public var template: Template { charter.template }
    public var isUnattended: Bool { charter.isUnattended }
    /// The operators who may control it; anybody who may send requests when it is empty.
    public var operators: [Key] { charter.operators }
    /// What its strategies are told how to do, from the request.
    public var skills: [Skill] { charter.skills }
    /// The host's own notes, from the request.
    public var metadata: JSON { charter.metadata }
    /// For a child run, what has opened it.
    public var parent: Parent? { charter.parent }
    /// The signal that asked for it.
    public var cause: Signal.ID { charter.cause }
    public var correlation: Signal.ID { charter.correlation }
    /// What it was asked.
    public var request: String { charter.request }
}
