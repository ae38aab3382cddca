import PipelineCore
import Testing

/// How problems are gathered, ordered and placed.
struct SchemaProblemTests {
    private static let decision: JSON = [
        "type": "object",
        "required": ["title", "alternatives"],
        "properties": [
            "alternatives": [
                "type": "array", "minItems": 2,
                "items": ["properties": ["cost": ["minimum": 0, "type": "integer"]], "required": ["name"]],
            ],
            "title": ["type": "string", "minLength": 3],
        ],
        "additionalProperties": false,
    ]

    @Test func `all problems are told at once, outer values first, members by key`() throws {
        let schema = try Schema(Self.decision)
        let value: JSON = ["title": "", "alternatives": [["cost": -1.5]], "~a/b": 1]
        #expect(
            schema.texts(value) == [
                "/alternatives: expected at least 2 items, found 1",
                "/alternatives/0: expected a member \"name\", found none",
                "/alternatives/0/cost: expected an integer, found -1.5",
                "/alternatives/0/cost: expected at least 0, found -1.5",
                "/title: expected at least 3 characters, found 0",
                "/~0a~1b: expected no member but \"alternatives\", \"title\", found 1",
            ])
        #expect(
            schema.problems(of: value).map(\.schemaPointer) == [
                "/properties/alternatives/minItems", "/properties/alternatives/items/required",
                "/properties/alternatives/items/properties/cost/type",
                "/properties/alternatives/items/properties/cost/minimum", "/properties/title/minLength",
                "/additionalProperties",
            ])
        #expect(schema.problems(of: value) == schema.problems(of: value))
    }

    @Test func `the keywords of one schema speak in a fixed order`() throws {
        let schema = try Schema([
            "multipleOf": 2, "maximum": 1, "exclusiveMaximum": 1, "const": 1, "enum": [1], "type": "string",
            "minimum": 9, "exclusiveMinimum": 9,
        ])
        #expect(
            schema.problems(of: 5).map(\.schemaPointer) == [
                "/type", "/enum", "/const", "/minimum", "/exclusiveMinimum", "/maximum", "/exclusiveMaximum",
                "/multipleOf",
            ])
    }

    @Test(arguments: [-1, 0, 1, 2, 5]) func `the search ends at the limit`(limit: Int) throws {
        let items = try Schema(["items": ["type": "string", "const": "a"]])
        let members = try Schema(["additionalProperties": ["type": "string"]])
        let all = items.problems(of: [1, 2, 3])
        #expect(all.count == 6)
        #expect(items.problems(of: [1, 2, 3], limit: limit) == Array(all.prefix(max(1, limit))))
        #expect(members.problems(of: ["a": 1, "b": 2, "c": 3], limit: limit).count == min(3, max(1, limit)))
        let closed = try Schema(["items": false, "minItems": 9])
        #expect(closed.problems(of: [1, 2, 3], limit: limit).count == min(4, max(1, limit)))
    }

    @Test func `thirty-two problems are enough`() throws {
        let schema = try Schema(["items": false])
        #expect(schema.problems(of: .array(Array(repeating: 1, count: 100))).count == 32)
    }

    @Test func `schemas are equal when their sources are, and go through JSON`() throws {
        let schema = try Schema(Self.decision)
        #expect(schema.json == Self.decision)
        #expect(try Schema(json: schema.json) == schema)
        #expect(try Schema(true) != Schema([:]))
        #expect(try Set([schema, Schema(json: schema.json), Schema(true)]).count == 2)
    }

    @Test func `a schema within a document is refused at its place`() throws {
        struct Tool: JSONRepresentable {
            let input: Schema
            var json: JSON { ["input": input.json] }
            init(json: JSON) throws(JSON.FormatError) { input = try JSON.Members(json).value("input") }
        }
        #expect(try Tool(json: ["input": ["type": "null"]]).input.accepts(.null))
        let error = #expect(throws: JSON.FormatError.self) {
            try Tool(json: ["input": ["format": 1, "$defs": ["a/b": ["type": 5]]]])
        }
        let reason = "the keyword \"format\" is not known; remove it, or write a note as \"$comment\""
        #expect(error?.description == "/input/format: \(reason) (and 1 more problem)")
    }
}
