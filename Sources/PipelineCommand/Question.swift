import PipelineCore
import PipelineRunners

/// What a person is asked at a gate, and how what they type is understood.
struct Question {
    let gate: Run.Gate
    /// Whether it asks about a call, whose arguments can be edited.
    let isCall: Bool
    /// The run's when it was asked.
    let status: Run.Status

    enum Choice: String {
        case yes = "y"
        case no = "n"
        case edit = "e"
        case always = "a"
        case rerun = "r"
        case skip = "s"
        case supply = "p"
        case failRun = "f"

        var word: String {
            switch self {
            case .yes: "yes"
            case .no: "no"
            case .edit: "edit"
            case .always: "always"
            case .rerun: "rerun it"
            case .skip: "skip it"
            case .supply: "supply its result"
            case .failRun: "fail the run"
            }
        }
    }

    var choices: [Choice] {
        switch gate.kind {
        case .approval: isCall ? [.yes, .no, .edit, .always] : [.yes, .no, .always]
        case .confirmation: [.rerun, .skip, .supply, .failRun]
        }
    }

    /// What was chosen, by its letter or its word.
    func choice(_ line: String) -> Choice? {
        choices.first { choice in line == choice.rawValue || line == choice.word }
    }

    /// The step and its exact arguments, and for a confirmation why a person must say.
    var text: String {
        var text = "         step \(gate.ordinal): \(gate.name)\n"
        if gate.kind == .confirmation { text = "         \(gate.reason)\n" + text }
        if isCall || gate.arguments != [:] {
            for line in gate.arguments.indented().split(separator: "\n") { text += "           \(line)\n" }
        }
        return text.printable
    }

    var options: String {
        let options = choices.map { choice in "\(choice.rawValue) = \(choice.word)" }
        return "         \(options.joined(separator: ", "))? "
    }

    /// What "always" stands for: later approvals of this name, and of a command those of the same program.
    struct Kind: Hashable {
        let name: String
        let program: String?

        init(_ gate: Run.Gate) {
            name = gate.name
            program = gate.name == "run_command" ? RunCommandTool.command(gate.arguments)?.first : nil
        }
    }
}
