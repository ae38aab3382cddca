import PipelineCore
import PipelineTesting
import Testing

struct ContentHasherTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func `the samples of FIPS 180-4 have their digests`(text: String, hex: String) {
        #expect(ContentDigest(hashing: Array(text.utf8)).description == hex)
    }

    @Test func `a million times the letter a has its digest`() {
        let hex = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(
            ContentDigest(hashing: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)).description == hex
        )
        var hash = ContentHasher()
        for _ in 0..<1_000_000 { hash.update(CollectionOfOne(UInt8(ascii: "a"))) }
        #expect(ContentDigest(hash).description == hex)
    }

    @Test(arguments: [
        (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
        (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
        (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
    ])
    func `padding is right around the end of a block`(count: Int, hex: String) {
        #expect(
            ContentDigest(hashing: [UInt8](repeating: UInt8(ascii: "a"), count: count)).description == hex)
    }

    @Test func `the division into parts does not matter`() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...500, using: &generator)).map { _ in
                UInt8(generator.next() & 0xFF)
            }
            var hash = ContentHasher()
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 0...150, using: &generator))
                hash.update(part)
                rest = rest.dropFirst(part.count)
            }
            #expect(hash.finish() == ContentDigest(hashing: bytes).bytes)
        }
    }

    @Test func `bytes of any sequence count`() {
        let bytes = Array("some bytes ü".utf8)
        var hash = ContentHasher()
        hash.update(bytes.lazy.map { $0 })
        hash.update("text".utf8)
        hash.update(AnySequence(bytes))
        #expect(ContentDigest(hash) == ContentDigest(hashing: bytes + Array("text".utf8) + bytes))
    }

    @Test func `a copy goes its own way`() {
        var hash = ContentHasher()
        hash.update("a".utf8)
        let copy = hash
        hash.update("b".utf8)
        #expect(ContentDigest(copy) == ContentDigest(hashing: Array("a".utf8)))
        #expect(ContentDigest(hash) == ContentDigest(hashing: Array("ab".utf8)))
    }
}
