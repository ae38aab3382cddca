import PipelineCore
import Testing

struct JSONParsingTests {
    @Test(
        arguments: [
            ("null", JSON.null), ("true", true), (" \t\r\n false \n", false), ("0", 0), ("-1", -1),
            ("\"\"", ""), ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]), ("[[],{}]", [[], [:]]),
            ("[ 1 , 2 ]", [1, 2]), ("{\"\":0}", ["": 0]),
            ("{ \"a\" : { \"b\" : [ null ] } , \"c\" : 1 }", ["a": ["b": [nil]], "c": 1]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "A\u{E9}\u{20AC}"),
            (#""\uD83D\uDE00""#, "\u{1F600}"), (#""\udbff\udfff""#, "\u{10FFFF}"), (#""\u0000""#, "\0"),
            (#""a\nb""#, "a\nb"), (#""\n""#, "\n"), (#"" \u005C ""#, " \\ "), ("\"\u{7F}\"", "\u{7F}"),
            ("\"\u{E9}\u{20AC}\u{1F600}\u{FFFF}\u{FEFF}\"", "\u{E9}\u{20AC}\u{1F600}\u{FFFF}\u{FEFF}"),
            (#"[{"b":1,"a":[{"d":2,"c":3}]},4]"#, [["a": [["c": 3, "d": 2]], "b": 1], 4]),
        ] as [(String, JSON)])
    func `a document is read`(text: String, expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
        #expect(try JSON(parsing: Array(text.utf8)) == expected)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1),
            ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("{", .unexpectedEnd, 1),
            ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6),
            ("{\"a\":1,", .unexpectedEnd, 7), ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2),
            ("\"\\", .unexpectedEnd, 2), ("\"\\u12", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3),
            ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2),
            ("1e-", .unexpectedEnd, 3), ("]", .valueExpected, 0), ("[,1]", .valueExpected, 1),
            ("[1,]", .valueExpected, 3), ("[1,,2]", .valueExpected, 3), ("{\"a\":}", .valueExpected, 5),
            ("True", .valueExpected, 0), ("trux", .valueExpected, 3), ("nul!", .valueExpected, 3),
            ("'a'", .valueExpected, 0), ("NaN", .valueExpected, 0), ("Infinity", .valueExpected, 0),
            ("+1", .valueExpected, 0), (".5", .valueExpected, 0), ("// x\n1", .valueExpected, 0),
            ("\u{A0}1", .valueExpected, 0), ("\u{C}1", .valueExpected, 0), ("\u{E9}", .valueExpected, 0),
            ("{a:1}", .keyExpected, 1), ("{1:1}", .keyExpected, 1), ("{\"a\":1,}", .keyExpected, 7),
            ("{,}", .keyExpected, 1), ("{]", .keyExpected, 1), ("{\"a\" 1}", .colonExpected, 5),
            ("{\"a\",1}", .colonExpected, 4), ("[1 2]", .commaOrBracketExpected, 3),
            ("[1}", .commaOrBracketExpected, 2), ("[1:2]", .commaOrBracketExpected, 2),
            ("{\"a\":1 \"b\":2}", .commaOrBraceExpected, 7), ("{\"a\":1]", .commaOrBraceExpected, 6),
            ("1 2", .trailingContent, 2), ("{}}", .trailingContent, 2), ("[] ,", .trailingContent, 3),
            ("truefalse", .trailingContent, 4), ("1\0", .trailingContent, 1),
            ("\u{FEFF}1", .byteOrderMark, 0), ("\"a\nb\"", .controlCharacter(10), 2),
            ("\"\0\"", .controlCharacter(0), 1), ("\"\u{1F}\"", .controlCharacter(31), 1),
            ("{\"\t\":1}", .controlCharacter(9), 2), (#""\x41""#, .invalidEscape, 1),
            (#""ab\'""#, .invalidEscape, 3), (#""\U0041""#, .invalidEscape, 1),
            (#""\u00g0""#, .invalidEscape, 1), (#""\u+123""#, .invalidEscape, 1),
            (#""\u12""#, .invalidEscape, 1), (#""\uD800""#, .loneSurrogate, 1),
            (#""\uDC00""#, .loneSurrogate, 1), (#""a\uDBFFb""#, .loneSurrogate, 2),
            (#""\uD800\n""#, .loneSurrogate, 1), (#""\uD800\uD800""#, .loneSurrogate, 1),
            (#""\uD800\u0041""#, .loneSurrogate, 1), (#""\uDC00\uD800""#, .loneSurrogate, 1),
            (#""\uDC00\uDC00""#, .loneSurrogate, 1), ("01", .invalidNumber, 0), ("-01", .invalidNumber, 0),
            ("00", .invalidNumber, 0), ("-a", .invalidNumber, 1), ("1.e1", .invalidNumber, 2),
            ("1.a", .invalidNumber, 2), ("1ea", .invalidNumber, 2), ("1e+a", .invalidNumber, 3),
            ("[-]", .invalidNumber, 2), ("1.5.5", .trailingContent, 3), ("0x10", .trailingContent, 1),
            ("1_000", .trailingContent, 1), ("1e400", .numberOutOfRange, 0),
            ("[0,-1e309]", .numberOutOfRange, 3), ("1.7976931348623159e308", .numberOutOfRange, 0),
            ("1e99999999999999999999", .numberOutOfRange, 0),
            ("1e18446744073709551616", .numberOutOfRange, 0),
        ] as [(String, JSON.ParseError.Reason, Int)])
    func `a document that is not JSON is an error with its place`(
        text: String, reason: JSON.ParseError.Reason, offset: Int
    ) {
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
            [0xF0, 0x9F, 0x28, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are an error`(sequence: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        for document in [[quote, 0x61] + sequence + [quote], [quote, 0x61] + sequence] {
            let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: document) }
            #expect(error?.reason == .invalidUTF8)
            #expect(error?.offset == 2)
        }
    }

    @Test func `every scalar is read from its UTF-8 and from its escape`() throws {
        for value in UInt32(0x20)...0x10FFFF where value % 31 == 0 || value < 0x900 || value > 0x10FF00 {
            guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
            let expected = JSON.string(String(Character(scalar)))
            let units = Array(String(Character(scalar)).utf16)
            let escapes = units.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            guard try JSON(parsing: "\"\(Character(scalar))\"") == expected,
                try JSON(parsing: "\"\(escapes.joined())\"") == expected
            else {
                Issue.record("U+\(String(value, radix: 16))")
                continue
            }
        }
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "a", 7), (#"{"a":1,"\u0061":2}"#, "a", 7),
        (#"[{"b":{},"a":1,"c":2,"a":3,"b":4}]"#, "a", 21),
        (#"{"x":{"k":1,"j":2,"k":3}}"#, "k", 18), (#"{"":1, "":2}"#, "", 7),
    ])
    func `a duplicate key is an error with its position`(text: String, key: String, offset: Int) {
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: text) }
        #expect(error?.reason == .duplicateKey(Key(key)))
        #expect(error?.offset == offset)
    }

    @Test func `keys that look alike but differ in bytes are two`() throws {
        let value = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value.objectValue?.count == 2)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test func `the same key in two objects is no duplicate`() throws {
        #expect(try JSON(parsing: #"{"a":{"a":[{"a":1},{"a":1}]}}"#) == ["a": ["a": [["a": 1], ["a": 1]]]])
    }

    @Test func `line and column count line feeds and scalars`() throws {
        let error = #expect(throws: JSON.ParseError.self) {
            try JSON(parsing: "{\n\r\n  \"\u{E9}\u{1F600}\": x}")
        }
        #expect(error?.line == 3)
        #expect(error?.column == 9)
        #expect(error?.offset == 16)
        let expected =
            "JSON line 3, column 9 (byte 16): a value must stand here, "
            + "so write one or remove the comma or colon before it."
        #expect(error?.description == expected)
    }

    @Test func `a hostile key is excerpted on one line`() {
        let key = String(repeating: "x\\n", count: 1000)
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: "{\"\(key)\":1,\"\(key)\":2}") }
        #expect(error?.description.contains("\n") == false)
        #expect((error?.description.utf8.count ?? .max) < 300)
    }

    @Test func `places in a slice count from its start`() {
        let bytes = Array("garbage[1,]".utf8)
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: bytes[7...]) }
        #expect(error?.offset == 3)
        #expect(throws: Never.self) { try JSON(parsing: bytes[8..<9]) }
    }
}
