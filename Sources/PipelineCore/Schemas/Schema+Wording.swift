extension Schema {
    /// A value as the part of a sentence: its text where that is short, else what kind of value it is.
    static func excerpt(of json: JSON) -> String {
        switch json {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value):
            value.text.utf8.count <= 40 ? value.text : "a number of \(value.text.utf8.count) digits"
        case .string(let text):
            text.utf8.count <= 40
                ? json.description : "a string of \(counted(text.unicodeScalars.count, "character"))"
        case .array(let items): "an array of \(counted(items.count, "item"))"
        case .object(let members): "an object of \(counted(members.count, "member"))"
        }
    }

    /// A value of the schema as the part of a sentence: its text, cut where it is long.
    static func quotation(of json: JSON) -> String {
        let scalars = json.description.unicodeScalars
        guard scalars.count > 80 else { return String(scalars) }
        return String(String.UnicodeScalarView(scalars.prefix(80))) + "…"
    }

    /// The first few of several things, and how many more there are.
    static func list(_ things: [String]) -> String {
        let shown = 8
        let head = things.dropFirst().prefix(shown - 1)
            .reduce(things.first ?? "nothing") { text, thing in "\(text), \(thing)" }
        return things.count <= shown ? head : "\(head) and \(things.count - shown) more"
    }

    /// Such as "1 item" and "2 items".
    static func counted(_ count: Int, _ word: String) -> String {
        count == 1 ? "1 \(word)" : "\(count) \(word)s"
    }
}
