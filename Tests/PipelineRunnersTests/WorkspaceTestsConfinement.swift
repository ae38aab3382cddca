import PipelineRunners
import Synchronization
import Testing

/// A workspace with a secret beside it and every way out that a file system has.
///
/// Every way leads to a place of the test's own: a test that fails must not harm the machine that it runs on.
@Suite("Workspace: confinement", .timeLimit(.minutes(2)))
struct WorkspaceTestsConfinement {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try #require(TemporaryFolder())
        for path in ["outside", "outside/deep", "root", "root/sub", "root/sub/sub"] {
            folder.makeFolder(path)
        }
        for path in ["outside/file", "outside/deep/file", "file"] { folder.put("SECRET", in: path) }
        for path in ["root/file", "root/sub/file"] { folder.put("plain", in: path) }
        folder.makeLink("root/out", to: "../outside")
        folder.makeLink("root/out-file", to: "../outside/file")
        folder.makeLink("root/out-new", to: "../outside/new")
        folder.makeLink("root/absolute", to: folder["outside"])
        folder.makeLink("root/system", to: "/.." + folder["outside"])
        folder.makeLink("root/process", to: "/proc/self/root" + folder["outside"])
        folder.makeLink("root/here", to: ".")
        folder.makeLink("root/inside", to: "sub")
        folder.makeLink("root/inside-file", to: "file")
        folder.makeLink("root/loop", to: "loop")
        folder.makeLink("root/chain", to: "out")
        folder.makeLink("root/sub/up", to: "..")
        folder.makeLink("root/sub/out", to: "../../outside")
        folder.makeFifo("root/fifo")
        workspace = try Workspace(root: folder["root"])
    }

    /// What is hostile; `{OUTSIDE}` is the absolute path of the folder beside the workspace.
    static let hostile: [(String, WorkspaceError.Reason)] = [
        ("", .emptyPath), ("/", .outside), ("//", .outside), ("{OUTSIDE}/file", .outside),
        ("/{OUTSIDE}/file", .outside), ("/..{OUTSIDE}/file", .outside),
        ("/proc/self/root{OUTSIDE}/file", .outside), ("..", .outside), ("../", .outside),
        ("../file", .outside),
        ("../outside/file", .outside), ("./../file", .outside), ("sub/..", .outside),
        ("sub/../file", .outside),
        ("sub/../../file", .outside), ("sub/sub/../../../outside/file", .outside),
        ("new/../../file", .outside),
        ("sub//..//..//file", .outside), ("file/..", .outside), ("file/../../file", .outside),
        ("out/../file", .outside), (".//./../outside/deep/file", .outside), ("sub/../", .outside),
        ("\0", .zeroByte), ("file\0", .zeroByte), ("file\0/../../file", .zeroByte),
        ("../file\0.txt", .zeroByte),
        ("out", .link), ("out/", .link), ("out/.", .link), ("out/file", .link), ("out/deep/file", .link),
        ("out/new", .link), ("out-file", .link), ("out-new", .link), ("absolute/file", .link),
        ("system/file", .link), ("process/file", .link), ("here/file", .link),
        ("here/here/file", .link),
        ("inside/file", .link), ("inside-file", .link), ("loop", .link), ("loop/file", .link),
        ("chain/file", .link),
        ("chain", .link), ("sub/up/file", .link), ("sub/out/file", .link), ("sub/./out//file", .link),
        ("fifo", .notAFile), ("fifo/file", .notAFolder), ("file/file", .notAFolder),
        (String(repeating: "n", count: 256), .nameTooLong(limit: 255)),
        ("sub/" + String(repeating: "é", count: 128), .nameTooLong(limit: 255)),
        (String(repeating: "sub/", count: 2_000), .nameTooLong(limit: 4_096)),
        (String(repeating: "d/", count: 65) + "f", .tooDeep(limit: 64)),
    ]

    @Test(arguments: hostile)
    func `no hostile path gets anywhere`(written: String, expected: WorkspaceError.Reason) throws {
        let path = written.replacing("{OUTSIDE}", with: folder["outside"])
        let outside = try Workspace.digest(of: folder["outside"])
        let names = folder.names(in: "root")
        var reasons: [WorkspaceError.Reason] = []
        func refused(_ body: () throws(WorkspaceError) -> some Any) {
            do {
                let result = try body()
                Issue.record("\(path.debugDescription) gave \(result)")
            } catch {
                #expect(error.path == path)
                #expect(error.description.utf8.allSatisfy { $0 >= 0x20 })
                reasons.append(error.reason)
            }
        }
        refused { () throws(WorkspaceError) in try workspace.read(path) }
        refused { () throws(WorkspaceError) in try workspace.write(path, Array("ESCAPED".utf8)) }
        refused { () throws(WorkspaceError) in try workspace.edit(path, replacing: "SECRET", with: "ESCAPED")
        }
        refused { () throws(WorkspaceError) in try workspace.search("SECRET", in: path, limit: 9) }
        refused { () throws(WorkspaceError) in try workspace.list(path) }
        let isFolderPath = path == "out/" || path == "out/."
        // A file operation does not even look at a path that can only mean a folder; a fifo is no folder to
        // list.
        let file: WorkspaceError.Reason = isFolderPath ? .notAFile : expected
        #expect(reasons == [file, file, file, expected, path == "fifo" ? .notAFolder : expected])
        #expect(try Workspace.digest(of: folder["outside"]) == outside)
        #expect(folder.text(of: "file") == "SECRET" && folder.names() == ["file", "outside", "root"])
        #expect(folder.names(in: "root") == names && folder.text(of: "root/file") == "plain")
    }

    @Test(arguments: [
        "...", "..a", "a..", "．．", ".\u{200B}.", "~", "$HOME", "*", "a\\..\\b", "-rf", "C:", "%2e%2e",
    ])
    func `a name that only looks dangerous is a name`(name: String) throws {
        _ = try workspace.write(name + "/" + name, [1])
        #expect(folder.bytes(of: "root/\(name)/\(name)") == [1])
        #expect(try workspace.read(name + "/" + name).bytes == [1])
    }

    @Test func `a folder that is swapped for a link between two calls is refused`() throws {
        _ = try workspace.write("sub/a", [1])
        folder.rename("root/sub", to: "root/moved")
        folder.makeLink("root/sub", to: "../outside")
        for path in ["sub/a", "sub/file"] {
            #expect(throws: WorkspaceError(path: path, reason: .link)) { try workspace.write(path, [2]) }
            #expect(throws: WorkspaceError(path: path, reason: .link)) { try workspace.read(path) }
        }
        #expect(folder.names(in: "outside") == ["deep", "file"])
    }

    @Test func `a folder that is swapped for a link all the time is never left`() async throws {
        let (folder, workspace) = (folder, workspace)
        // Not written to: a write would make the folder anew while it is away.
        for path in ["root/sub/edited", "outside/edited"] { folder.put("plain", in: path) }
        let isDone = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !isDone.value.load(ordering: .relaxed) {
                    folder.rename("root/sub", to: "root/moved")
                    folder.rename("root/out", to: "root/sub")
                    folder.rename("root/sub", to: "root/out")
                    folder.rename("root/moved", to: "root/sub")
                }
            }
            group.addTask {
                var passed = 0
                for number in 0..<3_000 {
                    if let contents = try? workspace.read("sub/file") {
                        passed += 1
                        if contents.text != "plain" { Issue.record("read \(contents.text ?? "?")") }
                    }
                    if number.isMultiple(of: 10) {
                        _ = try? workspace.edit("sub/edited", replacing: "plain", with: "plain!")
                    }
                    if number.isMultiple(of: 10), let result = try? workspace.search("SECRET", limit: 9) {
                        #expect(result.matches.isEmpty)
                    }
                }
                #expect(passed > 0)
                isDone.value.store(true, ordering: .relaxed)
            }
        }
        #expect(folder.names(in: "outside") == ["deep", "edited", "file"])
        #expect(folder.text(of: "outside/file") == "SECRET" && folder.text(of: "outside/edited") == "plain")
    }

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    @Test func `search and list show links but do not enter them`() throws {
        let result = try workspace.search("SECRET", limit: 100)
        #expect(result.matches.isEmpty && result.skipped.filter { $0.reason == .link }.count == 13)
        #expect(try workspace.list().entries.filter { $0.kind == .link }.count == 11)
    }
}
