import PipelineCore
import PipelineRuntime
import Testing

/// The official suite of JSON Schema 2020-12, as far as its keywords are known here.
struct SchemaConformanceTests {
    /// Files of which every group loads. The sample has no minItems.json and no infinite-loop-detection.json.
    static let complete = [
        "boolean_schema", "const", "default", "enum", "exclusiveMaximum", "exclusiveMinimum", "maxItems",
        "maxLength", "maxProperties", "maximum", "minLength", "minProperties", "minimum",
        "multipleOf", "prefixItems", "required", "type",
    ]

    /// Files of which some groups load, and how many at least.
    static let partial = [("additionalProperties", 3), ("items", 7), ("properties", 3), ("ref", 7)]

    /// Files of which each group has a keyword that is not known, or is about other documents.
    static let foreign = [
        "allOf", "anchor", "anyOf", "contains", "content", "defs", "dependentRequired", "dependentSchemas",
        "dynamicRef", "format", "if-then-else", "maxContains", "minContains", "not", "oneOf", "pattern",
        "patternProperties", "propertyNames", "refRemote", "unevaluatedItems", "unevaluatedProperties",
        "uniqueItems", "vocabulary",
    ]

    @Test(.conformanceData, arguments: complete) func `every group loads and gives its verdicts`(file: String)
        throws
    {
        let tally = try Tally(file)
        #expect(tally.verdicts > 0)
        #expect(tally.refused.isEmpty)
    }

    @Test(.conformanceData, arguments: partial)
    func `the groups that load give their verdicts`(file: String, floor: Int) throws {
        let tally = try Tally(file)
        #expect(tally.loaded.count >= floor, "refused: \(tally.refused)")
    }

    @Test(.conformanceData, arguments: foreign)
    func `groups with keywords that are not known are refused`(file: String) throws {
        let tally = try Tally(file)
        #expect(!tally.refused.isEmpty)
        #expect(tally.loaded.isEmpty)
    }

    @Test(.conformanceData) func `the suite is run in the expected measure`() throws {
        var (loaded, refused, verdicts) = (0, 0, 0)
        for file in Self.complete + Self.partial.map(\.0) + Self.foreign {
            let tally = try Tally(file)
            loaded += tally.loaded.count
            refused += tally.refused.count
            verdicts += tally.verdicts
        }
        #expect(loaded >= 77, "\(loaded) groups with \(verdicts) verdicts")
        #expect(refused >= 200, "\(refused) groups")
        #expect(verdicts >= 300, "\(verdicts) verdicts")
    }
}

extension Trait where Self == ConditionTrait {
    fileprivate static var conformanceData: Self {
        .enabled(
            if: ConformanceFolder.path != nil,
            "SKIPPED: no folder shared/conformance lies above this package, so the official JSON Schema suite is not run."
        )
    }
}

/// What became of the groups of one file; every verdict is compared on the way.
private struct Tally {
    var loaded: [String] = []
    var refused: [String] = []
    var verdicts = 0

    init(_ file: String) throws {
        let groups = try #require(try ConformanceFolder.json("json-schema/\(file).json").arrayValue)
        for group in groups {
            let name = try #require(group["description"]?.stringValue)
            let source = try #require(group["schema"])
            guard let schema = try? Schema(source) else {
                refused.append(name)
                continue
            }
            loaded.append(name)
            for test in try #require(group["tests"]?.arrayValue) {
                let data = try #require(test["data"])
                let isValid = try #require(test["valid"]?.boolValue as Bool?)
                let description = test["description"]?.stringValue ?? ""
                #expect(schema.accepts(data) == isValid, "\(file), \(name): \(description)")
                #expect(schema.problems(of: data).isEmpty == isValid, "\(file), \(name): \(description)")
                verdicts += 1
            }
        }
    }
}

/// The folder `shared/conformance` beside the package or above it.
private enum ConformanceFolder {
    static let path: String? = {
        var parts = #filePath.split(separator: "/").dropLast()
        while !parts.isEmpty {
            let path = "/" + parts.joined(separator: "/") + "/shared/conformance"
            if (try? FileDescriptor(opening: "\(path)/json-schema", .folder)) != nil { return path }
            parts.removeLast()
        }
        return nil
    }()

    static func json(_ name: String) throws -> JSON {
        let path = "\(try #require(path))/\(name)"
        return try JSON(parsing: try FileDescriptor(opening: path, .reading).readAll())
    }
}
