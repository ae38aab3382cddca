import PipelineCore
import PipelineRunners
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder that a test works in and runs the program in; removed with all that is in it.
final class WorkFolder: Sendable {
    /// Absolute, without links.
    let path: String

    init() throws {
        var template = Array("/tmp/pipeline-command-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else {
            throw HarnessError("mkdtemp failed with error \(errno).")
        }
        defer { free(resolved) }
        path = String(cString: resolved)
    }

    deinit { WorkFolder.remove(path) }

    /// The absolute path of something in it.
    subscript(_ name: String) -> String { "\(path)/\(name)" }

    /// Runs the program in it to its end.
    func pipeline(
        _ words: String..., reacting reaction: @escaping PipelineProcess.Reaction = { _ in nil }
    ) async throws -> Outcome {
        try await PipelineProcess(words, in: path, reacting: reaction).outcome()
    }

    /// Starts the program in it.
    func start(
        _ words: String..., reacting reaction: @escaping PipelineProcess.Reaction = { _ in nil }
    ) throws -> PipelineProcess {
        try PipelineProcess(words, in: path, reacting: reaction)
    }

    // MARK: Files

    func exists(_ name: String) -> Bool { access(self[name], F_OK) == 0 }

    /// Makes or overwrites a file, and the folders that lead to it.
    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try makeFolder(name.split(separator: "/").dropLast().joined(separator: "/"))
        guard let file = fopen(self[name], "w") else { throw refusal("fopen", name) }
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count else { throw refusal("fwrite", name) }
    }

    func bytes(of name: String) throws -> [UInt8] {
        guard let file = fopen(self[name], "r") else { throw refusal("fopen", name) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    func text(of name: String) throws -> String { String(decoding: try bytes(of: name), as: UTF8.self) }

    func makeFolder(_ name: String) throws {
        var made = path
        for part in name.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else { throw refusal("mkdir", name) }
        }
    }

    func makeLink(_ name: String, to target: String) throws {
        guard symlink(target, self[name]) == 0 else { throw refusal("symlink", name) }
    }

    func makeGate(_ name: String) throws {
        guard mkfifo(self[name], 0o644) == 0 else { throw refusal("mkfifo", name) }
    }

    /// Lets whoever waits at the gate go on, or comes to it before this is given up.
    func openGate(_ name: String) throws -> FileDescriptor {
        // Read and write: that waits for nobody.
        let gate = try FileDescriptor(opening: self[name], .lock)
        try gate.write([1])
        return gate
    }

    func remove(_ name: String) { WorkFolder.remove(self[name]) }

    /// A copy of a folder from anywhere.
    func copy(_ source: String, to name: String) throws {
        try Workspace.copy(from: source, to: self[name])
    }

    func digest(of name: String) throws -> ContentDigest { try Workspace.digest(of: self[name]) }

    private func refusal(_ call: String, _ name: String) -> HarnessError {
        HarnessError("\(call) failed on \(self[name]) with error \(errno).")
    }

    /// The names in a folder, sorted.
    func names(in name: String) throws -> [String] {
        guard let names = WorkFolder.names(self[name]) else { throw refusal("opendir", name) }
        return names.sorted()
    }

    private static func names(_ path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { byte in byte != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func remove(_ path: String) {
        // A link is removed and not followed.
        guard unlink(path) != 0 else { return }
        for name in names(path) ?? [] { remove("\(path)/\(name)") }
        rmdir(path)
    }
}

extension WorkFolder {
    /// The first example of the documentation.
    static let example = example("fix-the-test")

    /// An example of the documentation by its name.
    static func example(_ name: String) -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/docs/examples/\(name)"
    }

    /// Copies an example, without pauses between its words, and gives the copy's name.
    func copyExample(
        _ example: String = "fix-the-test", as name: String = "task",
        editing edit: (String) -> String = { text in text }
    ) throws -> String {
        try copy(WorkFolder.example(example), to: name)
        let transcript = "\(name)/transcript.jsonl"
        let paced = try text(of: transcript)
        let hasty = paced.replacing("\"pace\": 15", with: "\"pace\": 0")
        guard hasty != paced else { throw HarnessError("The example's transcript has no pace of 15.") }
        try write(edit(hasty), to: transcript)
        return name
    }

    /// Copies the example, whose strategy pauses for ten minutes after its first word.
    ///
    /// - Returns: its name.
    func copyPausingExample() throws -> String {
        try copyExample { text in
            guard let place = text.firstRange(of: WorkFolder.hasty) else { return text }
            return text[..<place.lowerBound] + "\"pace\": 600000" + text[place.upperBound...]
        }
    }

    /// Takes the pause out of a transcript.
    func endPause(in transcript: String) throws {
        let paused = try text(of: transcript)
        try write(paused.replacing("\"pace\": 600000", with: WorkFolder.hasty), to: transcript)
    }

    private static let hasty = "\"pace\": 0"
}
