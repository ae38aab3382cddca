import PipelineTesting
import Testing

@testable import PipelineCore

struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("0.0", 0), ("-0.0", 0), ("0e9", 0), ("0e-9", 0),
            ("-0E+99999999999999999999", 0), ("1e3", 1000), ("1000.0", 1000), ("1000", 1000), ("1E+3", 1000),
            ("10000e-1", 1000), ("0.001e6", 1000), ("-12.50e1", -125), ("9223372036854775807", .max),
            ("-9223372036854775808", .min), ("1e18", 1_000_000_000_000_000_000),
            ("9007199254740993", 9_007_199_254_740_993), ("9007199254740993.0", 9_007_199_254_740_992),
            ("1e-400", 0), ("1e-18446744073709551616", 0), ("-1e-99999999999999999999", 0),
            ("0.00000000000000000000000000000000000000001e50", 1_000_000_000),
            ("1234567890123456789.0", 1_234_567_890_123_456_800),
        ] as [(String, Int64)])
    func `a whole number is an integer however it is written`(text: String, expected: Int64) throws {
        #expect(try JSON(parsing: text) == .integer(expected))
    }

    @Test(arguments: [
        ("1.5", "1.5"), ("-1.50", "-1.5"), ("15e-1", "1.5"), ("0.000001", "0.000001"), ("1e-7", "1e-7"),
        ("0.0000001", "1e-7"), ("123e-9", "1.23e-7"), ("1e21", "1e+21"), ("12e20", "1.2e+21"),
        ("9223372036854775808", "9223372036854775808"), ("-9223372036854775809", "-9223372036854775809"),
        ("1e19", "10000000000000000000"), ("1e20", "100000000000000000000"),
        ("123456789.0e11", "12345678900000000000"),
        ("9223372036854775807.0", "9223372036854776000"), ("12345678901234567890.0", "12345678901234567000"),
        ("1000000000000000000000", "1e+21"), ("-1500000000000000000000000", "-1.5e+24"),
        ("1000000000000000000001", "1000000000000000000001"), ("100000000000000000000000", "1e+23"),
        ("295147905179352825856", "295147905179352825856"),
        ("99999999999999991611392", "99999999999999991611392"),
        ("0.1000000000000000055511151231257827", "0.1"), ("4.35", "4.35"),
        ("4.349999999999999999999", "4.35"),
        ("5e-324", "5e-324"), ("2.5e-324", "5e-324"), ("2.2250738585072011e-308", "2.225073858507201e-308"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"), ("123456789012345678", "123456789012345678"),
        ("0.1234567890123456789", "0.12345678901234568"), ("1e-300", "1e-300"), ("1e-310", "1e-310"),
    ])
    func `a number has one canonical text`(text: String, canonical: String) throws {
        let value = try JSON(parsing: text)
        #expect(value.description == canonical)
        #expect(try JSON(parsing: canonical) == value)
    }

    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func `doubles print as in RFC 8785 appendix B`(bits: UInt64, text: String) {
        #expect(JSON(Double(bitPattern: bits))?.description == text)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func `what is no number has no JSON`(double: Double) {
        let value: JSON? = JSON(double)
        #expect(value == nil)
    }

    @Test func `random doubles come back to the bit`() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<10_000 {
            let double = Double(bitPattern: generator.next())
            guard let value = JSON(double) else { continue }
            let read = try JSON(parsing: value.description)
            #expect(read == value)
            #expect(read.doubleValue?.bitPattern == double.bitPattern)
        }
    }

    @Test func `a literal gives the form of its double, whichever way it is read`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let digits = Int.random(in: 1...19, using: &generator)
            let whole = UInt64.random(in: 0...UInt64.max, using: &generator)
            let mantissa = String(String(whole).prefix(digits)) + "." + String(generator.next() % 1000)
            let literal = "\(mantissa)e\(Int.random(in: -330...300, using: &generator))"
            let double = try #require(Double(literal))
            guard double.isFinite else { continue }
            #expect(try JSON(parsing: literal) == JSON(double), "\(literal)")
        }
    }

    @Test func `whole doubles equal the integers they denote`() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<5_000 {
            let integer =
                Int64.random(in: -(1 << 53)...(1 << 53), using: &generator)
                >> Int64.random(in: 0...52, using: &generator)
            #expect(JSON(Double(integer)) == .integer(integer))
        }
    }

    @Test func `halves between doubles are rounded by their last digit`() throws {
        // 2^53 + 1 is half-way; what follows it, however far behind, decides.
        let zeros = String(repeating: "0", count: 5000)
        #expect(try JSON(parsing: "9007199254740993.\(zeros)") == 9_007_199_254_740_992)
        #expect(try JSON(parsing: "9007199254740993.\(zeros)1") == 9_007_199_254_740_994)
    }

    @Test func `an integer beyond doubles keeps its digits and is infinite as a double`() throws {
        let digits = "1" + String(repeating: "0", count: 400)
        let value = try JSON(parsing: "-\(digits)")
        #expect(value.description == "-\(digits)")
        #expect(value.doubleValue == -.infinity)
    }
}
