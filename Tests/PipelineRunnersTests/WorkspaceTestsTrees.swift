import PipelineRunners
import Testing

@Suite("Workspace: trees", .timeLimit(.minutes(2)))
struct WorkspaceTestsTrees {
    let folder: TemporaryFolder

    init() throws {
        folder = try #require(TemporaryFolder())
        folder.makeFolder("from", mode: 0o750)
        folder.makeFolder("from/a")
        folder.makeFolder("from/empty", mode: 0o700)
        folder.put("x", in: "from/a/x", mode: 0o755)
        folder.put([UInt8](repeating: 7, count: 200_000), in: "from/large", mode: 0o600)
        folder.put("", in: "from/a.b", mode: 0o444)
        folder.makeFolder("from/locked")
        folder.put("y", in: "from/locked/y")
        #expect(folder.setMode(0o555, of: "from/locked"))
    }

    func reason(_ body: () throws(WorkspaceError) -> Void) -> WorkspaceError? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a copy is the same byte for byte, modes included`() throws {
        try Workspace.copy(from: folder["from"], to: folder["new/./to/"])
        #expect(try Workspace.digest(of: folder["from"]) == Workspace.digest(of: folder["new/to"]))
        #expect(folder.mode(of: "new/to") == 0o750 && folder.mode(of: "new/to/a/x") == 0o755)
        #expect(folder.mode(of: "new/to/locked") == 0o555 && folder.mode(of: "new/to/empty") == 0o700)
        #expect(folder.bytes(of: "new/to/large")?.count == 200_000)
    }

    @Test func `a copy goes into an empty folder, not into one with something in it`() throws {
        folder.makeFolder("to")
        try Workspace.copy(from: folder["from"], to: folder["to"])
        let digest = try Workspace.digest(of: folder["to"])
        let error = reason { () throws(WorkspaceError) in
            try Workspace.copy(from: folder["from"], to: folder["to"])
        }
        #expect(error == WorkspaceError(path: folder["to"], reason: .alreadyExists))
        #expect(try Workspace.digest(of: folder["to"]) == digest)
    }

    @Test(arguments: ["link", "fifo"])
    func `what is neither file nor folder ends a copy, and nothing is left of it`(kind: String) {
        folder.makeFolder("from/z", mode: 0o755)
        if kind == "link" { folder.makeLink("from/z/it", to: "../a/x") } else { folder.makeFifo("from/z/it") }
        let expected = WorkspaceError(path: folder["from/z/it"], reason: kind == "link" ? .link : .notAFile)
        #expect(
            reason { () throws(WorkspaceError) in try Workspace.copy(from: folder["from"], to: folder["to"]) }
                == expected)
        #expect(folder.names() == ["from"])
        folder.makeFolder("to")
        #expect(
            reason { () throws(WorkspaceError) in try Workspace.copy(from: folder["from"], to: folder["to"]) }
                == expected)
        #expect(folder.names(in: "to").isEmpty && folder.names() == ["from", "to"])
        #expect(
            reason { () throws(WorkspaceError) in _ = try Workspace.digest(of: folder["from"]) } == expected)
    }

    @Test(arguments: ["from", "from/a/new", "from/new/x", "from/./new", "link/new"])
    func `a folder is not copied into itself`(destination: String) throws {
        folder.makeLink("link", to: "from")
        let digest = try Workspace.digest(of: folder["from"])
        let error = reason { () throws(WorkspaceError) in
            try Workspace.copy(from: folder["from"], to: folder[destination])
        }
        #expect(error?.reason == .insideSource)
        #expect(try Workspace.digest(of: folder["from"]) == digest)
    }

    @Test(
        arguments: [
            ("missing", "to", .missing), ("from/large", "to", .notAFolder),
            ("from", "from/large/to", .notAFolder),
            ("from", "new/../to", .outside), ("from", "from2\0", .zeroByte), ("from", "file", .notAFolder),
        ] as [(String, String, WorkspaceError.Reason)])
    func `a copy names what is wrong with either path`(
        source: String, destination: String, expected: WorkspaceError.Reason
    ) {
        folder.put("", in: "file")
        let error = reason { () throws(WorkspaceError) in
            try Workspace.copy(from: folder[source], to: folder[destination])
        }
        #expect(error?.reason == expected)
        #expect(folder.names() == ["file", "from"])
    }

    @Test func `a copy and a digest stop at trees that are too deep`() {
        var path = "from/d"
        for _ in 0...Workspace.Limit.depth {
            folder.makeFolder(path)
            path += "/d"
        }
        let expected = WorkspaceError.Reason.tooDeep(limit: Workspace.Limit.depth)
        #expect(
            reason { () throws(WorkspaceError) in try Workspace.copy(from: folder["from"], to: folder["to"])
            }?
            .reason == expected)
        #expect(
            reason { () throws(WorkspaceError) in _ = try Workspace.digest(of: folder["from"]) }?.reason
                == expected)
        #expect(folder.names() == ["from"])
    }

    @Test func `a digest tells every difference apart`() throws {
        var digests = [try Workspace.digest(of: folder["from"])]
        func changed(_ body: () -> Bool) throws {
            #expect(body())
            digests.append(try Workspace.digest(of: folder["from"]))
        }
        try changed { folder.put("z", in: "from/a/x", mode: 0o755) }
        try changed { folder.put("z", in: "from/a/x", mode: 0o644) }
        try changed { folder.rename("from/a/x", to: "from/a/w") }
        try changed { folder.rename("from/a/w", to: "from/w") }
        try changed { folder.rename("from/empty", to: "from/void") }
        try changed { folder.makeFolder("from/a/empty") }
        #expect(Set(digests).count == digests.count)
        _ = folder.setMode(0o700, of: "from")
        #expect(try Workspace.digest(of: folder["from"]) == digests.last)
    }
}
