import PipelineCore
import Testing

struct JSONLimitsTests {
    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func `as many containers as the limit allows lie within each other`() {
        #expect(throws: Never.self) { try JSON(parsing: nested(128)) }
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: nested(129)) }
        #expect(error?.reason == .tooDeep(limit: 128))
        #expect(error?.offset == 128)
    }

    @Test func `siblings are not depth`() throws {
        let text = "[" + Array(repeating: "[{}]", count: 1000).joined(separator: ",") + "]"
        #expect(try JSON(parsing: text, limits: JSON.Limits(depth: 3)).arrayValue?.count == 1000)
    }

    @Test func `no limit lifts the greatest depth`() {
        let limits = JSON.Limits(depth: .max, bytes: .max)
        #expect(throws: Never.self) { try JSON(parsing: nested(JSON.Limits.greatestDepth), limits: limits) }
        let error = #expect(throws: JSON.ParseError.self) {
            try JSON(parsing: nested(1_000_000), limits: limits)
        }
        #expect(error?.reason == .tooDeep(limit: JSON.Limits.greatestDepth))
    }

    @Test(arguments: [0, -1, Int.min])
    func `without depth there are no containers`(depth: Int) throws {
        let limits = JSON.Limits(depth: depth)
        #expect(try JSON(parsing: "1", limits: limits) == 1)
        #expect(throws: JSON.ParseError.self) { try JSON(parsing: "[]", limits: limits) }
        #expect(throws: JSON.ParseError.self) { try JSON(parsing: "{}", limits: limits) }
    }

    @Test(arguments: [3, 0, -1, Int.min])
    func `a document longer than the limit is not read`(bytes: Int) throws {
        #expect(try JSON(parsing: "1234", limits: JSON.Limits(bytes: 4)) == 1234)
        let error = #expect(throws: JSON.ParseError.self) {
            try JSON(parsing: "1234", limits: JSON.Limits(bytes: bytes))
        }
        #expect(error?.reason == .tooLong(limit: bytes))
    }

    @Test func `a million digits are read`() throws {
        let digits = String(repeating: "7", count: 1_000_000)
        #expect(try JSON(parsing: digits).description == digits)
        #expect(try JSON(parsing: "0.\(digits)") == 0.7777777777777778)
        #expect(try JSON(parsing: "0.\(String(repeating: "0", count: 1_000_000))1e1000001") == 1)
    }
}
