import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// The samples of the README are the code of this target: compiled, run, and the same to the letter.
struct ReadmeTests {
    @Test(arguments: [
        ("embed", "EmbeddingSample.swift"), ("tool", "EmbeddingSample.swift"),
        ("loop", "HostLoopSample.swift"),
        ("reducer", "ReducerSample.swift"),
    ])
    func `each sample stands in the README as it is compiled`(name: String, file: String) throws {
        let readme = try SourceFolder.text(SourceFolder.path("../../README.md"))
        let sample = try #require(sample(name, in: try SourceFolder.text(SourceFolder.path(file))))
        #expect(readme.contains("```swift\n\(sample)```"), "\(file), \(name): copy it into the README")
    }

    @Test func `every Swift block of the README is a sample`() throws {
        let readme = try SourceFolder.text(SourceFolder.path("../../README.md"))
        let blocks = readme.split(separator: "```swift\n").count - 1
        #expect(blocks == 5, "four samples and the lines for Package.swift")
    }

    @Test func `the embedding sample runs`() async throws { try await ask() }

    @Test func `the host loop sample runs to its end on the calling thread`() {
        var gateway = Gateway(policy: Policy { _ in Run.Decision(.allow, rule: "all") })
        gateway.register(model)
        gateway.register(weather)
        runOnMyOwnLoop(gateway)
    }

    /// The lines between a mark and its end, without the indentation that they share.
    private func sample(_ name: String, in text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { line in line.hasSuffix("// README: \(name)") }),
            let end = lines[start...].firstIndex(where: { line in line.hasSuffix("// README: end") })
        else { return nil }
        let shared = lines[start].prefix { character in character == " " }.count
        return lines[(start + 1)..<end].map { line in line.dropFirst(shared) + "\n" }.joined()
    }
}

/// This folder, in the tree from which the tests were built.
enum SourceFolder {
    static func path(_ name: String, file: String = #filePath) -> String {
        file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/"
            + name
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try FileDescriptor(opening: path, .reading).readAll(), as: UTF8.self)
    }
}
