extension Schema {
    /// The words that `type` names; a value may be of two, as an integer is a number.
    struct Kinds: OptionSet, Sendable {
        let rawValue: UInt8

        static let null = Kinds(rawValue: 1 << 0)
        static let boolean = Kinds(rawValue: 1 << 1)
        static let integer = Kinds(rawValue: 1 << 2)
        static let number = Kinds(rawValue: 1 << 3)
        static let string = Kinds(rawValue: 1 << 4)
        static let array = Kinds(rawValue: 1 << 5)
        static let object = Kinds(rawValue: 1 << 6)

        /// The words, with the phrase for a value of the kind.
        static let all: [(word: Key, kind: Kinds, phrase: String)] = [
            ("null", .null, "null"),
            ("boolean", .boolean, "true or false"),
            ("integer", .integer, "an integer"),
            ("number", .number, "a number"),
            ("string", .string, "a string"),
            ("array", .array, "an array"),
            ("object", .object, "an object"),
        ]
    }
}

extension Schema.Kinds {
    /// The kind of this name.
    init?(word: Key) {
        guard let entry = Self.all.first(where: { entry in entry.word == word }) else { return nil }
        self = entry.kind
    }

    /// Whether the value is of one of the kinds. A number without a fraction is an integer, however large.
    func holds(_ value: JSON) -> Bool {
        switch value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .integer: contains(.integer) || contains(.number)
        case .number(let number):
            contains(.number) || (contains(.integer) && Schema.Numeral(number).isInteger)
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }

    /// Such as "a string or null".
    var phrase: String {
        let phrases = Self.all.compactMap { entry in contains(entry.kind) ? entry.phrase : nil }
        return phrases.dropFirst().reduce(phrases.first ?? "nothing") { text, phrase in "\(text) or \(phrase)"
        }
    }
}
