import PipelineCore
import PipelineTesting
import Testing

struct JSONRoundTripTests {
    @Test(arguments: UInt64(0)..<4)
    func `random values come back equal`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            let value = JSON.random(using: &generator)
            let bytes = value.canonicalBytes
            let read = try JSON(parsing: bytes)
            #expect(read == value)
            #expect(read.hashValue == value.hashValue)
            #expect(read.canonicalBytes == bytes)
        }
    }

    @Test(arguments: UInt64(0)..<4)
    func `whatever is read of damaged documents is a fixed point`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 100 + seed)
        var accepted = 0
        for _ in 0..<2_000 {
            var bytes = JSON.random(using: &generator).canonicalBytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) { damage(&bytes, using: &generator) }
            do throws(JSON.ParseError) {
                let value = try JSON(parsing: bytes)
                accepted += 1
                let canonical = value.canonicalBytes
                #expect(try JSON(parsing: canonical) == value)
                #expect(try JSON(parsing: canonical).canonicalBytes == canonical)
            } catch {
                #expect((0...bytes.count).contains(error.offset))
                #expect(error.line >= 1 && error.column >= 1 && error.column <= error.offset + 1)
            }
        }
        #expect(accepted > 100)
    }

    @Test(arguments: UInt64(0)..<4)
    func `no sequence of tokens traps`(seed: UInt64) throws {
        let tokens = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-0.5e7", "null", "true", " ", "\"\\u", "\\",
            "D83D",
            "\"", "e", ".", "-", "\u{E9}", "{\"k\":", "[[", "]]",
        ].map { Array($0.utf8) }
        var generator = SeededGenerator(seed: 200 + seed)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let bytes = (0..<count).flatMap { _ in tokens.randomElement(using: &generator) ?? [] }
            guard let value = try? JSON(parsing: bytes) else { continue }
            #expect(try JSON(parsing: value.canonicalBytes) == value)
        }
    }

    @Test func `no beginning of a document is a document`() throws {
        let document: JSON = ["a": [1, "\u{E9}\n\u{1F600}", nil, ["b": 1.5e-9, "c": [true, [:]]]]]
        let bytes = document.canonicalBytes
        for count in 0..<bytes.count {
            #expect(throws: JSON.ParseError.self) { try JSON(parsing: bytes[..<count]) }
        }
    }

    private func damage(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        let telling = Array("\"\\{}[],:0123456789.-+eEunl \n\u{E9}".utf8)
        let byte = telling.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes.insert(byte, at: position)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
        case 2 where position < bytes.count: bytes.remove(at: position)
        case 3 where position < bytes.count: bytes[position] = byte
        case 4 where position < bytes.count:
            bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 5:
            let end = min(bytes.count, position + Int.random(in: 0...8, using: &generator))
            bytes.insert(
                contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &generator))
        default: bytes.removeLast(bytes.count - position)
        }
    }
}
