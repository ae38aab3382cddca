extension Policy {
    /// A place in the file system: the names that lead to it from the top, without `.` and `..`.
    struct Path: Hashable, Sendable {
        var names: [FileName]

        init(names: [FileName] = []) { self.names = names }

        /// The place that a text names, `.` and `..` taken away by their letters alone.
        init(_ parts: some Sequence<String>) {
            self.init()
            for part in parts { enter(part) }
        }

        mutating func enter(_ part: String) {
            switch part {
            case "", ".": break
            case "..": _ = names.popLast()
            default: names.append(FileName(part))
            }
        }

        var text: String { "/" + names.map { name in name.text }.joined(separator: "/") }

        /// The names of a path as it is written.
        static func parts(_ text: String) -> [String] {
            text.utf8.split(separator: UInt8(ascii: "/")).map { part in String(Substring(part)) }
        }
    }
}
