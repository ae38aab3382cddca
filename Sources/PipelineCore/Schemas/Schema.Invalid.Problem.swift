extension Schema.Invalid {
    /// One thing that is wrong with a schema.
    public struct Problem: Hashable, Sendable {
        /// Where in the schema, as a JSON Pointer (RFC 6901); empty for the whole of it.
        public let pointer: String
        /// What is wrong.
        public let reason: String
        /// What to do about it.
        public let remedy: String
    }
}

extension Schema.Invalid.Problem: CustomStringConvertible {
    /// Place, reason and remedy, such as `/properties/name/format: the keyword "format" is not known; remove it`.
    public var description: String {
        pointer.isEmpty ? "\(reason); \(remedy)" : "\(pointer): \(reason); \(remedy)"
    }
}
