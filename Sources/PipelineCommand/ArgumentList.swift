import PipelineCore

/// The words after a subcommand, taken apart: flags anywhere, the rest in order.
struct ArgumentList {
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]
    private var switches: Set<String> = []

    /// - Parameters:
    ///   - switches: flags without a value.
    ///   - options: flags with one; the value follows, or comes after `=`.
    init(
        _ words: [String], of command: Subcommand, switches known: Set<String> = [], options: Set<String> = []
    ) throws(CommandError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            if word == "--help" || word == "-h" || known.contains(word) {
                switches.insert(word == "-h" ? "--help" : word)
            } else if options.contains(flag) {
                guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                    throw command.misuse("\(flag) needs a value.")
                }
                values[flag, default: []].append(value)
            } else {
                throw command.misuse("\(flag) is not an option of \(command.rawValue).")
            }
        }
    }

    func has(_ flag: String) -> Bool { switches.contains(flag) }

    func all(_ option: String) -> [String] { values[option] ?? [] }

    /// The conversation that `--conversation` names.
    var conversation: Conversation.ID? {
        all("--conversation").last.map { name in Conversation.ID(name) }
    }

    /// The number of a record, as an option says it.
    func record(_ option: String, of command: Subcommand) throws(CommandError) -> Int? {
        guard let word = all(option).last else { return nil }
        guard let number = Int(word), number > 0 else {
            throw command.misuse("\"\(word)\" is not the number of a record.")
        }
        return number
    }

    /// The only operand, such as `FOLDER`.
    func operand(_ name: String, of command: Subcommand) throws(CommandError) -> String {
        guard let first = operands.first else { throw command.misuse("\(name) is missing.") }
        guard operands.count == 1 else { throw command.misuse("\"\(operands[1])\" is one word too many.") }
        return first
    }

    /// The two operands, such as `JOURNAL` and `TICKET`.
    func operands(
        _ first: String, _ second: String, of command: Subcommand
    ) throws(CommandError) -> (String, String) {
        guard operands.count > 1 else {
            throw command.misuse("\(operands.isEmpty ? first : second) is missing.")
        }
        guard operands.count == 2 else {
            throw command.misuse("\"\(operands[2])\" is one word too many.")
        }
        return (operands[0], operands[1])
    }
}
