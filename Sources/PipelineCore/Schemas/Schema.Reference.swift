extension Schema {
    /// A `$ref` to a place in its own document: `#`, or `#` and a JSON Pointer.
    struct Reference {
        /// The names and numbers of the pointer, unescaped.
        let tokens: [Key]

        /// Why a text is no such reference.
        enum Fault: Error {
            case anotherDocument
            case anchor
            case malformed
        }

        init(_ text: String) throws(Fault) {
            var bytes = Array(text.utf8)
            guard bytes.first == UInt8(ascii: "#") else { throw .anotherDocument }
            bytes.removeFirst()
            guard let pointer = Reference.percentDecoded(bytes) else { throw .malformed }
            guard pointer.isEmpty || pointer.first == UInt8(ascii: "/") else { throw .anchor }
            var tokens: [Key] = []
            let parts = pointer.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            for part in parts.dropFirst() {
                guard let token = Reference.unescaped(part) else { throw .malformed }
                tokens.append(token)
            }
            self.tokens = tokens
        }
    }
}

extension Schema.Reference {
    /// The bytes that a fragment of a URI stands for (RFC 3986, section 2.1).
    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit
            else { return nil }
            decoded.append(high << 4 | low)
        }
        return decoded
    }

    /// The name that a part of a JSON Pointer stands for (RFC 6901, section 4); nil if it is no UTF-8.
    private static func unescaped(_ part: ArraySlice<UInt8>) -> Key? {
        var bytes: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.utf8.elementsEqual(bytes) ? Key(text) : nil
    }
}

extension Key {
    /// The place in an array that a name in a JSON Pointer stands for: digits, without a zero in front.
    var arrayIndex: Int? {
        let digits = text.utf8
        guard digits.allSatisfy({ byte in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int(text)
    }
}
