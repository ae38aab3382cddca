/// A text compared by its UTF-8 bytes and ordered by its UTF-16 code units.
///
/// Swift's `String` calls the two spellings of "é" equal; keys tell them apart, and so does every reader of the
/// bytes that are written. The order is that of RFC 8785, section 3.2.3: it differs from the order of the UTF-8
/// bytes where one side has a scalar beyond U+FFFF and the other one of U+E000 to U+FFFF.
public struct Key: Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }
}

extension Key: Hashable {
    public static func == (lhs: Key, rhs: Key) -> Bool {
        let count = lhs.text.utf8.count
        guard count == rhs.text.utf8.count else { return false }
        return lhs.withBytes { left in
            rhs.withBytes { right in firstDifference(left, right) == count }
        }
    }

    public func hash(into hasher: inout Hasher) {
        withBytes { bytes in
            hasher.combine(bytes: bytes)
            hasher.combine(0xFF as UInt8)
        }
    }
}

extension Key: Comparable {
    public static func < (lhs: Key, rhs: Key) -> Bool {
        lhs.withBytes { left in
            rhs.withBytes { right in
                let index = firstDifference(left, right)
                guard index < min(left.count, right.count) else { return left.count < right.count }
                let (byte, other) = (left[index], right[index])
                // Lead bytes from 0xF0 stand for surrogate pairs, which come before U+E000 to U+FFFF (0xEE, 0xEF).
                if byte >= 0xEE, other >= 0xEE, (byte >= 0xF0) != (other >= 0xF0) { return byte >= 0xF0 }
                return byte < other
            }
        }
    }
}

extension Key: CustomStringConvertible {
    public var description: String { text }
}

extension Key: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension Key {
    private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    /// The index of the first byte in which the two differ, the end of the shorter one if there is none.
    private static func firstDifference(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Int {
        let end = min(left.count, right.count)
        var index = 0
        while end - index >= 8 {
            let word = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let other = right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word != other {
                return index + UInt64(littleEndian: word ^ other).trailingZeroBitCount / 8
            }
            index += 8
        }
        while index < end, left[index] == right[index] {
            index += 1
        }
        return index
    }
}

extension Key: JSONRepresentable {
    public var json: JSON { .string(text) }
    public init(json: JSON) throws(JSON.FormatError) { self.init(try String(json: json)) }
}
