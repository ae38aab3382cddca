extension Run.Execution.Lifecycle {
    /// A word that is none of ours and not known to mean one of them.
    public struct UnknownWord: Error, Hashable, Sendable, CustomStringConvertible {
        public let word: String

        public var description: String {
            "\"\(word)\" is no known status; known are requested, started, progress, completed, failed, canceled, "
                + "ok, success, complete, error, cancel, cancelled, running and in_progress."
        }
    }

    /// The status that a runner's own word stands for; case and white space around it do not matter.
    public init(native word: String) throws(UnknownWord) {
        let bytes = word.utf8.split { byte in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let folded = bytes.count == 1 ? bytes[0].map { byte in byte.lowercased } : []
        switch String(decoding: folded, as: UTF8.self) {
        case "requested": self = .requested
        case "started": self = .started
        case "progress", "running", "in_progress": self = .progress
        case "completed", "ok", "success", "complete": self = .completed
        case "failed", "error": self = .failed
        case "canceled", "cancelled", "cancel": self = .canceled
        default: throw UnknownWord(word: word)
        }
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
