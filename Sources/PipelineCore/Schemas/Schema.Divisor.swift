extension Schema {
    /// A number greater than zero that others are to be multiples of: `significand × 10^exponent`.
    struct Divisor: Sendable {
        private let significand: UInt64
        private let exponent: Int

        /// Nil if the number is not greater than zero, or has more digits than 64 bits hold.
        init?(_ numeral: Numeral) {
            guard !numeral.isNegative, !numeral.isZero else { return nil }
            var significand: UInt64 = 0
            for digit in numeral.digits {
                let (tenfold, isLarge) = significand.multipliedReportingOverflow(by: 10)
                let (sum, isLarger) = tenfold.addingReportingOverflow(UInt64(digit))
                guard !isLarge, !isLarger else { return nil }
                significand = sum
            }
            self.significand = significand
            exponent = numeral.point - numeral.digits.count
        }
    }
}

extension Schema.Divisor {
    /// Whether the number is a multiple, to the last digit.
    ///
    /// Takes time in proportion to the digits of the number and the difference of the exponents.
    func divides(_ numeral: Schema.Numeral) -> Bool {
        if numeral.isZero { return true }
        let zeros = numeral.point - numeral.digits.count - exponent
        // The last digit is not zero, so a divisor with more powers of ten cannot go into it.
        guard zeros >= 0 else { return false }
        var remainder: UInt64 = 0
        for digit in numeral.digits { remainder = self.remainder(of: remainder, then: digit) }
        for _ in 0..<zeros where remainder != 0 { remainder = self.remainder(of: remainder, then: 0) }
        return remainder == 0
    }

    /// What is left of a number that begins with a remainder and ends with a digit.
    private func remainder(of remainder: UInt64, then digit: UInt8) -> UInt64 {
        let product = remainder.multipliedFullWidth(by: 10)
        let (low, carry) = product.low.addingReportingOverflow(UInt64(digit))
        // The upper half is at most 9, and 0 while the remainder is small: less than the significand in any case.
        return significand.dividingFullWidth((product.high + (carry ? 1 : 0), low)).remainder
    }
}
