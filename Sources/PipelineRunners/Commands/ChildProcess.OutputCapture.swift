extension ChildProcess {
    /// Keeps the head of a child's output, both streams together, and counts the rest.
    ///
    /// What arrives first is kept; from the first character that does not fit nothing is, so that the text
    /// has no holes. The limit counts bytes of text, in which a byte that is not UTF-8 takes the three of
    /// U+FFFD.
    struct OutputCapture: Hashable, Sendable {
        private struct Channel: Hashable, Sendable {
            var decoder = OutputDecoder()
            var text = ""
            var byteCount = 0
        }

        private var out = Channel()
        private var err = Channel()
        private var remaining: Int

        /// Something was left out.
        private(set) var isTruncated = false

        /// Bytes that were not UTF-8 were replaced in what is kept, or at its very end.
        var hasReplaced: Bool { out.decoder.hasReplaced || err.decoder.hasReplaced }

        init(limit: Int) {
            remaining = max(0, limit)
        }

        func text(of stream: Stream) -> String { stream == .stdout ? out.text : err.text }

        /// How many bytes arrived, kept or not.
        func byteCount(of stream: Stream) -> Int {
            stream == .stdout ? out.byteCount : err.byteCount
        }

        /// Takes in what was read and returns the text to deliver now; it may be empty.
        mutating func append(_ bytes: ArraySlice<UInt8>, from stream: Stream) -> String {
            switch stream {
            case .stdout: Self.append(bytes, to: &out, &remaining, &isTruncated)
            case .stderr: Self.append(bytes, to: &err, &remaining, &isTruncated)
            }
        }

        /// Takes note that a stream has ended and returns the last text to deliver; it may be empty.
        mutating func finish(_ stream: Stream) -> String {
            switch stream {
            case .stdout: Self.finish(&out, &remaining, &isTruncated)
            case .stderr: Self.finish(&err, &remaining, &isTruncated)
            }
        }

        private static func finish(
            _ channel: inout Channel, _ remaining: inout Int, _ isTruncated: inout Bool
        ) -> String {
            // Where text is missing, the end of a character is not: it was not looked at.
            isTruncated ? "" : keep(channel.decoder.finish(), in: &channel, &remaining, &isTruncated)
        }

        private static func append(
            _ bytes: ArraySlice<UInt8>, to channel: inout Channel, _ remaining: inout Int,
            _ isTruncated: inout Bool
        ) -> String {
            channel.byteCount += bytes.count
            // Beyond the limit bytes are not even decoded.
            return isTruncated
                ? "" : keep(channel.decoder.decode(bytes), in: &channel, &remaining, &isTruncated)
        }

        private static func keep(
            _ text: String, in channel: inout Channel, _ remaining: inout Int, _ isTruncated: inout Bool
        ) -> String {
            guard !isTruncated else { return "" }
            let utf8 = text.utf8
            guard utf8.count > remaining else {
                remaining -= utf8.count
                channel.text += text
                return text
            }
            isTruncated = true
            // Within a character a string's index means the character's start: the cut falls before it.
            let head = String(text[..<utf8.index(utf8.startIndex, offsetBy: remaining)])
            channel.text += head
            return head
        }
    }
}
