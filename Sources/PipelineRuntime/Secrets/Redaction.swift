/// What a tool declares to be secret in its output without naming a secret.
public struct Redaction: Hashable, Sendable {
    /// JSON Pointers (RFC 6901) in which a part `*` stands for any member or element: `/token`, `/items/*/password`.
    ///
    /// What stands there becomes `[redacted]` as a whole; the empty pointer is the whole output.
    public let places: [String]

    /// Texts that begin a secret, each followed by `*`, which stands for one or more of letters, digits and `_+/=.-`:
    /// `ghp_*`, `sk-*`. What fits becomes `[redacted]`, wherever it occurs.
    public let texts: [String]

    /// - Throws: every pattern that is none: one that fits nothing would keep nothing secret.
    public init(places: [String] = [], texts: [String] = []) throws(Invalid) {
        var problems = places.compactMap { place in Place.problem(of: place) }
        problems += texts.compactMap { text in Redaction.problem(ofText: text) }
        guard problems.isEmpty else { throw Invalid(problems: problems) }
        self.places = places
        self.texts = texts
    }

    private init() { (places, texts) = ([], []) }

    /// Declares nothing.
    public static let none = Redaction()

    static let label = "[redacted]"

    private static func problem(ofText text: String) -> String? {
        let star = UInt8(ascii: "*")
        let isFit = text.utf8.count >= 2 && text.utf8.last == star && !text.utf8.dropLast().contains(star)
        return isFit ? nil : "\"\(text)\" is no beginning of a text with one * behind it, such as \"ghp_*\""
    }
}

extension Redaction {
    /// Patterns that are none, all of them.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        public let problems: [String]

        public var description: String { "A redaction is not valid: \(problems.joined(separator: "; "))." }
    }
}
