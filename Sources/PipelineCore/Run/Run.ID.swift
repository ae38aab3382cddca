extension Run {
    /// Names a run; derived from the signal that asked for it.
    public struct ID: Identifier {
        public let key: Key
        public init(key: Key) { self.key = key }
    }

    /// Milliseconds: of an instant since 1970-01-01T00:00:00Z, of a duration as such.
    public typealias Milliseconds = Int64
}
