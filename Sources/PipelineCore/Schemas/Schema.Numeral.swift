extension Schema {
    /// A number taken apart into its decimal digits, to be compared without rounding.
    ///
    /// It is `±0.d₁d₂d₃… × 10^point`. The first and the last digit are not zero; zero has no digits.
    struct Numeral: Hashable, Sendable {
        let isNegative: Bool
        let digits: [UInt8]
        let point: Int
    }
}

extension Schema.Numeral {
    init(_ integer: Int64) {
        self.init(text: String(integer))
    }

    init(_ number: JSON.Number) {
        self.init(text: number.text)
    }

    /// The number a JSON value is; nil for any other kind of value.
    init?(_ json: JSON) {
        switch json {
        case .integer(let integer): self.init(integer)
        case .number(let number): self.init(number)
        case .null, .bool, .string, .array, .object: return nil
        }
    }

    /// Reads a number as JSON writes it; takes time in proportion to its length.
    private init(text: String) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var isNegative = false
        var isFraction = false
        var isExponent = false
        var isSmall = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
            case UInt8(ascii: "-"):
                if isExponent { isSmall = true } else { isNegative = true }
            case UInt8(ascii: "0")...UInt8(ascii: "9") where isExponent:
                exponent = min(exponent * 10 + Int(byte & 0x0F), 1_000_000_000)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let isLeadingZero = digits.isEmpty && byte == UInt8(ascii: "0")
                if !isLeadingZero { digits.append(byte & 0x0F) }
                // The point moves right for each digit before it, and left for each zero right behind it.
                if !isFraction, !isLeadingZero { point += 1 }
                if isFraction, isLeadingZero { point -= 1 }
            default: break
            }
        }
        while digits.last == 0 { digits.removeLast() }
        self.isNegative = isNegative && !digits.isEmpty
        self.digits = digits
        self.point = digits.isEmpty ? 0 : point + (isSmall ? -exponent : exponent)
    }

    /// Whether it has no fraction.
    var isInteger: Bool { digits.count <= point || digits.isEmpty }

    var isZero: Bool { digits.isEmpty }
}

extension Schema.Numeral: Comparable {
    static func < (lhs: Schema.Numeral, rhs: Schema.Numeral) -> Bool {
        if lhs.isNegative != rhs.isNegative { return lhs.isNegative }
        return lhs.isNegative ? rhs.isSmaller(than: lhs) : lhs.isSmaller(than: rhs)
    }

    /// Compares without the signs.
    private func isSmaller(than other: Schema.Numeral) -> Bool {
        if isZero || other.isZero { return !other.isZero }
        if point != other.point { return point < other.point }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}
