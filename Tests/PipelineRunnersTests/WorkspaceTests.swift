import PipelineCore
import PipelineRunners
import Testing

@Suite("Workspace", .timeLimit(.minutes(2)))
struct WorkspaceTests {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try #require(TemporaryFolder())
        workspace = try Workspace(root: folder.path)
    }

    func reason(_ body: () throws(WorkspaceError) -> some Any) -> WorkspaceError.Reason? {
        do {
            _ = try body()
            return nil
        } catch {
            return error.reason
        }
    }

    // MARK: The root

    @Test func `a root is resolved once, through links and dots`() throws {
        folder.makeFolder("real")
        folder.makeLink("link", to: "real")
        let other = try Workspace(root: folder["./link/"])
        #expect(other.root == folder["real"])
        #expect(try other.write("a", [1]).path == "a")
        #expect(folder.bytes(of: "real/a") == [1])
    }

    @Test(
        arguments: [
            ("", .emptyPath), ("a\0b", .zeroByte), ("/nowhere/at/all", .missing), ("/dev/null", .notAFolder),
        ] as [(String, WorkspaceError.Reason)])
    func `a root that is no folder is refused`(root: String, expected: WorkspaceError.Reason) {
        #expect(throws: WorkspaceError(path: root, reason: expected)) { try Workspace(root: root) }
    }

    @Test func `a root that became a link since is refused`() throws {
        folder.makeFolder("root")
        folder.put("secret", in: "file")
        let other = try Workspace(root: folder["root"])
        folder.rename("root", to: "moved")
        folder.makeLink("root", to: ".")
        #expect(throws: WorkspaceError(path: folder["root"], reason: .link)) { try other.read("file") }
    }

    // MARK: Reading

    @Test func `a file is read whole with its size`() throws {
        folder.put("grüße\r\n", in: "a.txt")
        let contents = try workspace.read("./a.txt")
        #expect(contents.path == "a.txt")
        #expect(contents.bytes == Array("grüße\r\n".utf8))
        #expect(contents.text == "grüße\r\n")
        #expect(contents.size == 9 && !contents.isCut)
    }

    @Test(arguments: [
        (0, "", true), (2, "gr", true), (3, "gr", true), (4, "grü", true), (6, "grüß", true),
        (7, "grüße", false),
        (-1, "", true), (.max, "grüße", false),
    ])
    func `a limit cuts a file, and its text at a whole character`(limit: Int, text: String, isCut: Bool)
        throws
    {
        folder.put("grüße", in: "a.txt")
        let contents = try workspace.read("a.txt", limit: limit)
        #expect(contents.bytes == Array("grüße".utf8.prefix(max(0, limit))))
        #expect(contents.text == text && contents.isCut == isCut && contents.size == 7)
    }

    @Test func `bytes that are not text are read as bytes`() throws {
        folder.put([0xFF, 0x00, 0xC3], in: "a.bin")
        let contents = try workspace.read("a.bin")
        #expect(contents.bytes == [0xFF, 0x00, 0xC3] && contents.text == nil)
    }

    @Test func `an empty file is read as empty text`() throws {
        folder.put("", in: "a")
        #expect(try workspace.read("a", limit: 0).text == "")
        #expect(try !workspace.read("a", limit: 0).isCut)
    }

    // MARK: Writing

    @Test func `a new file is made with the folders that lead to it`() throws {
        let change = try workspace.write("a/b/c.txt", Array("abc".utf8))
        #expect(folder.text(of: "a/b/c.txt") == "abc")
        #expect(change.path == "a/b/c.txt" && change.before == nil && change.size == 3)
        #expect(
            change.after.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(folder.names(in: "a/b") == ["c.txt"])
    }

    @Test(arguments: [0o600, 0o644, 0o755, 0o200 | 0o444] as [UInt32])
    func `a file that is replaced keeps its mode and names its digest before`(mode: UInt32) throws {
        folder.put("old", in: "a", mode: .init(mode))
        let change = try workspace.write("a", Array("newer".utf8))
        #expect(change.before == ContentDigest(hashing: Array("old".utf8)))
        #expect(change.after == ContentDigest(hashing: Array("newer".utf8)))
        #expect(folder.mode(of: "a") == .init(mode))
        #expect(folder.text(of: "a") == "newer" && folder.names() == ["a"])
    }

    @Test func `a file without any write permission is left alone`() {
        folder.put("old", in: "a", mode: 0o444)
        #expect(reason { () throws(WorkspaceError) in try workspace.write("a", [1]) } == .denied)
        #expect(
            reason { () throws(WorkspaceError) in try workspace.edit("a", replacing: "o", with: "x") }
                == .denied)
        #expect(folder.text(of: "a") == "old" && folder.names() == ["a"])
    }

    @Test func `a write that fails leaves no temporary file`() {
        folder.makeFolder("a")
        folder.put("", in: "f")
        for path in ["a", "a/", "a/.", "f/b", ".", String(repeating: "n", count: 256)] {
            #expect(reason { () throws(WorkspaceError) in try workspace.write(path, [1]) } != nil, "\(path)")
        }
        let large = [UInt8](repeating: 0, count: Workspace.Limit.file + 1)
        #expect(
            reason { () throws(WorkspaceError) in try workspace.write("large", large) }
                == .tooLarge(size: large.count, limit: Workspace.Limit.file))
        #expect(folder.names() == ["a", "f"] && folder.names(in: "a").isEmpty)
    }

    @Test func `a write replaces one name of a hard link`() throws {
        folder.put("old", in: "a")
        #expect(folder.makeHardLink("b", to: "a"))
        _ = try workspace.write("b", Array("new".utf8))
        #expect(folder.text(of: "a") == "old" && folder.text(of: "b") == "new")
    }

    @Test func `writers at once leave one of their contents whole`() async throws {
        let workspace = workspace
        try await withThrowingTaskGroup(of: Void.self) { group in
            for byte in UInt8(1)...8 {
                group.addTask {
                    for _ in 0..<5 {
                        _ = try workspace.write("d/a", [UInt8](repeating: byte, count: 100_000))
                        let read = try workspace.read("d/a").bytes
                        #expect(read.count == 100_000 && Set(read).count == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(folder.names(in: "d") == ["a"])
    }

    // MARK: Listing

    @Test func `a list is in the order of the bytes and says what each entry is`() throws {
        folder.put("12345", in: "b")
        folder.put("", in: "B")
        folder.makeFolder("a")
        folder.put("", in: "a.txt")
        folder.put("", in: "é")
        folder.makeLink("link", to: folder["a"])
        folder.makeFifo("fifo")
        let listing = try workspace.list()
        #expect(listing.path == "." && !listing.isCut)
        #expect(listing.entries.map(\.name) == ["B", "a", "a.txt", "b", "fifo", "link", "é"])
        #expect(listing.entries.map(\.kind) == [.file, .folder, .file, .file, .other, .link, .file])
        #expect(listing.entries.map(\.size) == [0, 0, 0, 5, 0, 0, 0])
        #expect(try workspace.list("./a/").path == "a")
        #expect(try workspace.list("a").entries.isEmpty)
    }

    @Test func `a long list is cut and says by how much`() throws {
        for number in 100..<150 { folder.put("", in: "\(number)") }
        let listing = try workspace.list(".", limit: 3)
        #expect(listing.entries.map(\.name) == ["100", "101", "102"])
        #expect(listing.omitted == 47 && listing.isCut)
        #expect(try workspace.list(".", limit: -1).omitted == 50)
    }

    @Test func `a name that is not UTF-8 is shown but marked`() throws {
        #expect(folder.put("x", inBytes: [0x61, 0xFF]))
        let entry = try #require(try workspace.list().entries.first)
        #expect(entry.name == "a\u{FFFD}" && !entry.isReachable && entry.size == 1)
        #expect(try workspace.search("x", limit: 1).skipped.map(\.reason) == [.unreachable])
    }
}
