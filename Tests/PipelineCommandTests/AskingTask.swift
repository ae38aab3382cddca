import PipelineCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The task `ask`, whose model asks for commands that nobody listed, one after the other.
struct AskingTask {
    static let journal = ".pipeline/ask-1/journal"
    static let question = "y = yes, n = no, e = edit, a = always? "

    let folder: WorkFolder

    init(for commands: [[String]]) throws {
        folder = try WorkFolder()
        try folder.write("x", to: "ask/workspace/a")
        try folder.write(
            #"{"task":"Do it.","workspace":"workspace","transcript":"t.jsonl"}"#, to: "ask/task.json")
        try ask(for: commands)
    }

    /// Makes these the commands that the model asks for.
    func ask(for commands: [[String]]) throws {
        var lines = commands.enumerated().map { index, words -> String in
            let call: JSON = [
                "id": .string("\(index)"), "name": "run_command",
                "arguments": ["command": .array(words.map { word in .string(word) })],
            ]
            return JSON.object(["calls": [call]]).description
        }
        lines.append(#"{"text":"So be it."}"#)
        try folder.write(lines.joined(separator: "\n"), to: "ask/t.jsonl")
    }

    /// Makes it a task with one command, which says that it has begun, and stops its run then.
    func stopInTheMiddle(of script: String) async throws -> Outcome {
        try folder.write(
            """
            {"calls":[{"id":"1","name":"command.run.deploy","arguments":{}}]}
            {"text":"Done."}
            """, to: "ask/t.jsonl")
        let arguments: JSON = ["sh", "-c", .string(script)]
        let task: JSON = [
            "task": "Deploy it.", "workspace": "workspace", "transcript": "t.jsonl",
            "commands": ["deploy": ["arguments": arguments]],
        ]
        try folder.write(task.description, to: "ask/task.json")
        let trigger = Trigger(SIGINT, after: [Trigger.attempt("progress", of: 3)])
        return try await folder.pipeline("run", "ask", "--json", reacting: trigger.reaction)
    }

    /// Runs it on a terminal.
    func run(
        _ words: [String] = ["run", "ask"], typing: [(String, String)],
        lastAfter gate: String? = nil, telling listener: AsyncStream<Int>.Continuation? = nil
    ) async throws -> TerminalProcess.Session {
        try await TerminalProcess.run(
            words, in: folder.path, typing: typing.map { step in (after: step.0, keys: step.1) },
            lastAfter: gate.map { gate in folder[gate] }, telling: listener)
    }

    /// Whether the run has made this file.
    func made(_ name: String) -> Bool { folder.exists(".pipeline/ask-1/workspace/\(name)") }
}
