import PipelineCore
import Testing

/// Deep and large schemas and values end in a verdict, soon.
struct SchemaDepthTests {
    /// So many arrays or objects around a value.
    private func nested(_ levels: Int, in key: String? = nil, around core: JSON = 0) -> JSON {
        (0..<levels).reduce(core) { inner, _ in key.map { key in .object([key: inner]) } ?? [inner] }
    }

    @Test func `a schema of 128 levels compiles and a deeper one is refused`() throws {
        let schema = try Schema(nested(127, in: "items", around: ["type": "string"]))
        #expect(schema.accepts(nested(127, around: "a")))
        #expect(schema.problems(of: nested(127)).first?.pointer == String(repeating: "/0", count: 127))
        for levels in [128, 129, 2_000] {
            let error = #expect(throws: Schema.Invalid.self) {
                try Schema(nested(levels, in: "items", around: ["type": "string"]))
            }
            #expect(error?.problems.map(\.reason) == ["it has more than 128 levels of arrays and objects"])
        }
        #expect(throws: Schema.Invalid.self) { try Schema(["const": nested(128)]) }
    }

    @Test func `a value as deep as a parser gives is followed to the bottom`() throws {
        let list = try Schema(["items": ["$ref": "#"], "type": ["array", "integer"]])
        let depth = JSON.Limits.greatestDepth
        #expect(list.accepts(nested(depth)))
        #expect(
            list.problems(of: nested(depth, around: "x")).map(\.pointer) == [
                String(repeating: "/0", count: depth)
            ])
        let object = try Schema(["additionalProperties": ["$ref": "#"], "type": ["object", "integer"]])
        #expect(object.accepts(nested(depth, in: "a")))
        #expect(!object.accepts(nested(depth, in: "a", around: "x")))
    }

    @Test func `a deeper value is refused where the schema looks that deep`() throws {
        let list = try Schema(["items": ["$ref": "#"]])
        let problem = list.problems(of: nested(2_000)).first
        #expect(problem?.reason == "expected at most 256 levels of arrays and objects, found more")
        #expect(problem?.pointer == String(repeating: "/0", count: 257))
        #expect(list.problems(of: nested(2_000)).count == 1)
        #expect(try Schema(["items": ["type": "array"]]).accepts(nested(2_000)))
        #expect(try !Schema(["enum": [[1], 2]]).accepts(nested(2_000)))
        #expect(try !Schema(["const": [1]]).accepts(nested(2_000)))
    }

    @Test(.timeLimit(.minutes(1))) func `work does not double with each level`() throws {
        // Each level applies the root to its member in two ways: 2^200 ways in all.
        let schema = try Schema([
            "properties": ["a": ["$ref": "#"]], "$ref": "#/$defs/other", "type": ["object", "integer"],
            "$defs": ["other": ["properties": ["a": ["$ref": "#"]]]],
        ])
        #expect(schema.accepts(nested(200, in: "a")))
        #expect(schema.problems(of: nested(200, in: "a", around: "x")).count == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `a member is found among many`() throws {
        var properties = JSON.Object()
        var value = JSON.Object()
        let names = (0..<2_000).map { number in "\(number)" }
        for name in names { properties[name] = ["const": .string(name)] }
        for name in names { value[name] = .string(name) }
        let schema = try Schema(["properties": .object(properties), "additionalProperties": false])
        #expect(schema.accepts(.object(value)))
        value["1999"] = "x"
        value["2000"] = "y"
        #expect(schema.problems(of: .object(value)).map(\.pointer) == ["/1999", "/2000"])
    }
}
