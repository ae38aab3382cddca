/// Decodes UTF-8 that arrives in pieces; a character split between two pieces comes whole with the second.
struct OutputDecoder: Hashable, Sendable {
    /// The start of a character whose end has not arrived, at most three bytes.
    private var pending: [UInt8] = []

    /// Something was not UTF-8.
    private(set) var hasReplaced = false

    /// The text that is complete with these bytes; what is not UTF-8 becomes U+FFFD.
    mutating func decode(_ bytes: ArraySlice<UInt8>) -> String {
        let input = pending.isEmpty ? bytes : (pending + bytes)[...]
        let end = input.endIndex - Self.incompleteSuffix(of: input)
        pending = Array(input[end...])
        return text(of: input[..<end])
    }

    /// The text for what is still pending when nothing more will arrive.
    mutating func finish() -> String {
        defer { pending = [] }
        return text(of: pending[...])
    }

    private mutating func text(of bytes: ArraySlice<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        hasReplaced = true
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How many bytes at the end begin a character and do not finish it.
    private static func incompleteSuffix(of bytes: ArraySlice<UInt8>) -> Int {
        for (index, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
            let length =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            return index + 1 < length ? index + 1 : 0
        }
        return 0
    }
}
