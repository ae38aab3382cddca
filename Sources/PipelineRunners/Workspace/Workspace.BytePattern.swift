extension Workspace {
    /// A literal to look for, byte for byte, in time linear in what it is looked for in (Knuth, Morris, Pratt
    /// 1977).
    struct BytePattern: Sendable {
        let bytes: [UInt8]

        /// For each prefix of the pattern, the length of its longest proper beginning that also ends it.
        private let borders: [Int]

        /// Takes note of the bytes, or nothing when there are none.
        init?(_ bytes: [UInt8]) {
            guard !bytes.isEmpty else { return nil }
            self.bytes = bytes
            var borders = [0]
            borders.reserveCapacity(bytes.count)
            var length = 0
            for byte in bytes.dropFirst() {
                while length > 0, bytes[length] != byte { length = borders[length - 1] }
                if bytes[length] == byte { length += 1 }
                borders.append(length)
            }
            self.borders = borders
        }

        /// Calls the body with the start of each occurrence, ascending and overlapping, until it returns
        /// false.
        func forEachStart(in haystack: [UInt8], _ body: (Int) -> Bool) {
            var length = 0
            for (position, byte) in haystack.enumerated() {
                while length > 0, bytes[length] != byte { length = borders[length - 1] }
                if bytes[length] == byte { length += 1 }
                guard length == bytes.count else { continue }
                length = borders[length - 1]
                guard body(position + 1 - bytes.count) else { return }
            }
        }
    }
}
