import Testing

@Suite("A task that cannot be run", .serialized, .timeLimit(.minutes(2)))
struct BadTaskTests {
    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    /// What is wrong with a copy of the example, and how it is said.
    struct Defect: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let old: String
        let new: String
        let words: [String]
    }

    private static let defects = [
        Defect(
            testDescription: "JSON with a hole", file: "task.json", old: "\"workspace\": \"workspace\"",
            new: "\"workspace\": ", words: ["task/task.json", "line 3, column", "value"]),
        Defect(
            testDescription: "JSON that ends too soon", file: "task.json", old: "    }\n  }\n}\n",
            new: "    }\n",
            words: ["task/task.json", "line 11", "ends too soon"]),
        Defect(
            testDescription: "unknown member", file: "task.json", old: "\"task\":",
            new: "\"speed\": 1, \"task\":",
            words: ["task/task.json", "/speed", "no such member"]),
        Defect(
            testDescription: "unknown member of a command", file: "task.json", old: "\"idempotent\"",
            new: "\"idempotnt\"", words: ["task/task.json", "/commands/test/idempotnt", "no such member"]),
        Defect(
            testDescription: "wrong type", file: "task.json", old: "\"idempotent\": true",
            new: "\"idempotent\": \"yes\"",
            words: ["task.json", "/commands/test/idempotent", "true or false"]),
        Defect(
            testDescription: "missing member", file: "task.json",
            old: "\"transcript\": \"transcript.jsonl\",",
            new: "", words: ["task/task.json", "transcript", "missing"]),
        Defect(
            testDescription: "no program", file: "task.json", old: "[\"sh\", \"test.sh\"]", new: "[]",
            words: ["task/task.json", "/commands/test/arguments", "no program"]),
        Defect(
            testDescription: "transcript that is elsewhere", file: "task.json", old: "transcript.jsonl",
            new: "nowhere.jsonl", words: ["task/nowhere.jsonl", "cannot be read", "No such file"]),
        Defect(
            testDescription: "transcript with a broken line", file: "transcript.jsonl",
            old: "{\"expects\": [{\"name\": \"edit_file\"", new: "{\"expects\": {\"name\": \"edit_file\"",
            words: ["task/transcript.jsonl, line 3", "column"]),
        Defect(
            testDescription: "transcript with an unknown member", file: "transcript.jsonl",
            old: "{\"text\": \"I'll", new: "{\"txt\": \"I'll",
            words: ["task/transcript.jsonl, line 1", "/txt", "no such member"]),
        Defect(
            testDescription: "transcript with a wrong type", file: "transcript.jsonl",
            old: "\"tokensOut\": 44",
            new: "\"tokensOut\": \"44\"", words: ["task/transcript.jsonl, line 4", "/usage/tokensOut"]),
    ]

    @Test(arguments: defects)
    func `a wrong file is named with the place and the reason, and nothing is made`(defect: Defect)
        async throws
    {
        let task = try folder.copyExample()
        let file = "\(task)/\(defect.file)"
        let good = try folder.text(of: file)
        try folder.write(good.replacing(defect.old, with: defect.new), to: file)
        try #require(try folder.text(of: file) != good)

        let ran = try await folder.pipeline("run", task)

        #expect(ran.exited(65), "\(ran)")
        for word in defect.words { #expect(ran.says(word), "\(ran.message)") }
        #expect(ran.output == [])
        #expect(!folder.exists(".pipeline"))
    }

    @Test func `an empty transcript is named`() async throws {
        let task = try folder.copyExample()
        try folder.write("\n\n", to: "\(task)/transcript.jsonl")
        let ran = try await folder.pipeline("run", task)
        #expect(ran.exited(65), "\(ran)")
        #expect(ran.says("task/transcript.jsonl", "no turn"))
        #expect(!folder.exists(".pipeline"))
    }

    @Test func `a folder that is missing, or holds no task, is named`() async throws {
        try folder.makeFolder("empty")
        for name in ["nowhere", "empty"] {
            let ran = try await folder.pipeline("run", name)
            #expect(ran.exited(65), "\(ran)")
            #expect(ran.says("There is no \(name)/task.json", "Name a folder that holds a task"))
            #expect(!folder.exists(".pipeline"))
        }
    }

    @Test func `a workspace that is missing is named`() async throws {
        let task = try folder.copyExample()
        folder.remove("\(task)/workspace")
        let ran = try await folder.pipeline("run", task)
        #expect(ran.exited(65), "\(ran)")
        #expect(ran.says("task/workspace", "does not exist"))
        #expect(!folder.exists(".pipeline/task-1/task.json"))
        try await expectNoRuns()
    }

    @Test func `a link in the workspace is named, and not followed`() async throws {
        let task = try folder.copyExample()
        try folder.makeLink("\(task)/workspace/outside", to: folder.path)
        let ran = try await folder.pipeline("run", task)
        #expect(ran.exited(65), "\(ran)")
        #expect(ran.says("task/workspace/outside", "symbolic link"))
        #expect(!folder.exists(".pipeline/task-1/workspace"))
        try await expectNoRuns()
    }

    @Test func `a task without words is refused`() async throws {
        try folder.write(
            "{\"task\":\" \",\"workspace\":\"workspace\",\"transcript\":\"transcript.jsonl\"}",
            to: "\(try folder.copyExample())/task.json")
        let ran = try await folder.pipeline("run", "task")
        #expect(ran.exited(65), "\(ran)")
        #expect(ran.says("task/task.json", "/task", "must not be blank"))
        #expect(!folder.exists(".pipeline"))
    }

    @Test func `a place that cannot be written is named`() async throws {
        let task = try folder.copyExample()
        try folder.write("I am a file.", to: ".pipeline")
        let ran = try await folder.pipeline("run", task)
        #expect(ran.exited(73), "\(ran)")
        #expect(ran.says("\(folder.path)/.pipeline"))
        #expect(ran.output == [])
        #expect(try folder.text(of: ".pipeline") == "I am a file.")
    }

    @Test func `a journal that cannot be written is named`() async throws {
        let task = try folder.copyExample()
        try folder.write("I am a file.", to: "file")
        let ran = try await folder.pipeline("run", task, "--journal", "file/journal")
        #expect(ran.exited(73), "\(ran)")
        #expect(ran.says("file/journal", "Not a directory"))
        #expect(ran.output == [])
        #expect(try folder.text(of: "file") == "I am a file.")
    }

    /// Checks that what could not be run is not listed either.
    private func expectNoRuns() async throws {
        let listed = try await folder.pipeline("list")
        #expect(listed.exited(0), "\(listed)")
        #expect(listed.output == [])
    }
}
