import PipelineCore
import Testing

@testable import PipelineRuntime

/// URLs, read strictly, and hosts.
struct PolicyAddressTests {
    @Test(arguments: [
        ("https://example.com", "https", "example.com"), ("HTTPS://Example.COM/x", "https", "example.com"),
        ("https://example.com.", "https", "example.com"),
        ("https://example.com:443/x?y#z", "https", "example.com"),
        ("https://example.com?x@y", "https", "example.com"),
        ("https://example.com#@evil.com", "https", "example.com"),
        ("https://example.com/@evil.com", "https", "example.com"),
        ("http://127.0.0.1:8080", "http", "127.0.0.1"),
        ("http://[::1]/", "http", "[0:0:0:0:0:0:0:1]"),
        ("http://[2001:DB8::7]:80", "http", "[2001:db8:0:0:0:0:0:7]"),
        ("http://[1:2:3:4:5:6:7:8]", "http", "[1:2:3:4:5:6:7:8]"),
        ("http://[1::]", "http", "[1:0:0:0:0:0:0:0]"),
        ("http://[::]", "http", "[0:0:0:0:0:0:0:0]"), ("git+ssh://a_b.c-d", "git+ssh", "a_b.c-d"),
        ("https://xn--80ak6aa92e.com", "https", "xn--80ak6aa92e.com"),
        ("http://localhost/ä", "http", "localhost"),
    ])
    func `a plain URL`(text: String, scheme: String, host: String) {
        let address = Policy.Address(text)
        #expect(address?.scheme == scheme && address?.host.text == host)
    }

    static let twisted = [
        "", "example.com", "//example.com", "http:example.com", "http:/example.com", "http:///etc", "http://",
        "file:///etc/passwd", "https://user@example.com", "https://user:pw@example.com",
        "https://@example.com",
        "https://good.com\\@evil.com", "https:\\\\evil.com", "https://good.com\\.evil.com",
        "https://good.com evil",
        "https://good.com\n.evil.com", "https://good.com\t", "\u{7F}https://good.com", " https://good.com",
        "https://good.com\0", "https://ex%61mple.com", "https://%65vil.com", "https://exämple.com",
        "https://example。com",
        "https://ｅxample.com", "https://еxample.com", "https://2130706433", "https://0x7f000001",
        "https://0x7f.1",
        "https://127.1", "https://127.0.1", "https://0177.0.0.1", "https://127.0.0.01", "https://127.0.0.256",
        "https://1.2.3.4.5", "https://127.0.0.1.0x1", "https://a..b", "https://.a", "https://a..",
        "https://.",
        "https://[::1", "https://::1", "https://[::ffff:127.0.0.1]", "https://[::ffff:7f00:1]",
        "https://[fe80::1%25eth0]",
        "https://[1::2::3]", "https://[1:2:3]", "https://[:1]", "https://[1:]", "https://[]",
        "https://[12345::]",
        "https://[+1::]", "https://[::1]x", "https://[::1]:", "https://a:", "https://a:b", "https://a:65536",
        "https://a:-1", "https://a:80:80", "https://a:+80", "1http://a", "ht tp://a", "://a",
        "javascript:alert(1)",
        "https://a,b", "https://a|b", "https://*", "https://*.example.com",
        "https://\(String(repeating: "a", count: 64))",
        "https://a/\(String(repeating: "a", count: 8_192))",
        "https://\(String(repeating: "a.", count: 127))com",
    ]

    @Test(arguments: twisted)
    func `what two readers could read in two ways is not read`(text: String) {
        #expect(Policy.Address(text) == nil)
        let arguments: JSON = ["url": .string(text)]
        func answer(_ rules: [Policy.Rule]) -> String {
            Policy(rules).answer(arguments, touches: [.url("/url")])
        }
        #expect(answer([.init("r", .allow, hosts: ["*"])]) == "deny none")
        #expect(answer([.init("r", .allow, schemes: ["https", "http"])]) == "deny none")
        #expect(answer([.init("r", .allow)]) == "deny none")
        #expect(answer([.init("r", .deny, hosts: ["x.com"]), .init("s", .allow)]) == "deny r")
        #expect(answer([.init("r", .deny, schemes: ["ftp"]), .init("s", .allow)]) == "deny r")
    }

    @Test(arguments: [
        ("*", "a.com", true), ("*", "[::1]", true), ("example.com", "EXAMPLE.com.", true),
        ("example.com", "a.example.com", false), ("*.example.com", "a.example.com", true),
        ("*.example.com", "a.b.example.com", true), ("*.example.com", "example.com", false),
        ("*.example.com", "evilexample.com", false), ("*.example.com", "a.example.com.evil.com", false),
        ("[::1]", "[0:0::1]", true), ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
    ])
    func `G6 hosts fit their patterns`(pattern: String, host: String, fits: Bool) throws {
        #expect(Policy.Host.isPattern(pattern))
        #expect(try #require(Policy.Host(host)).fits(pattern) == fits)
        let policy = Policy([.init("r", .deny, hosts: [pattern]), .init("s", .allow)])
        let answer = policy.answer(["url": .string("https://\(host)")], touches: [.url("/url")])
        #expect(answer == (fits ? "deny r" : "allow s"))
    }

    @Test func `a text of a tool that declares nothing is judged as a URL where it could be one`() {
        let policy = Policy([.init("r", .deny, hosts: ["evil.com"]), .init("s", .allow)])
        func answer(_ arguments: JSON) -> String { policy.answer(arguments, touches: nil) }
        #expect(answer(["a": ["b": [["see": "https://evil.com/x"]]]]) == "deny r")
        #expect(answer(["a": ["https://evil.com/x": true]]) == "deny r", "the name of a member")
        #expect(answer(["a": "//evil.com"]) == "deny r")
        #expect(answer(["a": "read https://evil.com"]) == "deny r", "it cannot be read")
        #expect(answer(["a": "https://good.com"]) == "allow s")
        #expect(answer(["a": "evil.com"]) == "allow s", "nothing says that it is a URL")
    }
}
