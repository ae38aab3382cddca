extension JSON.Object {
    /// A key and its value.
    public struct Member: Sendable, Hashable {
        public let key: PipelineCore.Key
        public var value: JSON

        public init(key: PipelineCore.Key, value: JSON) {
            self.key = key
            self.value = value
        }
    }
}
