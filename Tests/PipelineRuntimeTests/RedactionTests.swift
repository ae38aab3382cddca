import PipelineCore
import PipelineRuntime
import Testing

/// What is replaced in texts, values, results and failures.
struct RedactionTests {
    private func redacted(_ text: String, _ secrets: KeyValuePairs<String, String>) -> String {
        Redactor(secrets: secrets.map { name, value in Secret(name: name, value: value) }).redacted(text)
    }

    @Test func `every occurrence of a value becomes its name`() {
        #expect(redacted("a hush b hush", ["A": "hush"]) == "a [secret A] b [secret A]")
        #expect(redacted("hushhush", ["A": "hush"]) == "[secret A][secret A]")
        #expect(redacted("HUSH hus ush", ["A": "hush"]) == "HUSH hus ush")
        #expect(redacted("schön geheim ß", ["A": "ön ge"]) == "sch[secret A]heim ß")
        #expect(redacted("hush", [:]) == "hush" && redacted("", ["A": "hush"]) == "")
    }

    @Test func `an empty value is no secret`() {
        #expect(redacted("abc", ["A": "", "B": "b"]) == "a[secret B]c")
    }

    @Test func `of values that hold each other the longest counts`() {
        #expect(redacted("a pass password b", ["A": "pass", "B": "password"]) == "a [secret A] [secret B] b")
        #expect(redacted("a password b", ["A": "word", "B": "password", "C": "ass"]) == "a [secret B] b")
        #expect(redacted("passwor", ["A": "pass", "B": "password"]) == "[secret A]wor")
    }

    @Test func `of values that overlap no part is left`() {
        #expect(redacted("-xxyyzz-", ["A": "xxyy", "B": "yyzz"]) == "-[secret A]-")
        #expect(redacted("-aaaaa-", ["A": "aa"]) == "-[secret A]-")
        // The last one joins the two before it.
        #expect(redacted("ab-cd", ["A": "ab", "B": "cd", "C": "b-c"]) == "[secret A]")
    }

    @Test func `two spellings of one character are two values`() {
        #expect(redacted("caf\u{E9}1 cafe\u{301}1", ["A": "caf\u{E9}1"]) == "[secret A] cafe\u{301}1")
    }

    @Test(arguments: [
        #"a\"b\\c\n/é😀"#, #"a\"b\\c\n\/é😀"#, #"a\"b\\c\n/\u00e9\ud83d\ude00"#,
        #"a\"b\\c\n\/\u00E9\uD83D\uDE00"#,
        "a%22b%5Cc%0A%2F%C3%A9%F0%9F%98%80", "a%22b%5cc%0a%2f%c3%a9%f0%9f%98%80",
        "YSJiXGMKL8Op8J+YgA==", "YSJiXGMKL8Op8J+YgA", "YSJiXGMKL8Op8J-YgA==", "YSJiXGMKL8Op8J-YgA",
    ])
    func `a value is found in its usual spellings`(spelling: String) {
        #expect(redacted("<\(spelling)>", ["A": "a\"b\\c\n/é😀"]) == "<[secret A]>")
    }

    @Test func `a space of a form is a plus`() {
        #expect(redacted("q=my+pass%26word&x", ["A": "my pass&word"]) == "q=[secret A]&x")
        #expect(redacted("q=my%20pass%26word&x", ["A": "my pass&word"]) == "q=[secret A]&x")
    }

    @Test func `declared texts go on for as long as their characters come`() throws {
        let redactor = Redactor(redaction: try Redaction(texts: ["ghp_*", "sk-*", "Bearer *"]))
        #expect(redactor.redacted("x ghp_aZ09_+/=.- y") == "x [redacted] y")
        #expect(redactor.redacted("(sk-1)(sk-2)") == "([redacted])([redacted])")
        #expect(redactor.redacted("Authorization: Bearer abc\n") == "Authorization: [redacted]\n")
        #expect(redactor.redacted("ghp_ sk- sk-é") == "ghp_ sk- sk-é")
        #expect(redactor.redacted("sk-sk-ghp_1é") == "[redacted]é")
        #expect(redactor.redacted("GHP_1") == "GHP_1")
    }

    @Test func `where a secret and a declared text begin together, the secret gives the name`() throws {
        let redactor = Redactor(
            secrets: [Secret(name: "A", value: "ghp_12")], redaction: try Redaction(texts: ["ghp_*"]))
        #expect(redactor.redacted("ghp_12 ghp_1234 ghp_13") == "[secret A] [secret A] [redacted]")
        #expect(redactor.redacted("ghp_xghp_12") == "[redacted]")
    }

    @Test func `in a value all texts are redacted, keys too`() {
        let redactor = Redactor(secrets: [
            Secret(name: "A", value: "hush"), Secret(name: "PIN", value: "1234"),
        ])
        let value: JSON = [
            "hush": 1, "plain": ["hush", 2, nil, ["x": "a hush"]], "n": 1234, "m": 12345, "b": true,
        ]
        #expect(
            redactor.redacted(value) == [
                "[secret A]": 1, "plain": ["[secret A]", 2, nil, ["x": "a [secret A]"]], "n": "[secret PIN]",
                "m": 12345, "b": true,
            ])
    }

    @Test func `members whose keys become the same are all kept`() {
        let redactor = Redactor(secrets: [Secret(name: "A", value: "xx"), Secret(name: "A", value: "yy")])
        let value: JSON = ["xx": 1, "yy": 2, "[secret A]": 3, "[secret A] 2": 4]
        let kept = redactor.redacted(value).objectValue
        #expect(kept?.count == 4 && kept?["[secret A]"] == 3 && kept?["[secret A] 2"] == 4)
        #expect(kept?["[secret A] 3"] == 1 && kept?["[secret A] 4"] == 2)
    }

    @Test func `what stands at a declared place is replaced as a whole`() throws {
        let redaction = try Redaction(places: ["/token", "/items/*/password", "/a~1b/~0", "/list/1"])
        let value: JSON = [
            "token": ["deep": 1], "items": [["password": 5, "name": "n"], ["password": nil]],
            "a/b": ["~": "x", "~0": "y"], "list": [1, 2, 3], "other": ["token": "t"],
        ]
        #expect(
            Redactor(redaction: redaction).redacted(value) == [
                "token": "[redacted]",
                "items": [["password": "[redacted]", "name": "n"], ["password": "[redacted]"]],
                "a/b": ["~": "[redacted]", "~0": "y"], "list": [1, "[redacted]", 3], "other": ["token": "t"],
            ])
        #expect(Redactor(redaction: try Redaction(places: [""])).redacted(["a": 1] as JSON) == "[redacted]")
        #expect(Redactor(redaction: try Redaction(places: ["/*"])).redacted("text" as JSON) == "text")
    }

    @Test func `patterns that fit nothing are refused, all at once`() {
        let invalid = #expect(throws: Redaction.Invalid.self) {
            try Redaction(
                places: ["/fine", "token", "/a~2", "/a~"], texts: ["fine*", "*", "plain", "a*b*", ""])
        }
        #expect(invalid?.problems.count == 7)
        for wrong in ["\"token\"", "\"/a~2\"", "\"/a~\"", "\"*\"", "\"plain\"", "\"a*b*\"", "\"\""] {
            #expect(invalid?.description.contains(wrong) == true, "\(wrong)")
        }
    }

    @Test func `of a result the output, the arguments of calls and the names of artifacts are redacted`()
        throws
    {
        let redactor = Redactor(
            secrets: [Secret(name: "A", value: "hush")], redaction: try Redaction(places: ["/token"]))
        let digest = ContentDigest(hashing: [1])
        let result = Run.Result(
            output: ["text": "hush", "token": "t"],
            calls: [
                Run.Call(
                    id: "1", name: "get", arguments: ["q": "hush", "token": "t"], isReadOnly: true,
                    needsApproval: true, recovery: .probe)
            ], usage: Run.Usage(tokensIn: 3), truncation: Run.Truncation(originalBytes: 9, keptBytes: 4),
            artifacts: [Run.Artifact(name: "hush.txt", mediaType: "text/plain", bytes: 1, digest: digest)],
            finding: .done)
        let redacted = redactor.redacted(result)
        #expect(redacted.output == ["text": "[secret A]", "token": "[redacted]"])
        #expect(redacted.artifacts.map(\.name) == ["[secret A].txt"])
        #expect(
            redacted.calls == [
                Run.Call(
                    id: "1", name: "get", arguments: ["q": "[secret A]", "token": "t"], isReadOnly: true,
                    needsApproval: true, recovery: .probe)
            ])
        #expect(redacted.usage == result.usage && redacted.truncation == result.truncation)
        #expect(redacted.finding == .done && redacted.artifacts.map(\.digest) == [digest])
    }

    @Test func `of a failure the message, the code and the details are redacted`() throws {
        let redactor = Redactor(
            secrets: [Secret(name: "A", value: "hush")], redaction: try Redaction(places: ["/token"]))
        let failure = Run.Failure(
            .transport, "No hush.", isRetryable: false, code: "hush-1",
            details: ["hush": "hush", "token": 1],
            retryAfter: 5, usage: Run.Usage(cost: 2))
        let expected = Run.Failure(
            .transport, "No [secret A].", isRetryable: false, code: "[secret A]-1",
            details: ["[secret A]": "[secret A]", "token": "[redacted]"], retryAfter: 5,
            usage: Run.Usage(cost: 2))
        #expect(redactor.redacted(failure) == expected)
    }
}
