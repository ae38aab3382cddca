extension JSON.Parser {
    /// Reads a number and gives it its one form.
    mutating func number() throws(JSON.ParseError) -> JSON {
        let literal = try literal()
        if !literal.isInteger { return try double(literal) }
        if literal.digits <= 19,
            let integer = Int64(isNegative: literal.isNegative, magnitude: literal.significand)
        {
            return .integer(integer)
        }
        return longInteger(literal)
    }

    /// A number as it is written.
    private struct Literal {
        let start: Int
        var isNegative = false
        var isInteger = true
        /// How many digits there are from the first that is not zero.
        var digits = 0
        /// The first 19 of them.
        var significand: UInt64 = 0
        var fractionDigits = 0
        /// Held within ±1e9, where the number is zero or out of range.
        var exponent = 0

        mutating func append(_ digit: UInt8) {
            guard digits > 0 || digit != 0 else { return }
            digits += 1
            if digits <= 19 { significand = significand &* 10 &+ UInt64(digit) }
        }
    }

    private mutating func literal() throws(JSON.ParseError) -> Literal {
        var literal = Literal(start: offset)
        if current == UInt8(ascii: "-") {
            literal.isNegative = true
            offset += 1
        }
        var digit = try firstDigit()
        literal.append(digit)
        if digit == 0, nextDigit() != nil { throw error(.invalidNumber, at: literal.start) }
        while let digit = nextDigit() { literal.append(digit) }
        if current == UInt8(ascii: ".") {
            offset += 1
            literal.isInteger = false
            let start = offset
            literal.append(try firstDigit())
            while let digit = nextDigit() { literal.append(digit) }
            literal.fractionDigits = offset - start
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            offset += 1
            literal.isInteger = false
            let isSmall = current == UInt8(ascii: "-")
            if isSmall || current == UInt8(ascii: "+") { offset += 1 }
            digit = try firstDigit()
            literal.exponent = Int(digit)
            while let digit = nextDigit() {
                literal.exponent = min(literal.exponent * 10 + Int(digit), 1_000_000_000)
            }
            if isSmall { literal.exponent = -literal.exponent }
        }
        return literal
    }

    private mutating func firstDigit() throws(JSON.ParseError) -> UInt8 {
        guard let digit = nextDigit() else {
            throw error(current == nil ? .unexpectedEnd : .invalidNumber, at: offset)
        }
        return digit
    }

    private mutating func nextDigit() -> UInt8? {
        guard offset < bytes.count else { return nil }
        let digit = bytes[offset] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        offset += 1
        return digit
    }
}

extension JSON.Parser {
    /// The double a literal with a fraction or an exponent denotes.
    private func double(_ literal: Literal) throws(JSON.ParseError) -> JSON {
        let decimal = JSON.Decimal(
            isNegative: literal.isNegative, significand: literal.significand,
            exponent: literal.exponent - literal.fractionDigits)
        // No two decimals of 15 digits are nearest to one normal double: it need not be computed.
        let isShort = literal.digits <= 19 && decimal.significand < 1_000_000_000_000_000
        if isShort, decimal.significand == 0 || (-300...280).contains(decimal.exponent) {
            return decimal.json
        }
        guard let json = nearestDouble(literal).flatMap(JSON.init(_:)) else {
            throw error(.numberOutOfRange, at: literal.start)
        }
        return json
    }

    /// An integer literal beyond 64 bits, with all its digits.
    ///
    /// From 1e21 up it has the exponent form if its double has the same digits, so that the two forms never
    /// denote one number.
    private func longInteger(_ literal: Literal) -> JSON {
        let text = bytes[literal.start..<offset]
        if literal.digits > 21, let double = nearestDouble(literal), double.isFinite {
            let decimal = JSON.Decimal(double)
            let significant = text.dropFirst(literal.isNegative ? 1 : 0)
            let digits = String(decimal.significand).utf8
            if significant.starts(with: digits), significant.count == digits.count + decimal.exponent,
                significant.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: "0") })
            {
                return decimal.json
            }
        }
        return .number(JSON.Number(canonical: String(decoding: text, as: UTF8.self)))
    }

    /// Computed from as many digits as can matter, however long the literal is.
    ///
    /// Half-way between two doubles lies no decimal of more than 767 digits: whatever follows the first 800 only
    /// matters by not being zero.
    private func nearestDouble(_ literal: Literal) -> Double? {
        let counted = 800
        var text: [UInt8] = []
        text.reserveCapacity(32)
        if literal.isNegative { text.append(UInt8(ascii: "-")) }
        var digits = 0
        var isRestZero = true
        for byte in bytes[literal.start..<offset] {
            if byte | 0x20 == UInt8(ascii: "e") { break }
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10, digits > 0 || digit != 0 else { continue }
            digits += 1
            if digits <= counted { text.append(byte) } else if digit != 0 { isRestZero = false }
        }
        var exponent = literal.exponent - literal.fractionDigits + max(0, digits - counted)
        if !isRestZero {
            text.append(UInt8(ascii: "1"))
            exponent -= 1
        }
        if digits == 0 { text.append(UInt8(ascii: "0")) }
        text += "e\(exponent)".utf8
        return Double(String(decoding: text, as: UTF8.self))
    }
}
