import PipelineRunners
import Testing

@Suite("Workspace: searching", .timeLimit(.minutes(2)))
struct WorkspaceTestsSearching {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try #require(TemporaryFolder())
        workspace = try Workspace(root: folder.path)
    }

    @Test func `matches come in the order of the paths, each line once`() throws {
        for path in ["a", "a/b", "z"] { folder.makeFolder(path) }
        for path in ["a.txt", "a-b", "a/x", "a/b/y", "a/é", "z/a", "Z"] {
            folder.put("no\nx yes x\nyes", in: path)
        }
        let result = try workspace.search("yes", limit: 100)
        let paths = ["Z", "a-b", "a.txt", "a/b/y", "a/x", "a/é", "z/a"]
        #expect(result.matches.map(\.path) == paths.flatMap { [$0, $0] })
        #expect(result.matches.map(\.line) == paths.flatMap { _ in [2, 3] })
        #expect(result.matches.prefix(2).map(\.text) == ["x yes x", "yes"])
        #expect(result.cut == nil && result.skipped.isEmpty && result.searchedCount == 7)
        #expect(try workspace.search("x", in: "a/", limit: 9).matches.map(\.path) == ["a/b/y", "a/x", "a/é"])
    }

    @Test func `one file can be searched by its path`() throws {
        folder.put("one\ntwo\n", in: "a")
        #expect(try workspace.search("two", in: "./a", limit: 1).matches.map(\.path) == ["a"])
        #expect(throws: WorkspaceError(path: "a/", reason: .notAFolder)) {
            try workspace.search("two", in: "a/", limit: 1)
        }
    }

    @Test func `a line keeps its number and loses its end`() throws {
        folder.put("\r\n\r\nfind\r\n\r\nfind", in: "a")
        let matches = try workspace.search("find", limit: 9).matches
        #expect(matches.map(\.line) == [3, 5] && matches.map(\.text) == ["find", "find"])
        let overLines = try workspace.search("\r\nfind", limit: 9).matches
        #expect(overLines.map(\.line) == [2, 4] && overLines.map(\.text) == ["", ""])
    }

    @Test(arguments: [0, 390, 399, 400, 500_000, 999_996])
    func `a line of a megabyte shows the part with the match`(offset: Int) throws {
        let text =
            String(repeating: "-", count: offset) + "find" + String(repeating: "-", count: 1_000_000 - offset)
        folder.put("first\n" + text + "\nlast", in: "a")
        let match = try #require(try workspace.search("find", limit: 9).matches.first)
        #expect(match.line == 2 && match.isCut && match.text.contains("find"))
        #expect(
            match.text.utf8.count <= Workspace.Limit.line && match.text.allSatisfy { "-find".contains($0) })
    }

    @Test func `a long line is never cut within a character`() throws {
        for shift in 0..<4 {
            let part = String(repeating: "x", count: shift) + String(repeating: "€", count: 500)
            folder.put(part + "find" + part, in: "a")
            let match = try #require(try workspace.search("find", limit: 9).matches.first)
            #expect(match.text.contains("find") && !match.text.contains("\u{FFFD}"))
        }
    }

    @Test func `a long line that is not UTF-8 still shows something`() throws {
        folder.put([UInt8](repeating: 0x80, count: 2_000) + Array("find".utf8), in: "a")
        let match = try #require(try workspace.search("find", limit: 9).matches.first)
        #expect(match.text.hasSuffix("find") && match.isCut)
    }

    @Test(arguments: [
        (0, Workspace.SearchResult.Cut.matches), (2, .matches), (3, nil), (4, nil), (-1, .matches),
    ])
    func `a limit cuts only when there is more`(limit: Int, cut: Workspace.SearchResult.Cut?) throws {
        for path in ["a", "b", "c"] { folder.put("x", in: path) }
        let result = try workspace.search("x", limit: limit)
        #expect(result.matches.count == min(3, max(0, limit)) && result.cut == cut)
    }

    @Test func `what is not searched is reported with the reason`() throws {
        folder.put([UInt8](repeating: 0x78, count: 8_191) + [0], in: "binary")
        folder.put([UInt8](repeating: 0x78, count: 8_192) + [0], in: "late-zero")
        folder.put([UInt8](repeating: 0x78, count: Workspace.Limit.searchedFile + 1), in: "large")
        folder.makeFifo("fifo")
        folder.makeLink("link", to: "late-zero")
        folder.makeLink("up", to: "..")
        let result = try workspace.search("x", limit: 9)
        #expect(result.matches.map(\.path) == ["late-zero"])
        #expect(result.skipped.map(\.path) == ["binary", "fifo", "large", "link", "up"])
        #expect(result.skipped.map(\.reason) == [.binary, .notAFile, .tooLarge, .link, .link])
        #expect(result.skippedCount == 5 && result.cut == nil)
    }

    @Test func `only so many skipped entries are named, all are counted`() throws {
        for number in 0..<150 { folder.makeLink("l\(number)", to: "nowhere") }
        let result = try workspace.search("x", limit: 9)
        #expect(result.skipped.count == Workspace.Limit.skips && result.skippedCount == 150)
    }

    @Test func `folders beyond the depth are skipped, not followed`() throws {
        var path = "d"
        for _ in 0..<Workspace.Limit.depth {
            folder.makeFolder(path)
            path += "/d"
        }
        folder.makeFolder(path)
        folder.put("x", in: path + "/a")
        let result = try workspace.search("x", limit: 9)
        #expect(result.matches.isEmpty && result.skipped.map(\.reason) == [.tooDeep])
    }

    @Test func `an empty text is refused`() {
        #expect(throws: WorkspaceError(path: ".", reason: .emptyText)) { try workspace.search("", limit: 1) }
    }

    @Test func `a search ends when its task is cancelled`() async throws {
        folder.put("x", in: "a")
        let workspace = workspace
        let cut = try await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try workspace.search("x", limit: 9).cut
        }.value
        #expect(cut == .canceled)
    }

    @Test func `what holds secrets is searched only when it is named`() throws {
        for path in ["a", "a/.ssh", "a/b"] { folder.makeFolder(path) }
        for name in [".env", "a/.ssh/config", "a/ID_RSA", "a/b/server.pem", "a/b/code.swift"] {
            folder.put("token", in: name)
        }
        let found = try workspace.search("token", limit: 10)
        #expect(found.matches.map(\.path) == ["a/b/code.swift"])
        #expect(found.skipped.map(\.path) == [".env", "a/.ssh", "a/ID_RSA", "a/b/server.pem"])
        #expect(found.skipped.allSatisfy { skip in skip.reason == .sensitive })
        #expect(try workspace.search("token", in: ".env", limit: 10).matches.count == 1)
    }
}
