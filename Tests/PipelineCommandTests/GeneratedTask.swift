import PipelineCore
import PipelineTesting

/// A workspace with a defect, commands, and a transcript that mends it, all made from a seed.
///
/// Every command adds its name and process to the run's `tally`, outside of the workspace. Where the working folder
/// holds a file `hold-<command>` it then says `holding <command>` and waits for the FIFO `gate`.
struct GeneratedTask: Sendable {
    struct Command: Hashable, Sendable {
        let name: String
        let isIdempotent: Bool
        /// The file of the workspace that it makes or adds to; nil for a check.
        let makes: String?
    }

    let seed: UInt64
    let red: Command
    let green: Command
    /// One at least that is idempotent, and one that is not.
    let works: [Command]
    let tokensIn: Int
    let tokensOut: Int
    private(set) var files: [String: String] = [:]
    private let turns: [JSON.Object]

    var commands: [Command] { [red, green] + works }

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededWords(seed: seed)
        let (key, wrong, right) = (random.name(), random.name(), random.name())
        let broken = "\(random.name())/\(random.name()).txt"
        files[broken] = (random.lines(0...4) + ["\(key) \(wrong)"] + random.lines(0...4)).joined(
            separator: "\n")
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            files["\(random.name())/\(random.name()).md"] = random.lines(1...6).joined(separator: "\n")
        }

        red = Command(name: random.name(), isIdempotent: true, makes: nil)
        green = Command(name: random.name(), isIdempotent: true, makes: nil)
        var works = [true, false].map { isIdempotent in
            Command(name: random.name(), isIdempotent: isIdempotent, makes: "\(random.name()).out")
        }
        if Bool.random(using: &random) {
            works.append(
                Command(
                    name: random.name(), isIdempotent: .random(using: &random), makes: "\(random.name()).out")
            )
        }
        works.shuffle(using: &random)
        self.works = works
        files["step.sh"] = GeneratedTask.prologue
        for check in [red, green] {
            files["\(check.name).sh"] = ". ./step.sh\ngrep '^\(key) \(right)$' '\(broken)'\n"
        }
        for work in works {
            let operation = work.isIdempotent ? ">" : ">>"
            files["\(work.name).sh"] =
                ". ./step.sh\nprintf '\(random.name())\\n' \(operation) '\(work.makes ?? "")'\n"
        }

        var turns: [JSON.Object] = []
        func call(_ name: String, _ arguments: JSON = [:]) -> JSON {
            ["id": .string(random.name()), "name": .string(name), "arguments": arguments]
        }
        func command(_ command: Command) -> JSON { call("command.run.\(command.name)") }
        func result(_ name: String, _ output: JSON) -> JSON { ["name": .string(name), "output": output] }
        turns.append(["calls": [call("read_file", ["path": .string(broken)]), command(red)]])
        turns.append([
            "expects": [
                result("read_file", ["path": .string(broken)]),
                result("command.run.\(red.name)", ["exitCode": 1]),
            ],
            "calls": [
                call(
                    "edit_file",
                    [
                        "path": .string(broken), "old": .string("\(key) \(wrong)"),
                        "new": .string("\(key) \(right)"),
                    ])
            ],
        ])
        let first = Int.random(in: 1..<works.count, using: &random)
        turns.append([
            "expects": [result("edit_file", ["path": .string(broken)])],
            "calls": .array(works.prefix(first).map { work in command(work) }),
        ])
        // What the commands gave is not looked at: one that was skipped gave nothing.
        turns.append(["calls": .array(works.dropFirst(first).map { work in command(work) })])
        turns.append([
            "calls": [
                command(green),
                call("write_file", ["path": .string("\(random.name()).md"), "text": .string(random.name())]),
            ]
        ])
        turns.append([:])
        var (tokensIn, tokensOut) = (0, 0)
        for index in turns.indices {
            turns[index]["text"] = .string((0...2).map { _ in random.name() }.joined(separator: " "))
            let usage = (Int.random(in: 1...999, using: &random), Int.random(in: 1...99, using: &random))
            turns[index]["usage"] = ["tokensIn": usage.0.json, "tokensOut": usage.1.json]
            (tokensIn, tokensOut) = (tokensIn + usage.0, tokensOut + usage.1)
        }
        (self.turns, self.tokensIn, self.tokensOut) = (turns, tokensIn, tokensOut)
    }

    private static let prologue = """
        name=$(basename "$0" .sh)
        printf '%s %s\\n' "$name" "$$" >> ../tally
        if [ -e "../../../hold-$name" ]; then
            printf 'holding %s\\n' "$name"
            read -r answer < ../../../gate
        fi

        """

    /// The transcript, with a pause of ten minutes between the words of one turn, counted from 1, if any.
    func transcript(pausingIn turn: Int? = nil) -> String {
        turns.enumerated().map { index, turn_ in
            var object = turn_
            if index + 1 == turn { object["pace"] = 600_000 }
            return JSON.object(object).description + "\n"
        }.joined()
    }

    /// Writes the task's folder.
    func write(to folder: WorkFolder, as name: String = "task", pausingIn turn: Int? = nil) throws {
        for (path, text) in files { try folder.write(text, to: "\(name)/workspace/\(path)") }
        try folder.write(transcript(pausingIn: turn), to: "\(name)/transcript.jsonl")
        var commands: JSON.Object = [:]
        for command in self.commands {
            commands[command.name] = [
                "arguments": ["sh", .string("\(command.name).sh")], "idempotent": .bool(command.isIdempotent),
            ]
        }
        let task: JSON = [
            "task": .string("Mend \(seed)."), "workspace": "workspace", "transcript": "transcript.jsonl",
            "commands": .object(commands),
        ]
        try folder.write(task.description, to: "\(name)/task.json")
        try folder.makeGate("gate")
    }
}

/// Numbers and words from a seed.
struct SeededWords: RandomNumberGenerator {
    private var numbers: SeededGenerator
    private var names: Set<String> = []

    init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

    mutating func next() -> UInt64 { numbers.next() }

    /// A word that was not given before.
    mutating func name() -> String {
        while true {
            let letters = (0..<Int.random(in: 5...8, using: &self)).map { _ in
                Character(UnicodeScalar(UInt8.random(in: 97...122, using: &self)))
            }
            if names.insert(String(letters)).inserted { return String(letters) }
        }
    }

    mutating func lines(_ count: ClosedRange<Int>) -> [String] {
        (0..<Int.random(in: count, using: &self)).map { _ in "\(name()) \(name())" }
    }
}
