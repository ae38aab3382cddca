extension JSON {
    /// A decimal number, `±significand × 10^exponent`, between its reading and its canonical form.
    struct Decimal {
        let isNegative: Bool
        /// Not divisible by ten, unless zero.
        let significand: UInt64
        let exponent: Int

        init(isNegative: Bool, significand: UInt64, exponent: Int) {
            var significand = significand
            var exponent = significand == 0 ? 0 : exponent
            while significand != 0, significand.isMultiple(of: 10) {
                significand /= 10
                exponent += 1
            }
            self.isNegative = isNegative
            self.significand = significand
            self.exponent = exponent
        }

        /// The shortest decimal that denotes the double, which must be finite.
        init(_ double: Double) {
            var significand: UInt64 = 0
            var fractionDigits = 0
            var exponent = 0
            var isFraction = false
            var isExponent = false
            var isSmall = false
            for byte in double.description.utf8 {
                switch byte {
                case UInt8(ascii: "."): isFraction = true
                case UInt8(ascii: "e"): isExponent = true
                case UInt8(ascii: "-"): isSmall = isExponent
                case UInt8(ascii: "0")...UInt8(ascii: "9") where isExponent:
                    exponent = exponent &* 10 &+ Int(byte & 0x0F)
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    // At most 17 digits count, and ".0" may follow them: all fit.
                    significand = significand &* 10 &+ UInt64(byte & 0x0F)
                    if isFraction { fractionDigits += 1 }
                default: break
                }
            }
            self.init(
                isNegative: double < 0, significand: significand,
                exponent: (isSmall ? -exponent : exponent) - fractionDigits)
        }
    }
}

extension JSON.Decimal {
    /// The number in its one form.
    var json: JSON {
        if let integer { .integer(integer) } else { .number(JSON.Number(canonical: text)) }
    }

    /// The number itself, if it is an integer that fits.
    private var integer: Int64? {
        guard exponent >= 0, exponent < 19 else { return nil }
        var magnitude = significand
        for _ in 0..<exponent {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            magnitude = product
        }
        return Int64(isNegative: isNegative, magnitude: magnitude)
    }

    /// What ECMAScript's Number::toString lays out from these digits.
    private var text: String {
        let digits = String(significand).utf8
        /// Where the decimal point stands, counted in digits.
        let point = digits.count + exponent
        var text: [UInt8] = []
        text.reserveCapacity(32)
        if isNegative { text.append(UInt8(ascii: "-")) }
        if exponent >= 0, point <= 21 {
            text += digits
            text += repeatElement(UInt8(ascii: "0"), count: exponent)
        } else if exponent < 0, point > 0 {
            text += digits.prefix(point)
            text.append(UInt8(ascii: "."))
            text += digits.dropFirst(point)
        } else if point > -6, point <= 0 {
            text += "0.".utf8
            text += repeatElement(UInt8(ascii: "0"), count: -point)
            text += digits
        } else {
            text += digits.prefix(1)
            if digits.count > 1 {
                text.append(UInt8(ascii: "."))
                text += digits.dropFirst(1)
            }
            text += (point > 0 ? "e+" : "e").utf8
            text += String(point - 1).utf8
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Int64 {
    /// Nil if the number does not fit.
    init?(isNegative: Bool, magnitude: UInt64) {
        if isNegative, magnitude == Int64.min.magnitude {
            self = .min
        } else if let value = Int64(exactly: magnitude) {
            self = isNegative ? -value : value
        } else {
            return nil
        }
    }
}
