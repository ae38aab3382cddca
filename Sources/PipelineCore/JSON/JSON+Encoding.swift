extension JSON {
    /// The value in the canonical form of RFC 8785, as UTF-8.
    ///
    /// Members stand in the order of their keys, strings have no escape they can do without, and nothing stands
    /// between the tokens. It is the form of the RFC to the byte, except that an integer has all its digits; see
    /// ``Number``.
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    /// Appends the canonical form to the bytes.
    public func encode(into bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes.append(text: String(value))
        case .number(let value): bytes.append(text: value.text)
        case .string(let value): bytes.append(quoting: value)
        case .array(let elements):
            var separator = UInt8(ascii: "[")
            for element in elements {
                bytes.append(separator)
                element.encode(into: &bytes)
                separator = UInt8(ascii: ",")
            }
            if elements.isEmpty { bytes.append(separator) }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object): object.encode(into: &bytes)
        }
    }
}

extension JSON: CustomStringConvertible {
    /// The canonical form as text.
    public var description: String {
        String(decoding: canonicalBytes, as: UTF8.self)
    }
}

extension JSON.Object {
    func encode(into bytes: inout [UInt8]) {
        var separator = UInt8(ascii: "{")
        for member in self {
            bytes.append(separator)
            bytes.append(quoting: member.key.text)
            bytes.append(UInt8(ascii: ":"))
            member.value.encode(into: &bytes)
            separator = UInt8(ascii: ",")
        }
        if isEmpty { bytes.append(separator) }
        bytes.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    fileprivate mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// Appends the text as a JSON string.
    fileprivate mutating func append(quoting text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { content in
            var start = 0
            for (index, byte) in content.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                append(contentsOf: content[start..<index])
                append(escaping: byte)
                start = index + 1
            }
            append(contentsOf: content[start...])
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        default:
            append(contentsOf: (byte < 0x10 ? "u000" : "u00").utf8)
            append(contentsOf: String(byte, radix: 16).utf8)
        }
    }
}
