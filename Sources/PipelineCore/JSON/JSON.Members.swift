extension JSON {
    /// Reads the members of one object, naming the place of whatever is missing or wrong.
    public struct Members: Sendable {
        private let object: Object

        public init(_ json: JSON) throws(FormatError) {
            guard case .object(let object) = json else {
                throw FormatError(expected: "an object", found: json)
            }
            self.object = object
        }

        /// - Parameter names: the members that there may be; any other is an error that names it.
        public init(_ json: JSON, only names: [String]) throws(FormatError) {
            try self.init(json)
            for member in object
            where !names.contains(where: { name in PipelineCore.Key(name) == member.key }) {
                throw FormatError(
                    "\"\(member.key)\" is not known here; known are \(names.joined(separator: ", "))")
            }
        }

        /// The member of this name; absent is an error.
        public func value<Value: JSONRepresentable>(_ key: String) throws(FormatError) -> Value {
            guard let value: Value = try optional(key) else { throw FormatError("\"\(key)\" is missing") }
            return value
        }

        /// The member of this name, or nil where it is absent.
        public func optional<Value: JSONRepresentable>(_ key: String) throws(FormatError) -> Value? {
            guard let json = object[key] else { return nil }
            do throws(FormatError) {
                return try Value(json: json)
            } catch {
                throw error.under(key)
            }
        }

        /// The member of this name, or `fallback` where it is absent.
        public func value<Value: JSONRepresentable>(
            _ key: String, or fallback: Value
        ) throws(FormatError) -> Value {
            try optional(key) ?? fallback
        }
    }

    /// Writes an object; what equals its default is left out, so that state stays small.
    struct Builder {
        private var object = Object()

        mutating func set(_ key: String, _ value: some JSONRepresentable) { object[key] = value.json }

        mutating func set<Value: JSONRepresentable>(_ key: String, _ value: Value?) {
            if let value { object[key] = value.json }
        }

        mutating func set<Value: JSONRepresentable & Equatable>(
            _ key: String, _ value: Value, unless fallback: Value
        ) {
            if value != fallback { object[key] = value.json }
        }

        var json: JSON { .object(object) }
    }
}
