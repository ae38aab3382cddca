import PipelineCore
import PipelineRunners
import Testing

@Suite("Workspace: editing", .timeLimit(.minutes(2)))
struct WorkspaceTestsEditing {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try #require(TemporaryFolder())
        workspace = try Workspace(root: folder.path)
    }

    @Test func `a passage that occurs once is replaced, its mode kept`() throws {
        folder.put("one\r\ntwo\r\nthree\r\n", in: "a", mode: 0o750)
        let change = try workspace.edit("a", replacing: "two\r\n", with: "2\r\n")
        #expect(folder.text(of: "a") == "one\r\n2\r\nthree\r\n")
        #expect(change.before == ContentDigest(hashing: Array("one\r\ntwo\r\nthree\r\n".utf8)))
        #expect(change.after == ContentDigest(hashing: folder.bytes(of: "a") ?? []))
        #expect(change.size == 15 && folder.mode(of: "a") == 0o750 && folder.names() == ["a"])
    }

    @Test(
        arguments: [
            ("abc", "x", .notFoundText), ("abc", "abcd", .notFoundText), ("", "a", .notFoundText),
            ("a\r\nb", "a\nb", .notFoundText), ("é", "e\u{301}", .notFoundText), ("ab", "", .emptyText),
            ("abab", "ab", .notUnique(count: 2)), ("aaa", "aa", .notUnique(count: 2)),
            ("xxxxx", "x", .notUnique(count: 5)), ("ABRABRABR", "ABRABR", .notUnique(count: 2)),
        ] as [(String, String, WorkspaceError.Reason)])
    func `an edit without exactly one occurrence changes nothing`(
        text: String, old: String, expected: WorkspaceError.Reason
    ) {
        folder.put(text, in: "a")
        #expect(throws: WorkspaceError(path: "a", reason: expected)) {
            try workspace.edit("a", replacing: old, with: "new")
        }
        #expect(folder.text(of: "a") == text && folder.names() == ["a"])
    }

    @Test(
        arguments: [
            ("abc", "abc", "", ""), ("abc", "a", "xyz", "xyzbc"), ("abc", "c", "c", "abc"),
            ("aab", "ab", "-", "a-"),
        ].map { Example(text: $0.0, old: $0.1, new: $0.2, expected: $0.3) })
    func `an edit works at both ends and with equal texts`(_ example: Example) throws {
        folder.put(example.text, in: "a")
        _ = try workspace.edit("a", replacing: example.old, with: example.new)
        #expect(folder.text(of: "a") == example.expected)
    }

    struct Example: Sendable {
        let text, old, new, expected: String
    }

    @Test func `an edit leaves bytes around it alone that are not text`() throws {
        folder.put([0xFF, 0x61, 0x00, 0xFE], in: "a")
        _ = try workspace.edit("a", replacing: "a", with: "b")
        #expect(folder.bytes(of: "a") == [0xFF, 0x62, 0x00, 0xFE])
    }

    @Test func `an edit of a line of a megabyte stays linear`() throws {
        let line = String(repeating: "a", count: 1 << 20)
        folder.put(line + "b" + line, in: "a")
        let half = String(repeating: "a", count: 1 << 19)
        _ = try workspace.edit("a", replacing: half + "b", with: "c")
        #expect(folder.bytes(of: "a")?.count == (2 << 20) - (1 << 19) + 1)
        #expect(throws: WorkspaceError(path: "a", reason: .notUnique(count: (1 << 19) + 2))) {
            try workspace.edit("a", replacing: half, with: "")
        }
    }

    @Test func `counts agree with counting by hand on random texts`() throws {
        var seed: UInt64 = 42
        func random(_ bound: UInt64) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % bound)
        }
        for _ in 0..<500 {
            let text = (0..<random(30)).map { _ in UInt8(ascii: "a") + UInt8(random(2)) }
            let old = (0...random(5)).map { _ in UInt8(ascii: "a") + UInt8(random(2)) }
            let count = text.indices.count { text[$0...].starts(with: old) }
            guard count != 1 else { continue }
            folder.put(text, in: "a")
            let reason: WorkspaceError.Reason = count == 0 ? .notFoundText : .notUnique(count: count)
            #expect(throws: WorkspaceError(path: "a", reason: reason)) {
                try workspace.edit("a", replacing: String(decoding: old, as: UTF8.self), with: "")
            }
        }
    }

    @Test func `a file that is missing is not made by an edit`() {
        #expect(throws: WorkspaceError(path: "d/a", reason: .missing)) {
            try workspace.edit("d/a", replacing: "a", with: "b")
        }
        #expect(folder.names().isEmpty)
    }
}
