import PipelineCore

extension Secret {
    /// The ways in which the value may stand in a text; none for an empty value.
    ///
    /// As it is; as the inside of a JSON string, with and without `\/`, in ASCII alone or not; percent-encoded, with
    /// and without `+` for a space; in Base64, standard and URL-safe, with and without padding. Hexadecimal digits are
    /// of either case. Base64 of a longer text that holds the value is another text and not among them.
    var spellings: [[UInt8]] {
        let bytes = Array(value.utf8)
        guard !bytes.isEmpty else { return [] }
        let percent = [false, true].flatMap { upper in
            [false, true].map { plus in percentEncoded(bytes, uppercase: upper, spaceIsPlus: plus) }
        }
        let json = [false, true].flatMap { slash in
            let escaped = jsonEscaped(escapesSlash: slash)
            return [escaped] + [false, true].map { upper in inASCII(escaped, uppercase: upper) }
        }
        let base64 = ["+/", "-_"].flatMap { last in
            [false, true].map { pads in base64Encoded(bytes, Array(last.utf8), pads: pads) }
        }
        return [bytes] + json + percent + base64
    }

    /// The inside of the JSON string.
    private func jsonEscaped(escapesSlash: Bool) -> [UInt8] {
        var escaped: [UInt8] = []
        for byte in JSON.string(value).canonicalBytes.dropFirst().dropLast() {
            if escapesSlash, byte == UInt8(ascii: "/") { escaped.append(UInt8(ascii: "\\")) }
            escaped.append(byte)
        }
        return escaped
    }

    /// The same inside of a JSON string with `\u` for each code unit beyond ASCII.
    private func inASCII(_ escaped: [UInt8], uppercase: Bool) -> [UInt8] {
        String(decoding: escaped, as: UTF8.self).utf16.flatMap { unit -> [UInt8] in
            if let byte = UInt8(exactly: unit), byte < 0x80 { return [byte] }
            let digits = String(unit, radix: 16, uppercase: uppercase)
            return Array("\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8)
        }
    }

    /// Everything but the unreserved characters of RFC 3986 as `%` and two digits.
    private func percentEncoded(_ bytes: [UInt8], uppercase: Bool, spaceIsPlus: Bool) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                return [byte]
            case UInt8(ascii: " ") where spaceIsPlus: return [UInt8(ascii: "+")]
            default:
                return Array("%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: uppercase))".utf8)
            }
        }
    }

    /// - Parameter last: the last two of the 64 digits.
    private func base64Encoded(_ bytes: [UInt8], _ last: [UInt8], pads: Bool) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8) + last
        var encoded: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for byte in group { word = word << 8 | UInt32(byte) }
            word <<= 8 * UInt32(3 - group.count)
            for place in 0..<group.count + 1 {
                encoded.append(digits[Int(word >> UInt32(18 - 6 * place) & 63)])
            }
            if pads { encoded += [UInt8](repeating: UInt8(ascii: "="), count: 3 - group.count) }
        }
        return encoded
    }
}
