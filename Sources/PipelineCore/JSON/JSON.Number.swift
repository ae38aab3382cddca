extension JSON {
    /// A number that is no 64-bit integer, held as its canonical decimal text.
    ///
    /// There is one text for each number, so equal numbers have equal texts. A literal with a fraction or an
    /// exponent is a double and has the text ECMAScript gives it (RFC 8785, section 3.2.2.3). An integer literal
    /// keeps all its digits, where RFC 8785 would round it to a double; only if that loses nothing and the integer
    /// is 1e21 or more does it have the exponent form of the double.
    public struct Number: Sendable {
        public let text: String

        /// Trusts the text to be canonical and to denote no 64-bit integer.
        init(canonical text: String) {
            self.text = text
        }

        /// The nearest double: infinite for an integer beyond the range of doubles.
        public var double: Double {
            Double(text) ?? .nan
        }
    }

    /// A number of either kind, `integer` if the double is one and fits; nil for an infinity or NaN.
    ///
    /// A whole double from 2^53 up has the digits ECMAScript prints: the shortest that denote it, then zeros.
    public init?(_ double: Double) {
        guard double.isFinite else { return nil }
        self = Decimal(double).json
    }
}

extension JSON.Number: Hashable {
    public static func == (lhs: JSON.Number, rhs: JSON.Number) -> Bool {
        PipelineCore.Key(lhs.text) == PipelineCore.Key(rhs.text)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(PipelineCore.Key(text))
    }
}

extension JSON.Number: CustomStringConvertible {
    public var description: String { text }
}
