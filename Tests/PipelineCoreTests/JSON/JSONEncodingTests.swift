import PipelineCore
import Testing

struct JSONEncodingTests {
    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (0, "0"),
            (.integer(.min), "-9223372036854775808"), (1.5, "1.5"), ([], "[]"), ([:], "{}"),
            ([1, [nil], [:]], "[1,[null],{}]"), (["b": 2, "a": ["c": []]], #"{"a":{"c":[]},"b":2}"#),
            ("\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}", #""\"\\/\b\t\n\f\r""#),
            ("\0\u{1}\u{B}\u{E}\u{1F}\u{20}\u{7F}", "\"\\u0000\\u0001\\u000b\\u000e\\u001f \u{7F}\""),
            ("<\u{E9}\u{2028}\u{1F600}>", "\"<\u{E9}\u{2028}\u{1F600}>\""), ("a\"", #""a\"""#),
            (["\n\"": "x"], #"{"\n\"":"x"}"#),
        ] as [(JSON, String)])
    func `a value has one canonical text`(value: JSON, text: String) {
        #expect(Array(value.description.utf8) == Array(text.utf8))
        #expect(value.canonicalBytes == Array(text.utf8))
    }

    @Test func `the sample of RFC 8785 is canonical to the byte`() throws {
        let document = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
              "literals": [null, true, false]
            }
            """
        let canonical =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + "\"string\":\"\u{20AC}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        #expect(try JSON(parsing: document).canonicalBytes == Array(canonical.utf8))
    }

    @Test func `members stand in the order of their UTF-16`() throws {
        let value = try JSON(
            parsing: #"{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"\r":4,"1":5,"\u0080":6,"\u00f6":7}"#)
        let canonical =
            "{\"\\r\":4,\"1\":5,\"\u{80}\":6,\"\u{F6}\":7,\"\u{20AC}\":3,\"\u{1F600}\":2,\"\u{FB33}\":1}"
        #expect(value.canonicalBytes == Array(canonical.utf8))
    }

    @Test func `encoding appends`() {
        var bytes: [UInt8] = Array("x".utf8)
        JSON.array([1]).encode(into: &bytes)
        JSON.string("a").encode(into: &bytes)
        #expect(bytes == Array("x[1]\"a\"".utf8))
    }
}
