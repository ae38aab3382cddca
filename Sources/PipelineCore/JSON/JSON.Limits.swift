extension JSON {
    /// How much a document may ask of its reader.
    ///
    /// Within these bounds reading takes time and memory in proportion to the length of the document, but for the
    /// sorting of keys that come out of order.
    public struct Limits: Sendable, Hashable {
        /// How many containers may lie within each other; more than ``greatestDepth`` counts as that.
        public var depth: Int
        /// How long the document may be.
        public var bytes: Int

        public init(depth: Int = 128, bytes: Int = 16_777_216) {
            self.depth = depth
            self.bytes = bytes
        }

        /// The depth to which a value can be compared, written and released on a stack of 512 KiB, without
        /// optimization and with room to spare.
        public static let greatestDepth = 256
    }
}
