import PipelineCore
import Testing

/// What each keyword says about values.
struct SchemaKeywordTests {
    @Test(arguments: [
        ("null", "null"), ("boolean", "true"), ("boolean", "false"), ("integer", "-7"), ("integer", "1.0"),
        ("integer", "1e300"), ("integer", "123456789012345678901"), ("number", "7"), ("number", "0.5"),
        ("string", "\"\""), ("array", "[]"), ("object", "{}"),
    ])
    func `type accepts the values of the type`(word: String, value: String) throws {
        let schema = try Schema(["type": .string(word)])
        #expect(schema.problems(of: try JSON(parsing: value)).isEmpty)
        #expect(schema.accepts(try JSON(parsing: value)))
    }

    @Test(arguments: [
        ("null", "0", "expected null, found 0"),
        ("boolean", "\"true\"", "expected true or false, found \"true\""),
        ("integer", "1.5", "expected an integer, found 1.5"),
        ("integer", "1e-300", "expected an integer, found 1e-300"),
        ("number", "\"1\"", "expected a number, found \"1\""),
        ("string", "null", "expected a string, found null"),
        ("array", "{\"0\": 1}", "expected an array, found an object of 1 member"),
        ("object", "[1, 2]", "expected an object, found an array of 2 items"),
    ])
    func `type refuses other values`(word: String, value: String, reason: String) throws {
        let schema = try Schema(["type": .string(word)])
        let problems = schema.problems(of: try JSON(parsing: value))
        #expect(problems.map(\.reason) == [reason])
        #expect(problems.map(\.schemaPointer) == ["/type"])
        #expect(!schema.accepts(try JSON(parsing: value)))
    }

    @Test func `several types accept any of them`() throws {
        let schema = try Schema(["type": ["string", "null"]])
        #expect(schema.accepts("a") && schema.accepts(.null))
        #expect(schema.reasons(1) == ["expected null or a string, found 1"])
    }

    @Test func `enum accepts what it lists, by bytes and by value`() throws {
        let schema = try Schema(["enum": [1, "\u{E9}", ["a": [true]], .null]])
        #expect(schema.accepts(1.0) && schema.accepts("\u{E9}") && schema.accepts(["a": [true]]))
        #expect(schema.accepts(.null))
        #expect(!schema.accepts("e\u{301}"), "another spelling of é")
        #expect(!schema.accepts(true) && !schema.accepts(["a": [1]]) && !schema.accepts(["a": [[true]]]))
        let found = "expected one of 1, \"\u{E9}\", {\"a\":[true]}, null, found \"b\""
        #expect(schema.reasons("b") == [found])
        #expect(try Schema(["enum": ["a"]]).reasons("b") == ["expected \"a\", found \"b\""])
        #expect(try Schema(["enum": []]).reasons(1) == ["expected one of nothing, found 1"])
    }

    @Test func `a long enum and long values are cut in the message`() throws {
        let schema = try Schema(["enum": .array((0..<20).map { number in .integer(number) })])
        let found = "found a string of 41 characters"
        #expect(
            schema.reasons(.string(String(repeating: "x", count: 41)))
                == ["expected one of 0, 1, 2, 3, 4, 5, 6, 7 and 12 more, \(found)"])
        let constant = try Schema(["const": .string(String(repeating: "y", count: 100))])
        let text = "\"" + String(repeating: "y", count: 79) + "…"
        #expect(constant.reasons(2) == ["expected \(text), found 2"])
    }

    @Test func `const accepts one value, null included`() throws {
        let schema = try Schema(["const": ["a": 1]])
        #expect(schema.accepts(["a": 1.0]))
        #expect(schema.reasons(["a": 2]) == ["expected {\"a\":1}, found an object of 1 member"])
        #expect(try Schema(["const": .null]).accepts(.null))
        #expect(try !Schema(["const": .null]).accepts(0))
        #expect(try !Schema(["const": "\u{E9}"]).accepts("e\u{301}"))
    }

    @Test func `lengths count Unicode code points`() throws {
        let schema = try Schema(["minLength": 2, "maxLength": 3])
        #expect(schema.accepts("e\u{301}"), "one character, two code points")
        #expect(schema.accepts("\u{1F600}\u{1F600}"))
        #expect(schema.accepts(12), "only strings have a length")
        #expect(schema.reasons("\u{1F600}") == ["expected at least 2 characters, found 1"])
        #expect(schema.reasons("abcd") == ["expected at most 3 characters, found 4"])
        #expect(try Schema(["minLength": 1]).reasons("") == ["expected at least 1 character, found 0"])
    }

    @Test func `arrays are as long as they may be`() throws {
        let schema = try Schema(["minItems": 1, "maxItems": 2.0])
        #expect(
            schema.accepts([1]) && schema.accepts([1, 2]) && schema.accepts([:]) && schema.accepts("abc"))
        #expect(schema.reasons([]) == ["expected at least 1 item, found 0"])
        #expect(schema.reasons([1, 2, 3]) == ["expected at most 2 items, found 3"])
    }

    @Test func `objects are as large as they may be`() throws {
        let schema = try Schema(["minProperties": 1, "maxProperties": 2])
        #expect(schema.accepts(["a": 1]) && schema.accepts(["a": 1, "b": 2]) && schema.accepts([]))
        #expect(schema.reasons([:]) == ["expected at least 1 member, found 0"])
        #expect(schema.reasons(["a": 1, "b": 2, "c": 3]) == ["expected at most 2 members, found 3"])
    }

    @Test func `a limit beyond all sizes is one that no size reaches`() throws {
        #expect(try Schema(JSON(parsing: "{\"maxItems\": 1e300}")).accepts([1]))
        #expect(try !Schema(JSON(parsing: "{\"minItems\": 1e300}")).accepts([1]))
    }

    @Test func `a missing member is named`() throws {
        let schema = try Schema(["required": ["b", "a/b", "\u{E9}"]])
        #expect(schema.accepts(["b": .null, "a/b": 1, "\u{E9}": 2, "c": 3]))
        #expect(schema.accepts("not an object"))
        #expect(
            schema.reasons(["e\u{301}": 1, "b": 2])
                == ["expected a member \"a/b\", found none", "expected a member \"\u{E9}\", found none"])
    }

    @Test func `properties apply to the members of their names`() throws {
        let schema = try Schema(["properties": ["a": ["type": "string"], "b": false, "\u{E9}": false]])
        #expect(schema.accepts(["a": "x", "c": 1, "e\u{301}": 1]) && schema.accepts([]))
        #expect(
            schema.texts(["a": 1, "b": 2])
                == ["/a: expected a string, found 1", "/b: expected no member of this name, found 2"])
        #expect(
            schema.problems(of: ["a": 1, "b": 2]).map(\.schemaPointer)
                == ["/properties/a/type", "/properties/b"])
    }

    @Test func `additionalProperties apply to all other members`() throws {
        let schema = try Schema([
            "properties": ["a": true, "b": true], "additionalProperties": ["type": "integer"],
        ])
        #expect(schema.accepts(["a": "x", "c": 1]))
        #expect(schema.texts(["a": "x", "c": "y"]) == ["/c: expected an integer, found \"y\""])
        let closed = try Schema(["properties": ["a": true, "b": true], "additionalProperties": false])
        #expect(closed.texts(["b": 1, "c": 2]) == ["/c: expected no member but \"a\", \"b\", found 2"])
        #expect(
            try Schema(["additionalProperties": false]).texts(["c": 2]) == ["/c: expected no member, found 2"]
        )
    }

    @Test func `prefixItems apply by place and items to the rest`() throws {
        let schema = try Schema(["prefixItems": [["type": "string"], ["type": "null"]], "items": false])
        #expect(schema.accepts([]) && schema.accepts(["a"]) && schema.accepts(["a", .null]))
        #expect(
            schema.texts([1, 2, 3])
                == [
                    "/0: expected a string, found 1", "/1: expected null, found 2",
                    "/2: expected no item after the first 2, found 3",
                ])
        #expect(
            schema.problems(of: [1, .null, 3]).map(\.schemaPointer) == ["/prefixItems/0/type", "/items"])
        let list = try Schema(["items": ["minimum": 3]])
        #expect(
            list.texts([3, 2, 4, 1]) == [
                "/1: expected at least 3, found 2", "/3: expected at least 3, found 1",
            ])
        #expect(try Schema(["items": false]).texts([1]) == ["/0: expected no item, found 1"])
        #expect(
            try Schema(["prefixItems": [false]]).texts([1]) == ["/0: expected no item at this place, found 1"]
        )
        #expect(try Schema(["prefixItems": [false]]).accepts([]))
    }

    @Test func `true accepts everything and false nothing`() throws {
        #expect(try Schema(true).accepts([1, ["a": .null]]))
        #expect(try Schema([:]).accepts([1, ["a": .null]]))
        #expect(try Schema(false).texts(1) == ["expected no value, found 1"])
        #expect(try Schema(false).problems(of: 1).map(\.schemaPointer) == [""])
    }

    @Test func `annotations say nothing about values`() throws {
        let schema = try Schema([
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": "c", "title": "t",
            "description": "d", "default": [1], "examples": [false], "deprecated": true, "readOnly": true,
            "writeOnly": true, "$defs": ["a": false],
        ])
        #expect(schema.accepts(["a": 1]) && schema.accepts(.null))
    }
}
