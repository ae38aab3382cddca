extension JSON {
    /// The member with this key; nil if there is none or the value is no object.
    public subscript(_ key: String) -> JSON? {
        objectValue?[key]
    }

    /// The truth value; nil for any other kind of value.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The integer; nil for any other kind of value, numbers that are no 64-bit integer included.
    public var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The double nearest to the number, integer or not; nil for any other kind of value.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value.double
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The text; nil for any other kind of value.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements; nil for any other kind of value.
    public var arrayValue: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members; nil for any other kind of value.
    public var objectValue: Object? {
        if case .object(let value) = self { value } else { nil }
    }
}
