import PipelineCore
import PipelineTesting
import Testing

struct KeyTests {
    @Test func `a composed and a decomposed letter are two keys`() {
        let composed: Key = "\u{E9}"
        let decomposed: Key = "e\u{301}"
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test func `keys with the same bytes are equal and hash alike`() {
        for text in ["", "a", "fifteen bytes ..", "a text longer than what fits into a small string", "ü😀"] {
            let rebuilt = Key(String(decoding: Array(text.utf8), as: UTF8.self))
            #expect(Key(text) == rebuilt)
            #expect(Key(text).hashValue == rebuilt.hashValue)
            #expect(!(Key(text) < rebuilt))
        }
    }

    @Test(arguments: 0..<40)
    func `a difference in any one byte is seen`(position: Int) {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 40)
        var changed = bytes
        changed[position] = UInt8(ascii: "b")
        let (key, other) = (
            Key(String(decoding: bytes, as: UTF8.self)), Key(String(decoding: changed, as: UTF8.self))
        )
        #expect(key != other)
        #expect(key < other)
        #expect(!(other < key))
    }

    @Test func `the order is that of RFC 8785`() {
        // The sample of section 3.2.3; an emoji is a surrogate pair and comes before U+FB33.
        let sorted = ["\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}"].map { Key($0) }
        #expect(sorted.reversed().sorted() == sorted)
        #expect(sorted[5].text.utf8.lexicographicallyPrecedes(sorted[6].text.utf8) == false)
    }

    @Test func `a prefix comes before what it starts`() {
        #expect(Key("") < "a")
        #expect(Key("ab") < "abc")
        #expect(!(Key("abc") < "ab"))
    }

    @Test func `the order agrees with the UTF-16 code units of random texts`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<5_000 {
            var (left, right) = (String.random(using: &generator), String.random(using: &generator))
            let common = String.random(using: &generator)
            left = common + left
            right = common + right
            #expect((Key(left) < Key(right)) == left.utf16.lexicographicallyPrecedes(right.utf16))
            #expect((Key(left) == Key(right)) == left.utf8.elementsEqual(right.utf8))
        }
    }
}
