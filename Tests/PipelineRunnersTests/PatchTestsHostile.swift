import PipelineRunners
import Testing

/// Patches that must be refused, each for its own reason, and change nothing.
@Suite("Patches: hostile ones", .timeLimit(.minutes(2)))
struct PatchTestsHostile {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try #require(TemporaryFolder())
        folder.makeFolder("root")
        folder.makeFolder("outside")
        folder.put("one\n", in: "outside/file")
        folder.put("one\ntwo\nthree\n", in: "root/a")
        folder.put("one\n", in: "root/b")
        folder.put("", in: "root/empty")
        folder.put("one\n", in: "root/fixed", mode: 0o444)
        folder.makeLink("root/out", to: "../outside")
        folder.makeLink("root/link", to: "a")
        folder.makeFifo("root/fifo")
        workspace = try Workspace(root: folder["root"])
    }

    private static let edit = "--- a/a\n+++ b/a\n"

    /// An edit of the first line of a file.
    private static func edit(of path: String) -> String {
        "--- a/\(path)\n+++ b/\(path)\n@@ -1 +1 @@\n-one\n+1\n"
    }

    private static func creation(of path: String) -> String {
        "--- /dev/null\n+++ b/\(path)\n@@ -0,0 +1 @@\n+new\n"
    }

    static let malformed: [(String, PatchError.Reason)] = [
        ("", .empty), ("\n \r\n\n", .empty),
        ("hello\n", .unexpected(#""hello""#)),
        ("*** a\n--- b\n", .unexpected(#""*** a""#)),
        ("@@ -1 +1 @@\n-one\n+1\n", .unexpected(#""@@ -1 +1 @@""#)),
        ("--- a/a\n@@ -1 +1 @@\n-one\n+1\n", .unexpected(#""--- a/a""#)),
        ("--- a/a\n", .unexpected(#""--- a/a""#)),
        ("+++ b/a\n@@ -1 +1 @@\n-one\n+1\n", .unexpected(#""+++ b/a""#)),
        (edit, .truncated),
        (edit + "-one\n+1\n", .unexpected(#""-one""#)),
        (edit + "@@ -1 +1 @@\n", .truncated), (edit + "@@ -1 +1 @@\n-one\n", .truncated),
        (edit + "@@ -1,3 +1,3 @@\n-one\n+1\n two\n", .truncated),
        (edit + "@@ -1,2 +1,2 @@\n-one\n+1\n@@ -3 +3 @@\n-three\n+3\n", .count("\"@@ -1,2 +1,2 @@\"")),
        (edit + "@@ -1 +1 @@\n-one\n+1\n two\n", .count("\"@@ -1 +1 @@\"")),
        (edit + "@@ -1 +1 @@\n-one\n-two\n+1\n", .count("\"@@ -1 +1 @@\"")),
        (edit + "@@ -1 +1 @@\n-one\n+1\n+2\n", .count("\"@@ -1 +1 @@\"")),
        (edit + "@@ -1 +1 @@\n-one\n*1\n", .count("\"@@ -1 +1 @@\"")),
        (edit + "@@ -1,1 +1,1 @@\n one\n", .noChange),
        (edit + "@@ -0,0 +0,0 @@\n", .noChange),
        (edit + "@@ -1 +1\n-one\n+1\n", .hunkHeader(#""@@ -1 +1""#)),
        (edit + "@@ -1 +1 @@@\n-one\n+1\n", .hunkHeader(#""@@ -1 +1 @@@""#)),
        (edit + "@@ -a +1 @@\n-one\n+1\n", .hunkHeader(#""@@ -a +1 @@""#)),
        (edit + "@@ --1 +1 @@\n-one\n+1\n", .hunkHeader(#""@@ --1 +1 @@""#)),
        (edit + "@@ -0 +1 @@\n-one\n+1\n", .hunkHeader(#""@@ -0 +1 @@""#)),
        (edit + "@@ -0,1 +1,1 @@\n-one\n+1\n", .hunkHeader(#""@@ -0,1 +1,1 @@""#)),
        (
            edit + "@@ -99999999999999999999,1 +1,1 @@\n-one\n+1\n",
            .hunkHeader(#""@@ -99999999999999999999,1 +1,1 @@""#)
        ),
        (edit + "@@ -1,999999999 +1,999999999 @@\n-one\n+1\n", .truncated),
        (edit + "@@ -3 +3 @@\n-three\n+3\n@@ -1 +1 @@\n-one\n+1\n", .overlap),
        (edit + "@@ -1,2 +1,2 @@\n-one\n+1\n two\n@@ -2 +2 @@\n-two\n+2\n", .overlap),
        (edit + "@@ -1 +1 @@\n\\ No newline at end of file\n-one\n+1\n", .endMarker),
        (edit + "@@ -1,2 +1 @@\n-one\n\\ No newline at end of file\n-two\n+1\n", .endMarker),
        (edit + "@@ -1 +1,2 @@\n-one\n+1\n\\ No newline at end of file\n+2\n", .endMarker),
        (edit + "@@ -1 +1 @@\n-one\n+1\n\\ No newline\n\\ No newline\n", .unexpected(#""\\ No newline""#)),
        (edit(of: "a") + edit(of: "a"), .repeated), (edit(of: "a") + edit(of: "./a"), .repeated),
        ("--- a/a\n+++ b/b\n@@ -1 +1 @@\n-one\n+1\n", .names),
        ("--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-one\n+1\n", .names),
        ("diff --git a/a b/a\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-one\n+1\n", .names),
        ("diff --git a/a b/b\n", .names), ("diff --git a/a b/a\nrename from a\n", .names),
        ("diff --git a/a b/a\nrename from a\nrename to a\n", .names),
        ("diff --git a/a b/c\nrename from a\nrename to c\n--- a/b\n+++ b/c\n@@ -1 +1 @@\n-one\n+1\n", .names),
        ("diff --git a/a b/a\nnew file mode 100644\n" + edit(of: "a"), .names),
        ("diff --git a/a b/a\nnew file mode 100644\ndeleted file mode 100644\n", .names),
        ("--- \"a/\\777\"\n+++ b/a\n@@ -1 +1 @@\n-one\n+1\n", .name(#""\"a/\\777\"""#)),
        ("--- \"a/a\n+++ b/a\n@@ -1 +1 @@\n-one\n+1\n", .name(#""\"a/a""#)),
        ("--- \"a/\\377\"\n+++ b/a\n@@ -1 +1 @@\n-one\n+1\n", .name(#""\"a/\\377\"""#)),
        ("--- \n+++ b/a\n@@ -1 +1 @@\n-one\n+1\n", .name("\"\"")),
        ("--- /dev/null\n+++ b/new\n@@ -1 +1 @@\n-one\n+1\n", .side),
        ("--- a/b\n+++ /dev/null\n@@ -1 +1 @@\n-one\n+1\n", .side),
        ("diff --git a/i b/i\nnew file mode 100644\nGIT binary patch\nliteral 1\n", .unsupported(.binary)),
        ("Binary files a/a and b/a differ\n", .unsupported(.binary)),
        ("diff --git a/a b/a\nBinary files a/a and b/a differ\n", .unsupported(.binary)),
        ("diff --git a/a b/c\ncopy from a\ncopy to c\n", .unsupported(.copy)),
        ("diff --git a/l b/l\nnew file mode 120000\n" + creation(of: "l"), .unsupported(.link)),
        ("diff --git a/link b/link\nindex 123..456 120000\n" + edit(of: "link"), .unsupported(.link)),
        ("diff --git a/s b/s\nnew file mode 160000\n", .unsupported(.submodule)),
        (edit(of: "a") + "-- \n2.39.2\n", .count("\"@@ -1 +1 @@\"")),
        ("Only in b: x\n", .unexpected(#""Only in b: x""#)),
    ]

    static let misfits: [(String, PatchError.Reason)] = [
        (
            edit + "@@ -1 +1 @@\n-zwei\n+2\n",
            .mismatch(expected: #""zwei\n""#, found: #""one\n""#, fileLine: 1)
        ),
        (edit + "@@ -9 +9 @@\n-nine\n+9\n", .mismatch(expected: #""nine\n""#, found: nil, fileLine: 4)),
        (
            edit + "@@ -999999999 +1 @@\n-no\n+1\n",
            .mismatch(expected: #""no\n""#, found: nil, fileLine: 4)
        ),
        (
            edit + "@@ -1,2 +1 @@\n-one\n-2\n+1\n",
            .mismatch(expected: #""2\n""#, found: #""two\n""#, fileLine: 2)
        ),
        (
            edit + "@@ -3 +3 @@\n-three\n\\ No newline at end of file\n+3\n",
            .mismatch(expected: #""three""#, found: #""three\n""#, fileLine: 3)
        ),
        (edit + "@@ -1 +1 @@\n-one\n+1\n\\ No newline at end of file\n", .notLast),
        (edit + "@@ -0,0 +1 @@\n+zero\n", .noContext), (edit + "@@ -2,0 +3 @@\n+between\n", .noContext),
        ("--- a/empty\n+++ b/empty\n@@ -5,0 +5 @@\n+x\n", .noContext),
        ("--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", .leftover),
        ("diff --git a/a b/a\ndeleted file mode 100644\n", .leftover),
        (edit(of: "nowhere"), .workspace(.missing)), (edit(of: "no/where"), .workspace(.missing)),
        (creation(of: "b"), .workspace(.alreadyExists)), (creation(of: "empty"), .workspace(.alreadyExists)),
        (creation(of: "b/c"), .workspace(.notAFolder)),
        ("diff --git a/a b/b\nrename from a\nrename to b\n", .workspace(.alreadyExists)),
        ("diff --git a/a b/c\nrename from nowhere\nrename to c\n", .workspace(.missing)),
        (edit(of: "fifo"), .workspace(.notAFile)), (edit(of: "fixed"), .workspace(.denied)),
        (edit(of: "../outside/file"), .workspace(.outside)),
        ("--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-one\n+1\n", .workspace(.outside)),
        (creation(of: "/abs"), .workspace(.outside)), (creation(of: "x/../../y"), .workspace(.outside)),
        (creation(of: ".."), .workspace(.outside)),
        ("diff --git a/a b/x\nrename from a\nrename to ../x\n", .workspace(.outside)),
        ("diff --git a/a b/x\nrename from ../outside/file\nrename to x\n", .workspace(.outside)),
        (edit(of: "out/file"), .workspace(.link)), (creation(of: "out/new"), .workspace(.link)),
        (edit(of: "link"), .workspace(.link)), (creation(of: "link"), .workspace(.link)),
        ("--- a/link\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", .workspace(.link)),
        ("diff --git a/a b/x\nrename from a\nrename to out/x\n", .workspace(.link)),
        (
            "--- \"a/\\000\"\n+++ \"b/\\000\"\n@@ -1 +1 @@\n-one\n+1\n",
            .workspace(.zeroByte)
        ),
        ("--- \"a/\\033c\"\n+++ \"b/\\033c\"\n@@ -1 +1 @@\n-one\n+1\n", .workspace(.controlCharacter)),
        ("--- \"a/x\\ny\"\n+++ \"b/x\\ny\"\n@@ -1 +1 @@\n-one\n+1\n", .workspace(.controlCharacter)),
        (edit(of: String(repeating: "n", count: 256)), .workspace(.nameTooLong(limit: 255))),
        (creation(of: String(repeating: "d/", count: 65) + "f"), .workspace(.tooDeep(limit: 64))),
    ]

    @Test(arguments: malformed + misfits)
    func `a patch that is not sound or does not fit changes nothing`(
        text: String, expected: PatchError.Reason
    ) throws {
        // A sound file before it must not be made either.
        let sound =
            text.contains { character in !character.isWhitespace }
            ? "diff --git a/first b/first\nnew file mode 100644\n\n" : ""
        let (root, outside) = try (folder.names(in: "root"), Workspace.digest(of: folder["outside"]))
        let error = #expect(throws: PatchError.self) {
            try workspace.apply(Patch(parsing: Array((sound + text).utf8)))
        }
        #expect(error?.reason == expected)
        #expect(error?.description.utf8.allSatisfy { byte in byte >= 0x20 } == true)
        #expect(folder.names(in: "root") == root && folder.text(of: "root/a") == "one\ntwo\nthree\n")
        #expect(try Workspace.digest(of: folder["outside"]) == outside)
    }

    @Test func `the line of the patch is named`() throws {
        let text = Self.creation(of: "first") + "\n" + Self.edit + "@@ -1 +1 @@\n-one\n+1\n+2\n"
        let error = #expect(throws: PatchError.self) { try Patch(parsing: Array(text.utf8)) }
        #expect(error == PatchError(.count("\"@@ -1 +1 @@\""), path: "a", hunk: 1, line: 11))
    }

    @Test func `too much is refused before it is read`() throws {
        let large = [UInt8](repeating: 0x2B, count: Patch.Limit.bytes + 1)
        #expect(throws: PatchError(.tooLarge(limit: Patch.Limit.bytes))) { try Patch(parsing: large) }
        let many = (0...Patch.Limit.files).map { number in Self.creation(of: "f\(number)") }.joined()
        let error = #expect(throws: PatchError.self) { try Patch(parsing: Array(many.utf8)) }
        #expect(error?.reason == .tooManyFiles(limit: Patch.Limit.files))
        let lines = (1...400).map { number in "\(number)\n" }
        folder.put(lines.joined(), in: "root/long")
        // Each hunk claims to be one line further off than the one before.
        var text = "--- a/long\n+++ b/long\n"
        for number in 1...150 { text += "@@ -\(number * 3) +1 @@\n-\(number * 2)\n+x\n" }
        let moved = #expect(throws: PatchError.self) { try workspace.apply(Patch(parsing: Array(text.utf8))) }
        #expect(moved?.reason == .tooManyMoved(limit: Patch.Limit.moved) && moved?.hunk == 101)
        #expect(folder.text(of: "root/long") == lines.joined())
    }

    @Test func `any part of a patch, and any byte of it replaced, is read or refused in time`() throws {
        let text = Array(
            ("diff --git a/a b/c\nsimilarity index 50%\nrename from a\nrename to c\n--- a/a\n+++ b/c\n"
                + "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n" + Self.creation(of: "d")
                + "--- \"a/\\142\"\n+++ b/b\n@@ -1 +1 @@\n-one\n+1\n\\ No newline at end of file\n").utf8)
        let before = try Patch(parsing: text)
        #expect(before.paths == ["a", "c", "d", "b"])
        for end in text.indices {
            _ = try? Patch(parsing: Array(text[..<end]))
            for byte: UInt8 in [0x00, 0x0A, 0x20, 0x2B, 0x2D, 0x40, 0x5C, 0x39, 0xFF] {
                var changed = text
                changed[end] = byte
                _ = try? Patch(parsing: changed)
            }
        }
    }
}
