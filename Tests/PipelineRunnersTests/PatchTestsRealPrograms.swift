import PipelineRunners
import PipelineTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `diff` and `git` write is applied with the result that `patch` and `git` have.
@Suite("Patches: as real programs make and apply them", .timeLimit(.minutes(5)))
struct PatchTestsRealPrograms {
    @Test(
        .enabled(if: isInstalled("diff", "patch"), "diff and patch are not installed"),
        arguments: 1...120 as ClosedRange<UInt64>)
    func `random pairs of files become what patch makes of them`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try #require(TemporaryFolder())
        let old = random.file(ofWords: seed.isMultiple(of: 2) ? 3 : 200)
        let new = random.edited(old)
        guard old != new else { return }
        for name in ["ours", "theirs", "old"] { folder.put(old, in: name) }
        folder.put(new, in: "new")
        let context = 1 + random.below(5)
        let diff = try await run(
            ["diff", "-a", "-U\(context)", "--label", "a/ours", "--label", "b/ours", "old", "new"], in: folder
        )
        #expect(diff.ending == .exited(code: 1) && !diff.truncated && !diff.replaced)
        _ = try Workspace(root: folder.path).apply(Patch(parsing: Array(diff.stdout.utf8)))
        #expect(folder.bytes(of: "ours") == new)

        folder.put(diff.stdout, in: "diff")
        let theirs = try await run(["patch", "--binary", "-s", "-F0", "-i", "diff", "theirs"], in: folder)
        #expect(theirs.ending == .exited(code: 0), "\(theirs.stdout)")
        #expect(folder.bytes(of: "theirs") ?? [] == new)
    }

    @Test(
        .enabled(if: isInstalled("diff", "patch"), "diff and patch are not installed"),
        arguments: 1...60 as ClosedRange<UInt64>)
    func `in a file that has grown at its front hunks go where patch puts them`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try #require(TemporaryFolder())
        let old = random.file(ofWords: 100_000)
        let new = random.edited(old)
        guard old != new, !old.isEmpty else { return }
        let front = Array((0...random.below(9)).map { number in "front \(number)\n" }.joined().utf8)
        for name in ["ours", "theirs"] { folder.put(front + old, in: name) }
        folder.put(old, in: "old")
        folder.put(new, in: "new")
        let diff = try await run(
            ["diff", "-a", "-u", "--label", "ours", "--label", "ours", "old", "new"], in: folder)
        let patched = try Workspace(root: folder.path).apply(Patch(parsing: Array(diff.stdout.utf8)))
        #expect(folder.bytes(of: "ours") == front + new)
        let lines = front.count { byte in byte == 0x0A }
        #expect(patched.files.first?.offsets.allSatisfy { offset in offset == lines } == true)

        // Unlike us it insists that a hunk without lines before it is at the front.
        folder.put(diff.stdout, in: "diff")
        let theirs = try await run(["patch", "--binary", "-s", "-F0", "-i", "diff", "theirs"], in: folder)
        guard theirs.ending == .exited(code: 0) else { return }
        #expect(folder.bytes(of: "theirs") == folder.bytes(of: "ours"))
    }

    @Test(
        .enabled(if: isInstalled("git"), "git is not installed"), arguments: 1...16 as ClosedRange<UInt64>)
    func `trees that git compares become what git applies`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let (ours, theirs) = try (#require(TemporaryFolder()), #require(TemporaryFolder()))
        let names = ["a", "b c", "ä", "q\"uote", "sub/d", "sub/e", "x/y/z", "b/b"]
        for folder in [ours, theirs] { for name in ["sub", "x", "x/y", "b"] { folder.makeFolder(name) } }
        for name in names where random.below(4) > 0 {
            let bytes = random.below(6) == 0 ? [] : random.file(ofWords: 50)
            for folder in [ours, theirs] { folder.put(bytes, in: name) }
        }
        for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "old"]] {
            #expect(try await git(arguments, in: theirs).ending == .exited(code: 0))
        }
        for name in names {
            let old = theirs.bytes(of: name)
            switch random.below(5) {
            case 0: _ = try await git(["rm", "-q", "--ignore-unmatch", name], in: theirs)
            case 1: _ = try await git(["mv", "-k", name, "moved \(name.utf8.count)"], in: theirs)
            case 2, 3:
                theirs.makeFolder("sub")
                theirs.put(old.map { bytes in random.edited(bytes) } ?? random.file(ofWords: 50), in: name)
            default: break
            }
        }
        _ = try await git(["add", "-A"], in: theirs)
        let diff = try await git(
            ["diff", "--cached", "-M", "--no-color", "--no-ext-diff", "HEAD"], in: theirs)
        guard !diff.stdout.isEmpty else { return }
        let patch = try Patch(parsing: Array(diff.stdout.utf8))
        _ = try Workspace(root: ours.path).apply(patch)
        for name in Set(names + patch.paths) {
            #expect(ours.bytes(of: name) == theirs.bytes(of: name), "\(name)")
        }
    }

    private func git(_ arguments: [String], in folder: TemporaryFolder) async throws -> ChildProcess.Exit {
        try await run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
                + arguments, in: folder)
    }

    private func run(_ arguments: [String], in folder: TemporaryFolder) async throws -> ChildProcess.Exit {
        try await ChildProcess.run(
            .init(
                arguments: arguments,
                environment: [
                    "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1",
                ], directory: folder.path, outputLimit: 4 << 20))
    }

    private static func isInstalled(_ programs: String...) -> Bool {
        programs.allSatisfy { program in
            ["/usr/local/bin/", "/usr/bin/", "/bin/"].contains { folder in access(folder + program, X_OK) == 0
            }
        }
    }
}

/// Random files, always the same for a seed.
extension SeededGenerator {
    fileprivate mutating func line(_ words: Int) -> [UInt8] {
        Array((below(9) == 0 ? "" : "w\(below(words)) é").utf8) + (below(7) == 0 ? [0x0D] : [])
    }

    fileprivate mutating func file(ofWords words: Int) -> [UInt8] {
        let lines = (0..<below(60)).map { _ in line(words) }
        return joined(lines)
    }

    private mutating func joined(_ lines: [[UInt8]]) -> [UInt8] {
        var bytes = Array(lines.map { line in line + [0x0A] }.joined())
        if bytes.count > 1, below(4) == 0 { bytes.removeLast() }
        return bytes
    }

    fileprivate mutating func edited(_ bytes: [UInt8]) -> [UInt8] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for _ in 0...below(6) {
            let place = below(lines.count + 1)
            switch below(3) {
            case 0: lines.insert(line(1_000), at: place)
            case 1 where place < lines.count: lines.remove(at: place)
            case 2 where place < lines.count: lines[place] = line(1_000)
            default: break
            }
        }
        return joined(lines)
    }
}
