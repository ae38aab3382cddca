import PipelineCore

extension Policy {
    /// A URL's scheme, host and port, read so strictly that no two readers can differ about the host.
    ///
    /// Refused are user names, backslashes, control characters and spaces, percent signs and letters beyond
    /// ASCII in the host, and every spelling of an IPv4 address but four decimal numbers.
    struct Address: Hashable, Sendable {
        /// In lower case.
        let scheme: String
        let host: Host
        let port: UInt16?

        init?(_ text: String) {
            let bytes = Array(text.utf8)
            guard bytes.count <= 8_192,
                bytes.allSatisfy({ byte in byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\") }),
                let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
                bytes[colon...].starts(with: "://".utf8), Address.isScheme(bytes[..<colon])
            else { return nil }
            let authority = bytes[(colon + 3)...].prefix { byte in
                byte != UInt8(ascii: "/") && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
            }
            let name: ArraySlice<UInt8>
            let rest: ArraySlice<UInt8>
            if authority.first == UInt8(ascii: "[") {
                guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
                name = authority[...end]
                rest = authority[(end + 1)...]
            } else {
                name = authority.prefix { byte in byte != UInt8(ascii: ":") }
                rest = authority[name.endIndex...]
            }
            guard let host = Host(String(decoding: name, as: UTF8.self)) else { return nil }
            if rest.isEmpty {
                port = nil
            } else {
                let digits = rest.dropFirst()
                guard rest.first == UInt8(ascii: ":"), digits.allSatisfy(\.isDigit),
                    let number = UInt16(String(decoding: digits, as: UTF8.self))
                else { return nil }
                port = number
            }
            scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
            self.host = host
        }

        static func isScheme(_ bytes: some Collection<UInt8>) -> Bool {
            guard let first = bytes.first, first.isLetter else { return false }
            return bytes.allSatisfy { byte in
                byte.isLetter || byte.isDigit || "+-.".utf8.contains(byte)
            }
        }

        /// Whether a text that nobody has declared to be a URL might be taken for one.
        static func isLikely(_ text: String) -> Bool {
            text.utf8.starts(with: "//".utf8) || text.matches(wildcard: "*://*")
        }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
