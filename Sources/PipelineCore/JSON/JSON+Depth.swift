extension JSON {
    /// Levels of arrays and objects that a value from a runner or a host may have: what wraps it in a record or a
    /// snapshot stays within what can be parsed again.
    public static let greatestPayloadDepth = 100

    /// Whether it has more than this many levels of arrays and objects. Looks no deeper than that.
    public func isDeeper(than depth: Int) -> Bool {
        switch self {
        case .null, .bool, .integer, .number, .string: false
        case .array(let items): depth <= 0 || items.contains { item in item.isDeeper(than: depth - 1) }
        case .object(let members):
            depth <= 0 || members.contains { member in member.value.isDeeper(than: depth - 1) }
        }
    }
}
