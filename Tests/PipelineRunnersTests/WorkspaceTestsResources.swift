import PipelineRunners
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What concerns a whole process, each in a process of its own.
@Suite("Workspace: resources", .timeLimit(.minutes(2)))
struct WorkspaceTestsResources {
    @Test func `a thousand calls leave no descriptor open`() async {
        await #expect(processExitsWith: .success) {
            let folder = try #require(TemporaryFolder())
            folder.makeFolder("from")
            folder.makeLink("link", to: "from")
            folder.makeFifo("fifo")
            folder.put("one", in: "from/a")
            let workspace = try Workspace(root: folder.path)
            var own = stat()
            #expect(stat(folder.path, &own) == 0)
            let device = own.st_dev
            // Folders, and all on the disk of the test: the process opens sockets of its own now and then.
            func openDescriptors() -> Int {
                (Int32(0)..<4_096).count { number in
                    var status = stat()
                    guard fstat(number, &status) == 0 else { return false }
                    return status.st_dev == device || status.st_mode & S_IFMT == S_IFDIR
                }
            }
            let before = openDescriptors()
            for number in 0..<100 {
                _ = try workspace.read("from/a")
                _ = try workspace.write("from/b/c", [UInt8(number)])
                _ = try workspace.list("from")
                _ = try workspace.search("one", limit: 9)
                _ = try Workspace.digest(of: folder["from"])
                try Workspace.copy(from: folder["from"], to: folder["to\(number)"])
                #expect(throws: WorkspaceError.self) {
                    try workspace.edit("from/a", replacing: "x", with: "")
                }
                #expect(throws: WorkspaceError.self) { try workspace.read("fifo") }
                #expect(throws: WorkspaceError.self) { try workspace.write("link/a", []) }
                #expect(throws: WorkspaceError.self) { try workspace.list("from/a") }
                #expect(throws: WorkspaceError.self) {
                    try Workspace.copy(from: folder["from"], to: folder["from"])
                }
            }
            #expect(openDescriptors() == before)
        }
    }

    @Test func `a disk that takes no more leaves the old contents and no temporary file`() async {
        await #expect(processExitsWith: .success) {
            let folder = try #require(TemporaryFolder())
            folder.put("old", in: "a")
            folder.makeFolder("from")
            folder.put([UInt8](repeating: 1, count: 20_000), in: "from/large")
            let workspace = try Workspace(root: folder.path)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
            #if canImport(Glibc)
                #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            #else
                #expect(setrlimit(RLIMIT_FSIZE, &limit) == 0)
            #endif
            let reason = WorkspaceError.Reason.system(call: "write", errno: EFBIG)
            #expect(throws: WorkspaceError(path: "a", reason: reason)) {
                try workspace.write("a", [UInt8](repeating: 1, count: 20_000))
            }
            #expect(throws: WorkspaceError(path: "b", reason: reason)) {
                try workspace.write("b", [UInt8](repeating: 1, count: 20_000))
            }
            #expect(throws: WorkspaceError(path: folder["from/large"], reason: reason)) {
                try Workspace.copy(from: folder["from"], to: folder["to"])
            }
            #expect(folder.text(of: "a") == "old" && folder.names() == ["a", "from"])
        }
    }

    @Test func `what stands where temporary files go is neither used nor harmed`() async {
        await #expect(processExitsWith: .success) {
            let folder = try #require(TemporaryFolder())
            folder.makeFolder("root")
            folder.put("SECRET", in: "file")
            let planted = (1...5).map { ".pipeline-\(getpid())-\($0).tmp" }
            for name in planted { folder.makeLink("root/" + name, to: "../file") }
            _ = try Workspace(root: folder["root"]).write("a", [1])
            #expect(folder.names(in: "root") == planted + ["a"])
            #expect(folder.bytes(of: "root/a") == [1] && folder.text(of: "file") == "SECRET")
        }
    }

    /// Permissions mean nothing to root, who becomes somebody else for it, where there is somebody.
    @Test func `what the system forbids is named as denied`() async {
        await #expect(processExitsWith: .success) {
            let folder = try #require(TemporaryFolder())
            #expect(folder.setMode(0o711, of: "."))  // to pass through, not to list
            folder.makeFolder("root", mode: 0o777)
            let workspace = try Workspace(root: folder["root"])
            folder.put("x", in: "root/hidden", mode: 0o200)
            folder.put("x", in: "root/plain", mode: 0o644)
            folder.makeFolder("root/fixed")
            folder.put("x", in: "root/fixed/file", mode: 0o666)
            #expect(folder.setMode(0o555, of: "root/fixed"))
            folder.makeFolder("root/closed", mode: 0o000)
            folder.makeFolder("root/sticky", mode: 0o1777)  // only the owner may replace a file
            folder.put("x", in: "root/sticky/file", mode: 0o666)
            let isRoot = geteuid() == 0
            guard !isRoot || seteuid(65_534) == 0 else {
                print("Skipped: root, and no other user to become.")
                return
            }
            defer { if isRoot { _ = seteuid(0) } }
            for path in ["hidden", "closed/a"] {
                #expect(throws: WorkspaceError(path: path, reason: .denied)) { try workspace.read(path) }
            }
            for path in ["hidden", "fixed/file", "fixed/new", "closed/a"] {
                #expect(throws: WorkspaceError(path: path, reason: .denied)) {
                    try workspace.write(path, [1])
                }
            }
            if isRoot {
                #expect(throws: WorkspaceError(path: "sticky/file", reason: .denied)) {
                    try workspace.write("sticky/file", [1])
                }
                #expect(folder.names(in: "root/sticky") == ["file"])
            }
            #expect(throws: WorkspaceError(path: "closed", reason: .denied)) { try workspace.list("closed") }
            #expect(try workspace.read("fixed/file").text == "x")
            let result = try workspace.search("x", limit: 9)
            #expect(result.matches.map(\.path) == ["fixed/file", "plain", "sticky/file"])
            #expect(result.skipped.map(\.path) == ["closed", "hidden"])
            #expect(result.skipped.allSatisfy { $0.reason == .denied })
            #expect(try workspace.list("fixed").entries.map(\.name) == ["file"])
        }
    }
}
