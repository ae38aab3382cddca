extension Patch {
    /// One passage of a file, as it is and as it shall be.
    public struct Hunk: Hashable, Sendable {
        /// Which one of its file it is, from 1.
        public let number: Int
        /// The line of the patch in which it begins, from 1.
        public let line: Int
        /// The lines of the old file that stand before it, as the patch says.
        public let linesBefore: Int
        public internal(set) var lines: [Line] = []

        /// The bytes that it finds.
        var old: [UInt8] { lines.flatMap { line in line.kind == .added ? [] : line.text } }
        /// The bytes that it leaves.
        var new: [UInt8] { lines.flatMap { line in line.kind == .removed ? [] : line.text } }

        var oldCount: Int { lines.count { line in line.kind != .added } }
        var newCount: Int { lines.count { line in line.kind != .removed } }
    }
}
