/// The SHA-256 digest of some bytes: 256 bits that stand for a content.
public struct ContentDigest: Sendable, Hashable {
    // Four words of eight bytes each, the first byte the most significant.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The digest of all bytes the hash was updated with.
    public init(_ hash: consuming ContentHasher) {
        let words = hash.finishWords()
        first = UInt64(words[0]) << 32 | UInt64(words[1])
        second = UInt64(words[2]) << 32 | UInt64(words[3])
        third = UInt64(words[4]) << 32 | UInt64(words[5])
        fourth = UInt64(words[6]) << 32 | UInt64(words[7])
    }

    public init(hashing bytes: [UInt8]) {
        var hash = ContentHasher()
        hash.update(bytes)
        self.init(hash)
    }

    /// Reads 64 hexadecimal digits of either case; nil for anything else.
    public init?(hex: String) {
        guard hex.utf8.count == 64 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in hex.utf8.enumerated() {
            guard let digit = byte.hexadecimalDigit else { return nil }
            words[index / 16] = words[index / 16] << 4 | UInt64(digit)
        }
        (first, second, third, fourth) = (words[0], words[1], words[2], words[3])
    }

    /// The first half of it.
    package var leadingWords: (UInt64, UInt64) { (first, second) }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [first, second, third, fourth].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }
}

extension ContentDigest: CustomStringConvertible {
    /// 64 lowercase hexadecimal digits.
    public var description: String {
        var text = ""
        for word in [first, second, third, fourth] {
            let digits = String(word, radix: 16)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return text
    }
}
