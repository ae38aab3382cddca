extension [UInt8] {
    /// RFC 4648, section 4, with padding.
    var base64: String {
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        var index = 0
        while index < count {
            let rest = count - index
            let word =
                UInt32(self[index]) << 16 | (rest > 1 ? UInt32(self[index + 1]) << 8 : 0)
                | (rest > 2 ? UInt32(self[index + 2]) : 0)
            for place in 0..<4 {
                let isPadding = place > rest
                let digit = Int(word >> UInt32(18 - 6 * place) & 63)
                text.append(isPadding ? [UInt8].padding : [UInt8].digits[digit])
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that a text stands for; nil for anything but the one form that ``base64`` writes.
    init?(base64 text: String) {
        let text = Array(text.utf8)
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            var word: UInt32 = 0
            var padding = 0
            for digit in text[start..<(start + 4)] {
                guard let value = [UInt8].value(of: digit), padding == 0 || digit == [UInt8].padding else {
                    return nil
                }
                if digit == [UInt8].padding { padding += 1 }
                word = word << 6 | value
            }
            guard padding == 0 || padding < 3 && start + 4 == text.count else { return nil }
            for place in 0..<(3 - padding) { bytes.append(UInt8(word >> UInt32(16 - 8 * place) & 255)) }
        }
        guard bytes.base64.utf8.elementsEqual(text) else { return nil }
        self = bytes
    }

    private static let padding = UInt8(ascii: "=")
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        case padding: 0
        default: nil
        }
    }
}
