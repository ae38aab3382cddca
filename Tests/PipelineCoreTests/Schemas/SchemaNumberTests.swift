import PipelineCore
import Testing

/// Numbers are compared to the last digit.
struct SchemaNumberTests {
    private func schema(_ keyword: String, _ number: String) throws -> Schema {
        try Schema(.object([keyword: try JSON(parsing: number)]))
    }

    /// Each list is in strictly ascending order.
    static let ascending = [
        [
            "-1e300", "-123456789012345678902", "-123456789012345678901", "-9223372036854775809",
            "-9223372036854775808", "-2.5", "-2", "-1.9999999999999998", "-0.5", "-0.05", "-1e-300", "0",
            "1e-300", "9e-8", "0.0005", "0.05", "0.5", "1", "1.0000000000000002", "9.5", "10", "10.25",
        ],
        [
            "9007199254740992", "9007199254740993", "9223372036854775806", "9223372036854775807",
            "9223372036854775808", "9223372036854775809", "18446744073709551616", "123456789012345678901234",
            "123456789012345678901235", "1e300", "1.5e300", "1" + String(repeating: "0", count: 300) + "1",
            "1" + String(repeating: "0", count: 399),
        ],
    ]

    @Test(arguments: ascending) func `limits hold to the last digit`(numbers: [String]) throws {
        for (low, number) in numbers.enumerated() {
            for (high, other) in numbers.enumerated() {
                let value = try JSON(parsing: other)
                #expect(
                    try schema("minimum", number).accepts(value) == (high >= low), "\(other) >= \(number)")
                #expect(try schema("exclusiveMinimum", number).accepts(value) == (high > low))
                #expect(try schema("maximum", number).accepts(value) == (high <= low))
                #expect(try schema("exclusiveMaximum", number).accepts(value) == (high < low))
            }
        }
    }

    @Test func `limits say what they expected`() throws {
        #expect(try schema("minimum", "5").reasons(3) == ["expected at least 5, found 3"])
        #expect(try schema("exclusiveMinimum", "5").reasons(5) == ["expected more than 5, found 5"])
        #expect(try schema("maximum", "0.5").reasons(1) == ["expected at most 0.5, found 1"])
        #expect(try schema("exclusiveMaximum", "5.0").reasons(5) == ["expected less than 5, found 5"])
        #expect(
            try schema("multipleOf", "0.01").reasons(0.075) == ["expected a multiple of 0.01, found 0.075"])
        let digits = try JSON(parsing: "1" + String(repeating: "0", count: 50) + "1")
        #expect(
            try schema("maximum", "5").reasons(digits) == ["expected at most 5, found a number of 52 digits"])
    }

    @Test(arguments: ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"])
    func `limits are about numbers alone`(keyword: String) throws {
        let schema = try schema(keyword, "7")
        for value: JSON in ["5", true, .null, [5], ["a": 5]] { #expect(schema.accepts(value)) }
    }

    @Test func `numbers that are equal are one constant`() throws {
        #expect(try schema("const", "1.0").accepts(1))
        #expect(try schema("const", "-0.0").accepts(0))
        #expect(try schema("const", "1e3").accepts(1000))
        #expect(try !schema("const", "9007199254740993").accepts(9_007_199_254_740_992))
    }

    @Test(arguments: [
        ("2", "0"), ("2", "-4"), ("0.01", "0.07"), ("0.01", "4.35"), ("0.0001", "0.0075"), ("1.5", "4.5"),
        ("1e-8", "12391239123"), ("3", "123456789012345678903"), ("1e300", "5e300"), ("0.5", "1e300"),
        ("9223372036854775807", "9223372036854775807"), ("9999999999999999999", "99999999999999999990"),
        ("7e-300", "49"), ("1", "1e308"),
    ])
    func `multiples are found exactly`(divisor: String, value: String) throws {
        #expect(try schema("multipleOf", divisor).accepts(JSON(parsing: value)))
    }

    @Test(arguments: [
        ("2", "7"), ("0.01", "0.075"), ("0.0001", "0.00751"), ("1.5", "35"), ("10", "5"), ("3", "1e300"),
        ("3", "123456789012345678904"), ("0.123456789", "1e308"), ("1e300", "1"), ("1", "1e-300"),
        ("9999999999999999999", "99999999999999999991"), ("100", "12345678901234567890"),
    ])
    func `what is no multiple is refused`(divisor: String, value: String) throws {
        #expect(try !schema("multipleOf", divisor).accepts(JSON(parsing: value)))
    }

    @Test func `a divisor beyond 64 bits is refused`() {
        #expect(throws: Schema.Invalid.self) { try schema("multipleOf", "99999999999999999999") }
        #expect(throws: Schema.Invalid.self) { try schema("multipleOf", "18446744073709551617") }
    }
}
