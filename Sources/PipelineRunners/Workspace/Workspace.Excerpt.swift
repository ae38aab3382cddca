extension Workspace {
    /// The part of a line that a match shows.
    struct Excerpt {
        let text: String
        let isCut: Bool

        /// Takes the line that begins here: whole, or its first part if the match is in it, or a part that
        /// begins a little before the match.
        init(of bytes: [UInt8], from lineStart: Int, around match: Range<Int>) {
            let rest = bytes[match.lowerBound...]
            var lineEnd = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            if lineEnd > lineStart, bytes[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
            let limit = Limit.line
            guard lineEnd - lineStart > limit else {
                text = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self)
                isCut = false
                return
            }
            let isInFirstPart = match.upperBound - lineStart <= limit
            var start = isInFirstPart ? lineStart : max(lineStart, match.lowerBound - limit / 4)
            var end = min(start + limit, lineEnd)
            // A character is never cut in two; what is not UTF-8 may be.
            for _ in 0..<3 {
                if start > lineStart, start < match.lowerBound, Self.continues(bytes[start]) { start += 1 }
                if end > start, end < lineEnd, Self.continues(bytes[end]) { end -= 1 }
            }
            text = String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
            isCut = true
        }

        /// Whether a byte goes on with a character of UTF-8 begun before it.
        private static func continues(_ byte: UInt8) -> Bool { byte & 0b1100_0000 == 0b1000_0000 }
    }
}
