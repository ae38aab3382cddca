extension Schema {
    /// One thing that keeps a value from being valid.
    public struct Problem: Hashable, Sendable {
        /// Where in the value, as a JSON Pointer (RFC 6901); empty for the whole value.
        public let pointer: String
        /// The keyword that says so, as a JSON Pointer into the schema; for a schema that is `false`, the schema.
        public let schemaPointer: String
        /// What was expected and what was found, such as "expected at least 2 items, found 1".
        public let reason: String

        init(_ reason: String, at pointer: String, by schemaPointer: String) {
            self.pointer = pointer
            self.schemaPointer = schemaPointer
            self.reason = reason
        }
    }
}

extension Schema.Problem: CustomStringConvertible {
    /// Place and reason, such as "/alternatives: expected at least 2 items, found 1".
    public var description: String { pointer.isEmpty ? reason : "\(pointer): \(reason)" }
}
