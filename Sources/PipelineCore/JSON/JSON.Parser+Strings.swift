extension JSON.Parser {
    /// Reads a string from its opening to its closing quotation mark.
    mutating func string() throws(JSON.ParseError) -> String {
        offset += 1
        var start = offset
        unescaped.removeAll(keepingCapacity: true)
        while true {
            try skipPlain()
            guard let byte = current else { throw error(.unexpectedEnd, at: offset) }
            if byte == UInt8(ascii: "\"") {
                let end = offset
                offset += 1
                if unescaped.isEmpty { return text(start..<end) }
                unescaped += bytes[start..<end]
                return String(decoding: unescaped, as: UTF8.self)
            }
            guard byte == UInt8(ascii: "\\") else { throw error(.controlCharacter(byte), at: offset) }
            unescaped += bytes[start..<offset]
            try escape()
            start = offset
        }
    }

    /// The text of some of the bytes; through a buffer, as a slice of the array would be counted as a reference.
    private func text(_ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { bytes in
            String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
    }

    /// Moves to the next quotation mark, backslash or control character, or to the end.
    private mutating func skipPlain() throws(JSON.ParseError) {
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte < 0x80 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
                offset += 1
            } else {
                try skipSequence(startingWith: byte)
            }
        }
    }

    /// Moves past a scalar of more than one byte; Unicode 16, table 3-7, says which sequences there are.
    private mutating func skipSequence(startingWith lead: UInt8) throws(JSON.ParseError) {
        let count: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: count = 2
        case 0xE0...0xEF:
            count = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            count = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: throw error(.invalidUTF8, at: offset)
        }
        guard bytes.count - offset >= count, second.contains(bytes[offset + 1]) else {
            throw error(.invalidUTF8, at: offset)
        }
        for index in offset + 2..<max(offset + 2, offset + count) where bytes[index] & 0xC0 != 0x80 {
            throw error(.invalidUTF8, at: offset)
        }
        offset += count
    }

    /// Reads a backslash and what belongs to it.
    private mutating func escape() throws(JSON.ParseError) {
        guard offset + 1 < bytes.count else { throw error(.unexpectedEnd, at: bytes.count) }
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""): unescaped.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): unescaped.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): unescaped.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"):
            unescaped += try unicodeEscape().utf8
            return
        default: throw error(.invalidEscape, at: offset)
        }
        offset += 2
    }

    /// Reads a `\u` escape, or the two of a surrogate pair.
    private mutating func unicodeEscape() throws(JSON.ParseError) -> Unicode.Scalar {
        let start = offset
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, current == UInt8(ascii: "\\"), offset + 1 < bytes.count,
            bytes[offset + 1] == UInt8(ascii: "u")
        else { throw error(.loneSurrogate, at: start) }
        let second = try codeUnit()
        guard 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10 | (second & 0x3FF)))
        else { throw error(.loneSurrogate, at: start) }
        return scalar
    }

    /// Reads `\u` and four hexadecimal digits.
    private mutating func codeUnit() throws(JSON.ParseError) -> UInt32 {
        let start = offset
        offset += 2
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current else { throw error(.unexpectedEnd, at: offset) }
            guard let digit = byte.hexadecimalDigit else { throw error(.invalidEscape, at: start) }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }
}
