import PipelineCore
import Testing

/// `$ref`: what it names, what applies beside it, and where it leads in circles.
struct SchemaReferenceTests {
    @Test(arguments: [
        "#", "#/$defs/a", "#/%24defs/a", "#/$defs/", "#/$defs/t~0/$defs/s~1", "#/$defs/p%25",
        "#/$defs/%C3%A9",
        "#/$defs/\u{E9}", "#/$defs/%22", "#/properties/p", "#/items", "#/prefixItems/0", "#/prefixItems/10",
        "#/additionalProperties", "#/$defs/t%7E0", "#/$defs/%2e", "#/$defs/~01", "#/$defs/0",
    ])
    func `a reference names any place that is a schema`(reference: String) throws {
        let source: JSON = [
            "$defs": [
                "a": true, "": true, "t~": ["$defs": ["s/": true]], "p%": true, "\u{E9}": true, "\"": true,
                ".": true, "~1": true, "0": true,
                "user": ["properties": ["x": ["$ref": .string(reference)]]],
            ],
            "properties": ["p": true], "items": true, "additionalProperties": true,
            "prefixItems": .array(Array(repeating: true, count: 11)),
        ]
        #expect(Schema.refusals(of: source).isEmpty)
    }

    @Test(arguments: [
        "#/", "#/$defs", "#/$defs/b", "#/properties", "#/properties/a/type", "#/enum/0", "#/default",
        "#/const",
        "#/prefixItems", "#/prefixItems/1", "#/prefixItems/00", "#/prefixItems/-1", "#/prefixItems/-",
        "#/prefixItems/99999999999999999999", "#/type", "#/$defs/e%CC%81", "#/$defs/a/", "#/Items",
    ])
    func `a reference to anything else is refused`(reference: String) {
        let source: JSON = [
            "$ref": .string(reference), "$defs": ["a": true, "\u{E9}": true],
            "properties": ["a": ["type": "null"]],
            "enum": [["type": "null"]], "default": ["type": "null"], "const": ["type": "null"],
            "prefixItems": [true],
        ]
        #expect(Schema.refusals(of: source) == ["/$ref: \"\(reference)\" names no schema in this document"])
    }

    @Test(arguments: [
        ("", "names another document"), ("other.json", "names another document"),
        ("https://json-schema.org/draft/2020-12/schema", "names another document"),
        ("/$defs/a", "names another document"), ("#a", "names an anchor"), ("#$defs/a", "names an anchor"),
        ("#/$defs/a%", "is no JSON Pointer in a URI"), ("#/$defs/a%2", "is no JSON Pointer in a URI"),
        ("#/$defs/a%zz", "is no JSON Pointer in a URI"), ("#/$defs/%FF", "is no JSON Pointer in a URI"),
        ("#/$defs/a~", "is no JSON Pointer in a URI"), ("#/$defs/a~2", "is no JSON Pointer in a URI"),
    ])
    func `a reference of another form is refused`(reference: String, reason: String) {
        let source: JSON = ["$ref": .string(reference), "$defs": ["a": true, "\u{FFFD}": true]]
        #expect(Schema.refusals(of: source) == ["/$ref: \"\(reference)\" \(reason)"])
    }

    @Test func `what stands beside a reference applies too`() throws {
        let schema = try Schema([
            "$ref": "#/$defs/short", "minLength": 2,
            "$defs": ["short": ["maxLength": 3, "$ref": "#/$defs/text"], "text": ["type": "string"]],
        ])
        #expect(schema.accepts("abc"))
        #expect(schema.texts("a") == ["expected at least 2 characters, found 1"])
        #expect(schema.texts("abcd") == ["expected at most 3 characters, found 4"])
        #expect(schema.problems(of: 1).map(\.schemaPointer) == ["/$defs/text/type"])
    }

    @Test func `a schema that applies twice to a value speaks once`() throws {
        let schema = try Schema([
            "$ref": "#/$defs/a", "properties": ["x": ["$ref": "#/$defs/text"]],
            "$defs": ["a": ["properties": ["x": ["$ref": "#/$defs/text"]]], "text": ["type": "string"]],
        ])
        #expect(schema.texts(["x": 1]) == ["/x: expected a string, found 1"])
    }

    @Test func `references that lead back without entering the value are refused`() {
        let circle = "the references lead back to where they began:"
        #expect(Schema.refusals(of: ["$ref": "#"]) == ["/$ref: \(circle) # → #"])
        let source: JSON = [
            "properties": ["x": ["$ref": "#/$defs/a"]],
            "$defs": [
                "a": ["$ref": "#/$defs/b"], "b": ["type": "null", "$ref": "#/$defs/c"],
                "c": ["$ref": "#/$defs/b"],
            ],
        ]
        #expect(Schema.refusals(of: source) == ["/$defs/b/$ref: \(circle) #/$defs/b → #/$defs/c → #/$defs/b"])
        let two: JSON = ["$defs": ["a": ["$ref": "#/$defs/a"], "b": ["$ref": "#/$defs/b"]]]
        #expect(Schema.refusals(of: two).count == 2)
        var long: JSON.Object = [:]
        for index in 0..<1_000 { long["n\(index)"] = ["$ref": .string("#/$defs/n\((index + 1) % 1_000)")] }
        let refusal = Schema.refusals(of: ["$defs": .object(long)])
        #expect(refusal.count == 1)
        #expect(refusal.first?.hasSuffix(" → …") ?? false)
    }

    @Test func `a schema that leads back through members and items is fine`() throws {
        let tree = try Schema([
            "type": "object", "required": ["value"], "additionalProperties": false,
            "properties": [
                "value": ["type": "integer"], "children": ["type": "array", "items": ["$ref": "#"]],
            ],
        ])
        #expect(tree.accepts(["value": 1, "children": [["value": 2], ["value": 3, "children": []]]]))
        #expect(
            tree.texts([
                "value": 1, "children": [["value": 2, "children": [[:], ["value": "x", "child": 1]]]],
            ])
                == [
                    "/children/0/children/0: expected a member \"value\", found none",
                    "/children/0/children/1/child: expected no member but \"children\", \"value\", found 1",
                    "/children/0/children/1/value: expected an integer, found \"x\"",
                ])
    }

    /// From the file infinite-loop-detection.json of the official suite, without its `allOf`.
    @Test func `one schema at several places of a value is no loop`() throws {
        let schema = try Schema([
            "$ref": "#/$defs/again", "properties": ["foo": ["$ref": "#/$defs/int"]],
            "$defs": [
                "int": ["type": "integer"], "again": ["additionalProperties": ["$ref": "#/$defs/int"]],
            ],
        ])
        #expect(schema.accepts(["foo": 1, "bar": 2]))
        #expect(schema.texts(["foo": "a"]) == ["/foo: expected an integer, found \"a\""])
    }

    @Test func `a long chain of references is followed to its end`() throws {
        var chain: JSON.Object = ["end": ["type": "string"]]
        for index in 0..<10_000 {
            chain["n\(index)"] = ["$ref": .string(index == 0 ? "#/$defs/end" : "#/$defs/n\(index - 1)")]
        }
        let schema = try Schema(["$defs": .object(chain), "items": ["$ref": "#/$defs/n9999"]])
        #expect(schema.texts(["a", 1]) == ["/1: expected a string, found 1"])
    }
}
