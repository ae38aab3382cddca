/// A JSON Schema of draft 2020-12 that values are checked against.
///
/// It is a document of its own: a `$ref` names a place in it, and nothing is ever fetched. A keyword that is not
/// known is an error when the schema is made, so that none is ever passed over. Known are
///
/// - for every value: `type`, `enum`, `const`, `$ref`, and `true` and `false` as schemas;
/// - for numbers: `multipleOf`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, all exact;
/// - for strings: `minLength`, `maxLength`, in Unicode code points;
/// - for arrays: `prefixItems`, `items`, `minItems`, `maxItems`;
/// - for objects: `properties`, `additionalProperties`, `required`, `minProperties`, `maxProperties`;
/// - `$schema`, `$defs`, and without effect `$comment`, `title`, `description`, `default`, `examples`,
///   `deprecated`, `readOnly`, `writeOnly`.
///
/// Strings and names are equal when their UTF-8 is. Two schemas are equal when their sources are.
public struct Schema: Sendable {
    /// The source, as it was given.
    public let json: JSON

    /// The schemas in the source, the root first.
    let nodes: [Node]

    /// Levels of arrays and objects that a source may have.
    public static let greatestDepth = 128

    /// Compiles a source, in time and space proportional to its size.
    ///
    /// - Throws: everything that is wrong with it, up to ``Invalid/greatestCount`` problems.
    public init(_ json: JSON) throws(Invalid) {
        var compiler = Compiler()
        nodes = try compiler.compile(json)
        self.json = json
    }
}

extension Schema {
    /// What is wrong with a value; empty if it is valid.
    ///
    /// The order is the same every time: a value comes before what is in it, members come in the order of their keys,
    /// and what is wrong with one value comes in a fixed order of the keywords. A schema that applies to one value in
    /// several ways speaks once.
    ///
    /// Takes time in proportion to the size of the value, times the schemas that apply to one part of it; never more
    /// than the product of both sizes. A value deeper than ``JSON/Limits/greatestDepth`` is not valid, if the schema
    /// says anything about what lies that deep.
    ///
    /// - Parameter limit: After so many problems the search ends; at least one is looked for.
    public func problems(of value: JSON, limit: Int = 32) -> [Problem] {
        var validator = Validator(nodes: nodes, limit: max(1, limit))
        return validator.problems(of: value)
    }

    /// Whether the value is valid. Ends at the first problem.
    public func accepts(_ value: JSON) -> Bool {
        problems(of: value, limit: 1).isEmpty
    }
}
