import PipelineCore
import Testing

/// What is refused before any value is seen.
struct SchemaLoadingTests {
    @Test(arguments: [
        "$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "allOf", "anyOf", "oneOf", "not",
        "if",
        "then", "else", "pattern", "patternProperties", "propertyNames", "contains", "minContains",
        "maxContains", "uniqueItems", "dependentRequired", "dependentSchemas", "unevaluatedItems",
        "unevaluatedProperties", "format", "contentEncoding", "definitions", "dependencies",
        "additionalItems",
        "Type", "minlength", "", "x-note", "ref", "minLe\u{301}ngth",
    ])
    func `an unknown keyword is refused by name and place, wherever it stands`(word: String) {
        let unknown: JSON = .object([word: true])
        let reason = "the keyword \(JSON.string(word)) is not known"
        #expect(Schema.refusals(of: unknown) == ["/\(word): \(reason)"])
        #expect(Schema.refusals(of: ["properties": ["a": unknown]]) == ["/properties/a/\(word): \(reason)"])
        #expect(Schema.refusals(of: ["$defs": ["a": unknown]]) == ["/$defs/a/\(word): \(reason)"])
        #expect(
            Schema.refusals(of: ["additionalProperties": unknown]) == [
                "/additionalProperties/\(word): \(reason)"
            ])
        #expect(Schema.refusals(of: ["items": unknown]) == ["/items/\(word): \(reason)"])
        #expect(
            Schema.refusals(of: ["prefixItems": [true, unknown]]) == ["/prefixItems/1/\(word): \(reason)"])
    }

    @Test func `what looks like a keyword in data or in a name is none`() throws {
        let data: JSON = ["$id": 1, "allOf": 2, "$ref": "nowhere"]
        #expect(
            Schema.refusals(of: ["const": data, "enum": [data], "default": data, "examples": [data]]).isEmpty)
        #expect(
            Schema.refusals(of: ["properties": ["$id": true, "$ref": ["type": "string"], "not": true]])
                .isEmpty)
        let named = try Schema(["properties": ["$ref": ["type": "string"]]])
        #expect(named.texts(["$ref": 1]) == ["/$ref: expected a string, found 1"])
    }

    @Test(arguments: [
        ("null", ": expected a schema, found null"),
        ("[true]", ": expected a schema, found an array of 1 item"),
        ("{\"items\": [true]}", "/items: expected a schema, found an array of 1 item"),
        ("{\"$defs\": {\"a~/\": 1}}", "/$defs/a~0~1: expected a schema, found 1"),
        ("{\"properties\": true}", "/properties: expected an object of schemas, found true"),
        ("{\"$defs\": []}", "/$defs: expected an object of schemas, found an array of 0 items"),
        (
            "{\"prefixItems\": []}",
            "/prefixItems: expected an array of at least 1 schema, found an array of 0 items"
        ),
        ("{\"enum\": 1}", "/enum: expected an array of values, found 1"),
        ("{\"type\": []}", "/type: expected at least one type, found an array of 0 items"),
        ("{\"type\": [\"null\", \"null\"]}", "/type: expected each type once, found \"null\""),
        ("{\"required\": \"a\"}", "/required: expected an array of names, found \"a\""),
        ("{\"required\": [1]}", "/required: expected a name, found 1"),
        ("{\"required\": [\"a\", \"a\"]}", "/required: expected each name once, found \"a\""),
        ("{\"minLength\": -1}", "/minLength: expected an integer of at least 0, found -1"),
        ("{\"maxItems\": 1.5}", "/maxItems: expected an integer of at least 0, found 1.5"),
        ("{\"minProperties\": \"1\"}", "/minProperties: expected an integer of at least 0, found \"1\""),
        ("{\"minimum\": \"1\"}", "/minimum: expected a number, found \"1\""),
        ("{\"exclusiveMaximum\": true}", "/exclusiveMaximum: expected a number, found true"),
        (
            "{\"multipleOf\": 0}",
            "/multipleOf: expected a number greater than 0 with at most 19 digits, found 0"
        ),
        (
            "{\"multipleOf\": -2}",
            "/multipleOf: expected a number greater than 0 with at most 19 digits, found -2"
        ),
        ("{\"$ref\": 1}", "/$ref: expected a string, found 1"),
        ("{\"title\": 1}", "/title: expected a string, found 1"),
        ("{\"description\": []}", "/description: expected a string, found an array of 0 items"),
        ("{\"$comment\": {}}", "/$comment: expected a string, found an object of 0 members"),
        ("{\"deprecated\": 0}", "/deprecated: expected true or false, found 0"),
        ("{\"examples\": 0}", "/examples: expected an array, found 0"),
    ])
    func `a keyword of a wrong form is refused`(source: String, refusal: String) throws {
        #expect(Schema.refusals(of: try JSON(parsing: source)) == [refusal])
    }

    @Test func `an unknown type is refused with the known ones`() {
        let known = "\"null\", \"boolean\", \"integer\", \"number\", \"string\", \"array\", \"object\""
        #expect(
            Schema.refusals(of: ["type": "text"]) == [
                "/type: expected \(known), or an array of these, found \"text\""
            ])
        #expect(
            Schema.refusals(of: ["type": ["null", 1]]) == [
                "/type: expected \(known), or an array of these, found 1"
            ])
    }

    @Test func `the dialect is 2020-12 and stands at the root`() {
        let dialect = "https://json-schema.org/draft/2020-12/schema"
        #expect(Schema.refusals(of: ["$schema": .string(dialect)]).isEmpty)
        let old: JSON = "http://json-schema.org/draft-07/schema#"
        #expect(Schema.refusals(of: ["$schema": old]) == ["/$schema: expected \"\(dialect)\", found \(old)"])
        let inner: JSON = ["items": ["$schema": .string(dialect)]]
        #expect(Schema.refusals(of: inner) == ["/items/$schema: \"$schema\" stands in an inner schema"])
    }

    @Test func `all problems are told at once, with what to do`() {
        let source: JSON = [
            "$id": "x", "type": "text", "minItems": -1, "$ref": "#/$defs/b",
            "$defs": ["a": ["format": "date", "$ref": "#/$defs/a"]],
        ]
        let error = #expect(throws: Schema.Invalid.self) { try Schema(source) }
        #expect(
            error?.problems.map(\.pointer) == [
                "/type", "/minItems", "/$id", "/$defs/a/format", "/$ref", "/$defs/a/$ref",
            ])
        #expect(error?.problems.allSatisfy { problem in !problem.remedy.isEmpty } ?? false)
        let lines = error?.description.split(separator: "\n") ?? []
        #expect(lines.first == "The JSON Schema cannot be used, for 6 reasons:")
        let remedy = "name schemas by their place, as \"$ref\": \"#/$defs/name\" does"
        #expect(lines.contains("- /$id: the keyword \"$id\" is not known; \(remedy)"))
        #expect(lines.count == 7)
    }

    @Test func `the list of problems is bounded`() {
        let source: JSON = ["prefixItems": .array(Array(repeating: 1, count: 1_500))]
        #expect(Schema.refusals(of: source).count == Schema.Invalid.greatestCount)
    }
}
