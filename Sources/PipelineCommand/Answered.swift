import PipelineCore

/// An answer that was given at a gate, to be reported.
struct Answered {
    let gate: Run.Gate
    let command: Subcommand
    let person: String
    /// How many people more must agree.
    let missing: Int
    let next: String

    init(_ gate: Run.Gate, _ command: Subcommand, by person: String, missing: Int, next: String) {
        self.gate = gate
        self.command = command
        self.person = person
        self.missing = missing
        self.next = next
    }

    /// Says what became of it.
    func report(_ disposition: Run.Disposition) throws(CommandError) -> ExitCode {
        let step = "step \(gate.ordinal) (\(gate.name))"
        switch disposition {
        case .applied:
            let said = command == .approve ? "approved" : "denied"
            let next = missing > 0 ? "\(missing) more must approve it" : next
            Console.out("\(said.padded(to: 8)) \(step) by \(person); \(next)\n".printable)
            return .completed
        case .unchanged:
            Console.out(
                "unchanged \(step): \(person) has approved it already; \(missing) more must\n".printable)
            return .completed
        case .rejected(.unauthorized):
            throw CommandError(.failed, "\(person) may not answer for this run; nothing was changed.")
        case .rejected(.payloadInvalid):
            throw CommandError(
                .usage, "The answer is too large or too deeply nested to be kept; nothing was changed.")
        case .duplicate, .stale, .rejected:
            throw CommandError(
                .failed, "The answer was not taken: \(disposition.json). See `pipeline show`.")
        }
    }
}
