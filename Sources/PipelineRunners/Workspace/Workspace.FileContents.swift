extension Workspace {
    /// What a file held when it was read, from its beginning.
    public struct FileContents: Hashable, Sendable {
        /// The path from the root.
        public let path: String
        /// The bytes, at most as many as were asked for.
        public let bytes: [UInt8]
        /// Bytes of the whole file.
        public let size: Int
        /// Whether the file has more bytes than these.
        public let isCut: Bool

        /// The bytes as text, or nil where they are not UTF-8; a character that the cut went through is left
        /// out.
        public var text: String? {
            for missing in 0...(isCut ? 3 : 0) {
                if let text = String(validating: bytes.dropLast(missing), as: UTF8.self) { return text }
            }
            return nil
        }
    }
}
