import PipelineCore
import PipelineRunners
import Testing

/// Patches that fit, on real files.
@Suite("Patches", .timeLimit(.minutes(2)))
struct PatchTests {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try #require(TemporaryFolder())
        folder.makeFolder("sub")
        folder.put("one\ntwo\nthree\n", in: "a.txt")
        folder.put("x\ny\nz", in: "sub/b.txt", mode: 0o755)
        folder.put("gone\n", in: "old.txt")
        workspace = try Workspace(root: folder.path)
    }

    private func apply(_ text: String) throws -> Workspace.Patched {
        try workspace.apply(Patch(parsing: Array(text.utf8)))
    }

    @Test func `several files are edited, made, deleted and renamed at once`() throws {
        let patched = try apply(
            """
            diff --git a/a.txt b/a.txt
            index 1234567..89abcde 100644
            --- a/a.txt
            +++ b/a.txt
            @@ -1,3 +1,3 @@ some function
             one
            -two
            +2
             three
            diff --git a/new/deep/c.txt b/new/deep/c.txt
            new file mode 100644
            index 0000000..89abcde
            --- /dev/null
            +++ b/new/deep/c.txt
            @@ -0,0 +1,2 @@
            +made
            +here
            diff --git a/old.txt b/old.txt
            deleted file mode 100644
            index 1234567..0000000
            --- a/old.txt
            +++ /dev/null
            @@ -1 +0,0 @@
            -gone
            diff --git a/sub/b.txt b/moved.txt
            similarity index 60%
            rename from sub/b.txt
            rename to moved.txt
            index 1234567..89abcde 100755
            --- a/sub/b.txt
            +++ b/moved.txt
            @@ -1,3 +1,3 @@
             x
            -y
            +Y
             z
            \\ No newline at end of file

            """)
        #expect(folder.text(of: "a.txt") == "one\n2\nthree\n")
        #expect(folder.text(of: "new/deep/c.txt") == "made\nhere\n")
        #expect(folder.text(of: "moved.txt") == "x\nY\nz" && folder.mode(of: "moved.txt") == 0o755)
        #expect(folder.names() == ["a.txt", "moved.txt", "new", "sub"] && folder.names(in: "sub").isEmpty)
        func digest(_ text: String) -> ContentDigest { ContentDigest(hashing: Array(text.utf8)) }
        #expect(
            patched.files.map(\.path) == ["a.txt", "new/deep/c.txt", "old.txt", "moved.txt", "sub/b.txt"])
        #expect(
            patched.files.map(\.before)
                == [digest("one\ntwo\nthree\n"), nil, digest("gone\n"), nil, digest("x\ny\nz")])
        #expect(
            patched.files.map(\.after)
                == [digest("one\n2\nthree\n"), digest("made\nhere\n"), nil, digest("x\nY\nz"), nil])
        #expect(patched.files.flatMap(\.offsets) == [0, 0, 0, 0] && patched.modesIgnored.isEmpty)
    }

    @Test func `git's lines alone make, delete and rename files without contents to change`() throws {
        folder.put("", in: "empty.txt")
        _ = try apply(
            """
            diff --git a/with space.txt b/with space.txt
            new file mode 100644
            index 0000000..e69de29
            diff --git a/empty.txt b/empty.txt
            deleted file mode 100644
            index e69de29..0000000
            diff --git a/a.txt b/sub/a.txt
            similarity index 100%
            rename from a.txt
            rename to sub/a.txt
            diff --git "a/\\303\\244 \\"q\\".txt" "b/\\303\\244 \\"q\\".txt"
            new file mode 100644
            --- /dev/null
            +++ "b/\\303\\244 \\"q\\".txt"
            @@ -0,0 +1 @@
            +quoted
            """)
        #expect(folder.names() == ["old.txt", "sub", "with space.txt", "ä \"q\".txt"].sorted())
        #expect(folder.text(of: "with space.txt") == "" && folder.text(of: "ä \"q\".txt") == "quoted\n")
        #expect(folder.text(of: "sub/a.txt") == "one\ntwo\nthree\n")
    }

    @Test func `the mode stays what it was, and what is asked for is told`() throws {
        let patched = try apply(
            """
            diff --git a/sub/b.txt b/sub/b.txt
            old mode 100755
            new mode 100644
            --- a/sub/b.txt
            +++ b/sub/b.txt
            @@ -1 +1 @@
            -x
            +X
            diff --git a/run.sh b/run.sh
            new file mode 100755
            --- /dev/null
            +++ b/run.sh
            @@ -0,0 +1 @@
            +true
            """)
        #expect(folder.mode(of: "sub/b.txt") == 0o755 && folder.text(of: "sub/b.txt") == "X\ny\nz")
        #expect((folder.mode(of: "run.sh") ?? 0) & 0o111 == 0)
        #expect(patched.modesIgnored == ["sub/b.txt", "run.sh"])
    }

    @Test func `line ends stay as they are, at the end of the file too`() throws {
        folder.put("one\r\ntwo\r\nthree", in: "crlf.txt")
        _ = try apply(
            "--- a/crlf.txt\n+++ b/crlf.txt\n@@ -2,2 +2,2 @@\n two\r\n"
                + "-three\n\\ No newline at end of file\n+3\r\n"
        )
        #expect(folder.text(of: "crlf.txt") == "one\r\ntwo\r\n3\r\n")
        _ = try apply(
            "--- crlf.txt\t2026-01-01 00:00:00\n+++ crlf.txt\t2026-01-01 00:00:01\r\n@@ -2,2 +2,2 @@\r\n"
                + " two\r\n-3\r\n+drei\n\\ No newline at end of file\n")
        #expect(folder.text(of: "crlf.txt") == "one\r\ntwo\r\ndrei")
        let error = #expect(throws: PatchError.self) {
            try apply("--- a/crlf.txt\n+++ b/crlf.txt\n@@ -1 +1 @@\n-one\n+1\n")
        }
        #expect(
            error?.reason == .mismatch(expected: #""one\n""#, found: #""one\r\n""#, fileLine: 1),
            "seen as such")
    }

    @Test func `a hunk that has moved is found, and by how much is told`() throws {
        folder.put((1...40).map { number in "line \(number)\n" }.joined(), in: "long.txt")
        let patched = try apply(
            """
            --- a/long.txt
            +++ b/long.txt
            @@ -7,2 +7,3 @@
             line 10
            +ten and a half
             line 11
            @@ -27,3 +28,2 @@
             line 30
            -line 31
             line 32
            @@ -37,1 +37,1 @@
            -line 39
            +39
            """)
        #expect(patched.files.map(\.offsets) == [[3, 3, 2]])
        let lines = (folder.text(of: "long.txt") ?? "").split(separator: "\n")
        #expect(lines.count == 40 && lines[10] == "ten and a half" && lines[38] == "39")
        #expect(!lines.contains("line 31"))
    }

    @Test func `a hunk that would fit at several places is refused unless one is its own`() throws {
        folder.put("a\nb\na\nb\na\nb\n", in: "same.txt")
        let hunk = " a\n-b\n+B\n"
        let error = #expect(throws: PatchError.self) {
            try apply("--- a/same.txt\n+++ b/same.txt\n@@ -2,2 +2,2 @@\n" + hunk)
        }
        #expect(error == PatchError(.ambiguous(fileLines: [1, 3, 5]), path: "same.txt", hunk: 1, line: 3))
        _ = try apply("--- a/same.txt\n+++ b/same.txt\n@@ -3,2 +3,2 @@\n" + hunk)
        #expect(folder.text(of: "same.txt") == "a\nb\na\nB\na\nb\n")
    }

    @Test func `a hunk is never looked for before the end of the one before it`() throws {
        folder.put("same\n1\n2\n3\n4\nsame\n", in: "twice.txt")
        let head = "--- a/twice.txt\n+++ b/twice.txt\n@@ -3 +3 @@\n-2\n+two\n"
        let patched = try apply(head + "@@ -4 +4 @@\n-same\n+other\n")
        #expect(folder.text(of: "twice.txt") == "same\n1\ntwo\n3\n4\nother\n")
        #expect(patched.files.map(\.offsets) == [[0, 2]])
        folder.put("same\n1\n2\n3\n", in: "twice.txt")
        let error = #expect(throws: PatchError.self) { try apply(head + "@@ -4 +4 @@\n-same\n+other\n") }
        #expect(error?.reason == .mismatch(expected: #""same\n""#, found: #""3\n""#, fileLine: 4))
        #expect(folder.text(of: "twice.txt") == "same\n1\n2\n3\n")
    }

    @Test func `bytes that are not text are left alone`() throws {
        folder.put([0xFF, 0x0A, 0x61, 0x0A, 0x00, 0xFE, 0x0A], in: "mixed")
        _ = try apply("--- a/mixed\n+++ b/mixed\n@@ -2 +2 @@\n-a\n+b\n")
        #expect(folder.bytes(of: "mixed") == [0xFF, 0x0A, 0x62, 0x0A, 0x00, 0xFE, 0x0A])
        let error = #expect(throws: PatchError.self) {
            try apply("--- a/mixed\n+++ b/mixed\n@@ -1,2 +1,1 @@\n-\u{FFFD}\n b\n")
        }
        #expect(
            error?.reason == .mismatch(expected: "\"\u{FFFD}\\n\"", found: "\"\u{FFFD}\\n\"", fileLine: 1))
    }

    // MARK: All or nothing

    @Test func `one hunk that does not fit leaves every file as it was`() throws {
        let before = try Workspace.digest(of: folder.path)
        let error = #expect(throws: PatchError.self) {
            try apply(
                """
                --- a/a.txt
                +++ b/a.txt
                @@ -1 +1 @@
                -one
                +1
                --- /dev/null
                +++ b/fresh/c.txt
                @@ -0,0 +1 @@
                +c
                --- a/sub/b.txt
                +++ b/sub/b.txt
                @@ -1 +1 @@
                -x
                +X
                @@ -3 +3 @@
                -z
                +Z
                """)
        }
        let reason = PatchError.Reason.mismatch(expected: #""z\n""#, found: #""z""#, fileLine: 3)
        #expect(error == PatchError(reason, path: "sub/b.txt", hunk: 2, line: 16))
        #expect(
            error?.description.contains("read the file and make the patch anew. Nothing was changed.") == true
        )
        #expect(
            try Workspace.digest(of: folder.path) == before && folder.names() == ["a.txt", "old.txt", "sub"])
    }

    private static let four = """
        --- a/a.txt
        +++ b/a.txt
        @@ -1 +1 @@
        -one
        +1
        --- /dev/null
        +++ b/fresh/deep/c.txt
        @@ -0,0 +1 @@
        +c
        --- a/old.txt
        +++ /dev/null
        @@ -1 +0,0 @@
        -gone
        --- a/sub/b.txt
        +++ b/sub/b.txt
        @@ -1 +1 @@
        -x
        +X
        """

    @Test(arguments: [false, true])
    func `what was done before a failure midway is taken back`(isStaged: Bool) throws {
        let staging = try #require(TemporaryFolder())
        let workspace = try Workspace(root: folder.path, staging: isStaged ? staging.path : nil)
        let patch = try Patch(parsing: Array(Self.four.utf8))
        let before = try Workspace.digest(of: folder.path)
        let error = #expect(throws: PatchError.self) {
            try workspace.apply(patch) { path in
                guard path == "sub/b.txt" else { return }
                #expect(folder.text(of: "a.txt") == "1\ntwo\nthree\n" && !folder.names().contains("old.txt"))
                folder.rename("sub/b.txt", to: "b.txt")
                folder.put("somebody else's", in: "sub/b.txt", mode: 0o755)
            }
        }
        #expect(error == PatchError(.workspace(.changedMeanwhile), path: "sub/b.txt"))
        #expect(folder.text(of: "sub/b.txt") == "somebody else's")
        folder.rename("b.txt", to: "sub/b.txt")
        #expect(try Workspace.digest(of: folder.path) == before)
        #expect(folder.names() == ["a.txt", "old.txt", "sub"] && folder.names(in: "sub") == ["b.txt"])
        #expect(staging.names().isEmpty)
    }

    @Test func `what cannot be taken back is said, and what it held is kept`() throws {
        folder.makeFolder("kept")
        folder.put("one\n", in: "kept/k.txt")
        let text = "--- a/kept/k.txt\n+++ b/kept/k.txt\n@@ -1 +1 @@\n-one\n+1\n" + Self.four
        let error = #expect(throws: PatchError.self) {
            try workspace.apply(try Patch(parsing: Array(text.utf8))) { path in
                guard path == "sub/b.txt" else { return }
                folder.rename("kept", to: "away")
                folder.rename("sub", to: "elsewhere")
            }
        }
        #expect(error == PatchError(.stuck(["kept/k.txt"], cause: .missing), path: "sub/b.txt"))
        #expect(error?.description.contains("Nothing was changed") == false)
        #expect(folder.text(of: "a.txt") == "one\ntwo\nthree\n" && folder.text(of: "old.txt") == "gone\n")
        let kept = folder.names(in: "away").first { name in name.hasSuffix(".tmp") }
        #expect(folder.text(of: "away/\(kept ?? "")") == "one\n" && folder.text(of: "away/k.txt") == "1\n")
    }

    @Test func `a file and a folder of one name undo each other`() throws {
        let before = try Workspace.digest(of: folder.path)
        #expect(throws: PatchError(.workspace(.changedMeanwhile), path: "n")) {
            try apply(
                "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+n\n--- /dev/null\n+++ b/n/m\n@@ -0,0 +1 @@\n+m\n")
        }
        #expect(try Workspace.digest(of: folder.path) == before)
    }

    @Test func `many hunks in a long file of equal lines end soon`() throws {
        folder.put(String(repeating: "a\n", count: 200_000) + "b\n", in: "equal.txt")
        let old = String(repeating: "-a\n", count: 100_000)
        let error = #expect(throws: PatchError.self) {
            try apply("--- a/equal.txt\n+++ b/equal.txt\n@@ -150000,100001 +1,1 @@\n" + old + "-c\n+x\n")
        }
        guard case .mismatch = error?.reason else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }
}
